"""Compiler stage: what the arguments of a call are, as far as the code depends on it. Sizes stay symbols."""

from .arguments import HELPERS, Arguments, is_length
from .branches import branch_of, is_numeric, record_of
from .errors import Unread
from .foreign import as_numpy, is_array
from .gather import gather_arguments
from .leaves import Leaf, Spec
from .objects import AttributeTree, BoundCall, method_of
from .overrides import Overrides
from .reads import Reads
from .tables import WHOLE, Table, column_names

__all__ = [
    "HELPERS",
    "WHOLE",
    "Arguments",
    "AttributeTree",
    "BoundCall",
    "Leaf",
    "Overrides",
    "Reads",
    "Spec",
    "Table",
    "Unread",
    "as_numpy",
    "branch_of",
    "column_names",
    "gather_arguments",
    "is_array",
    "is_length",
    "is_numeric",
    "method_of",
    "record_of",
]
