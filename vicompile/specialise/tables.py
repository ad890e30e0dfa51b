"""Tables of other libraries: pandas and polars DataFrames, xarray Datasets. None of these libraries is imported."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from ..diagnostics import DataError
from ..ir.dims import Size
from .errors import Unread
from .reads import Reads

# The attributes of a table whose value depends on every column.
_OF_ALL = frozenset({"values", "to_numpy"})


class Table:
    """A table in a program: the columns that may be read, by name.

    kind: the name of its class. columns: by name, or all of them as one matrix under the key WHOLE. names: of all
    columns that it has. length: the number of rows, None for an xarray Dataset, whose variables have lengths of their
    own. by_dot: the columns that Python, too, finds as attributes.
    """

    def __init__(
        self, kind: str, columns: Mapping[Any, Any], names: tuple[Any, ...], length: Size | None, by_dot: frozenset[Any]
    ) -> None:
        self.kind, self.columns, self.names, self.length, self.by_dot = kind, columns, names, length, by_dot

    @property
    def matrix(self) -> Any:
        """All columns, where a program uses the table as an array.

        Raises NotImplementedError where its columns are read as well, DataError where one is no data.
        """
        if WHOLE not in self.columns:
            what = f"a {self.kind} as one array where columns of it are named as well"
            raise NotImplementedError(what, "write `.to_numpy()` for the matrix of all columns")
        found = self.columns[WHOLE]
        if isinstance(found, Unread):
            raise DataError(found.error)
        return found


class Whole:
    """All columns of a table as one matrix, not converted yet. It is also the key of that part."""

    def __init__(self, table: Any) -> None:
        self.table = table


WHOLE = Whole(None)


def library_of(value: Any, *classes: str) -> str:
    """The library of a value whose class is, or inherits from, one of these names; "" if there is none."""
    for base in type(value).__mro__:
        root = base.__module__.partition(".")[0]
        if base.__name__ in classes and root in ("pandas", "polars", "xarray"):
            return root
    return ""


def column_names(value: Any) -> tuple[Any, ...] | None:
    """The columns of a table in their order; None for any other value."""
    library = library_of(value, "DataFrame", "Dataset")
    if library == "xarray":
        return tuple(value.variables)
    if library or hasattr(value, "__dataframe__"):
        return tuple(getattr(value, "column_names", None) or value.columns)
    return None


def is_matrix(value: Any, names: Iterable[Any], reads: Reads) -> bool:
    """Whether a table is one matrix: the programs name none of its columns."""
    return has_rows(value) and "columns" not in reads.attributes and not any(reads.names(name) for name in names)


def read_columns(value: Any, names: Iterable[Any], reads: Reads) -> dict[Any, Any]:
    """The columns that the programs may read."""
    if is_matrix(value, names, reads):
        return {WHOLE: Whole(value)}
    every = bool({*_OF_ALL, "columns"} & reads.attributes)
    return {name: value[name] for name in names if every or not isinstance(name, str) or reads.names(name)}


def dotted(value: Any, names: Iterable[Any]) -> frozenset[Any]:
    """The columns that are also attributes of the table, as those of pandas are where no method has the name."""
    kind = type(value)
    return frozenset(n for n in names if isinstance(n, str) and hasattr(value, n) and not hasattr(kind, n))


def repeated_name(names: Iterable[Any]) -> Any:
    """The first name that two columns share; None if all differ."""
    seen: set[Any] = set()
    return next((name for name in itertools.chain(names) if name in seen or seen.add(name)), None)  # type: ignore[func-returns-value]


def has_rows(value: Any) -> bool:
    """Whether all columns have one length, that of the table."""
    return library_of(value, "Dataset") != "xarray"
