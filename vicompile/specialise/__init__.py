"""Compiler stage: what the arguments of a call are, as far as the code depends on it. Sizes stay symbols."""

from .arguments import Arguments, gather_arguments
from .leaves import Leaf, Spec
from .overrides import Overrides

__all__ = ["Arguments", "Leaf", "Overrides", "Spec", "gather_arguments"]
