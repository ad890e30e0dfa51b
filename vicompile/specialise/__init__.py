"""Compiler stage: what the arguments of a call are, as far as the code depends on it. Sizes stay symbols."""

from .arguments import HELPERS, Arguments, gather_arguments, is_length
from .attributes import AttributeTree
from .helpers import is_users
from .leaves import Leaf, Spec
from .overrides import Overrides

__all__ = [
    "HELPERS",
    "Arguments",
    "AttributeTree",
    "Leaf",
    "Overrides",
    "Spec",
    "gather_arguments",
    "is_length",
    "is_users",
]
