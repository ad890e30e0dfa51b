"""Containers of arguments: which parts a value has, and how a program sees it when its parts are symbolic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..diagnostics import DataError, Record, Span
from ..frontend import carries, underlying
from ..ir.dims import Size
from .advice import of_mixed
from .errors import NotNumeric
from .objects import AttributeTree, BoundCall, attributes_of, is_record, own_names
from .reads import Reads
from .tables import WHOLE, Table, column_names, dotted, has_rows, read_columns, repeated_name

# A list of more entries that are not all numbers is taken for data with a fault in it, not for a structure.
_MOST_PARTS = 256


class Branch(Record, eq=False):
    """A container of arguments: `build` makes one like it from the values of its `parts`.

    parts: by key, each with its name. original: the class of the container, the function of a call. owner: the object
    that a record is made of. names: all columns of a table, of which `parts` are those that may be read. rows: the
    symbol and the number of its rows. by_dot: its columns that are attributes.
    """

    kind: str
    parts: dict[Any, tuple[str, Any]]
    original: Any
    owner: Any = None
    names: tuple[Any, ...] = ()
    rows: tuple[str, int] | None = None
    by_dot: frozenset[Any] = frozenset()

    @property
    def optional(self) -> bool:
        """Whether parts may be unusable: an object or table may hold what the model does not read."""
        return self.kind in ("record", "table")

    def build(self, values: Mapping[Any, Any], length: Size | None) -> Any:
        """A container of the original class. length: the number of rows of a table."""
        if self.kind == "record":
            return AttributeTree(self.original, dict(values), own_names(self.owner))
        if self.kind == "table":
            return Table(self.original.__name__, dict(values), self.names, length, self.by_dot)
        if self.kind == "call":
            args = tuple(value for key, value in values.items() if isinstance(key, int))
            return BoundCall(self.original, args, {key: v for key, v in values.items() if not isinstance(key, int)})
        if self.kind == "dict":
            return dict(values)
        if hasattr(self.original, "_make"):
            return self.original._make(values.values())
        return list(values.values()) if issubclass(self.original, list) else tuple(values.values())


def branch_of(name: str, value: Any, reads: Reads, span: Span | None) -> Branch | None:
    """The parts of a container; None for a value that is one leaf. Raises DataError for a table with equal names."""
    names = column_names(value)
    if names is not None:
        return _table(name, value, names, reads, span)
    if isinstance(value, Mapping):
        return Branch("dict", {key: (_part(name, key), child) for key, child in value.items()}, type(value))
    if isinstance(value, (tuple, list)):
        is_named = hasattr(type(value), "_make")
        if not is_named and is_numeric(value):
            return None
        if len(value) > _MOST_PARTS and not is_named:
            raise DataError(NotNumeric(span, name, *of_mixed(value)))
        return Branch("sequence", {k: (f"{name}[{k}]", child) for k, child in enumerate(value)}, type(value))
    if carries(value):
        function, args, keywords = underlying(value)
        parts = {k: (f"{name}[{k}]", child) for k, child in enumerate(args)}
        return Branch("call", {**parts, **{k: (_part(name, k), v) for k, v in keywords.items()}}, function)
    return record_of(name, value, type(value), reads) if is_record(value) else None


def record_of(name: str, value: Any, original: type[Any], reads: Reads) -> Branch:
    """An object, or a class, as its attributes that a program reads."""
    attributes = attributes_of(value, sorted(reads.attributes))
    parts = {key: (_part(name, key), child) for key, child in attributes.items()}
    return Branch("record", parts, original, owner=value)


def _table(name: str, value: Any, names: tuple[Any, ...], reads: Reads, span: Span | None) -> Branch:
    twice = repeated_name(names)
    if twice is not None:
        what = f"a {type(value).__name__} with two columns named {twice!r}"
        raise DataError(NotNumeric(span, name, what, "give each column a name of its own"))
    columns = read_columns(value, names, reads)
    rows = (f"{name}.0", len(value)) if has_rows(value) else None
    parts = {key: (name if key is WHOLE else f"{name}[{key!r}]", child) for key, child in columns.items()}
    return Branch("table", parts, type(value), None, names, rows, dotted(value, columns))


def _part(name: str, key: Any) -> str:
    return f"{name}.{key}" if isinstance(key, str) and key.isidentifier() else f"{name}[{key!r}]"


def is_numeric(value: Sequence[Any]) -> bool:
    """A sequence of numbers (or of rows of numbers) is one array; anything else is a tuple of arguments."""
    if not len(value):
        return True
    if set(map(type, value)) <= {float, int, bool}:
        return True
    first = value[0]
    if isinstance(first, (tuple, list)):
        return all(isinstance(v, (tuple, list)) and len(v) == len(first) and is_numeric(v) for v in value)
    return all(isinstance(v, (bool, int, float, np.number, np.bool_)) or _is_single(v) for v in value)


def _is_single(value: Any) -> bool:
    return getattr(value, "shape", None) == () and getattr(getattr(value, "dtype", None), "kind", "") in "biuf"
