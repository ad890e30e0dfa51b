"""Compiler stage: what the arguments of a call are, as far as the code depends on it. Sizes stay symbols."""

from .arguments import HELPERS, Arguments, gather_arguments, is_length
from .helpers import is_users
from .leaves import Leaf, Spec
from .overrides import Overrides
from .records import Record

__all__ = [
    "HELPERS",
    "Arguments",
    "Leaf",
    "Overrides",
    "Record",
    "Spec",
    "gather_arguments",
    "is_length",
    "is_users",
]
