"""Objects of the user's classes and tables of other libraries, as programs see them."""

from __future__ import annotations

from types import FunctionType
from typing import Any

from ..diagnostics import DataError, Label, Record, nearest
from ..frontend import program as p
from ..ir.nodes import Node
from ..specialise import WHOLE, AttributeTree, Table, Unread, method_of
from . import arrays
from .context import Context, fail, static_size
from .errors import InvalidOperation, NotSupported

_ADVICE_COLUMNS = 'write `table["x"]`, or `table[["x", "z"]]` for a matrix'


class BoundFunction(Record, eq=False):
    """A method of a user's object, before it is called."""

    name: str
    # A FunctionType; a checker would take an attribute of that type for a method.
    function: Any
    owner: AttributeTree


def of_object(tree: AttributeTree, name: str, e: p.Expression) -> Any:
    """tree.name: data, or a method of its class."""
    if name in tree.attributes:
        return usable(tree.attributes[name], e)
    found = method_of(tree.type, name)
    if isinstance(found, staticmethod):
        return found.__func__
    if isinstance(found, classmethod):
        advice = "write it as a plain method or a static method"
        fail(NotSupported(e.span, f"the class method `{name}`", advice))
    if found is None:
        known = ", ".join(f"`{n}`" for n in tree.names) or "none"
        fail(InvalidOperation(e.span, f"a {tree.kind} has no data `{name}`; it has {known}"))
    return BoundFunction(name, found, tree)


def callee(function: Any) -> Any:
    """What a call of an object runs: its `__call__`."""
    if isinstance(function, AttributeTree):
        method = method_of(function.type, "__call__")
        if isinstance(method, FunctionType):
            return BoundFunction("__call__", method, function)
    return function


def of_table(context: Context, table: Table, name: str, e: p.Expression) -> Any:
    """table.name: its shape, its columns together, or one column."""
    if table.length is not None and name not in table.by_dot:
        if name == "columns":
            return list(table.names)
        if name == "shape":
            return usable(table.columns[WHOLE], e).shape if WHOLE in table.columns else (table.length, len(table.names))
        if name == "values":
            return matrix(context, table, table.names, e)
    if name in table.by_dot:
        return column(table, name, e)
    if name in table.names:
        fail(NotSupported(e.span, f"the column `{name}` as an attribute", f'write `["{name}"]`'))
    fail(NotSupported(e.span, f"`.{name}` of a {table.kind}", _ADVICE_COLUMNS))


def of_key(context: Context, table: Table, items: list[Any], e: p.Expression) -> Any:
    """table[key]: one column, or a list of them as a matrix."""
    key = static_size(items[0], e.span) if len(items) == 1 else None
    if isinstance(key, list) and key and all(isinstance(name, str) for name in key):
        return matrix(context, table, tuple(key), e)
    if isinstance(key, (str, int)):
        return column(table, key, e)
    fail(NotSupported(e.span, f"this index into a {table.kind}", _ADVICE_COLUMNS))


def column(table: Table, name: Any, e: p.Expression) -> Any:
    """One column. Raises CompileError for one that is not there, DataError for one that is no data."""
    if WHOLE in table.columns and name in table.names:
        return arrays.select(usable(table.columns[WHOLE], e), 1, table.names.index(name))
    if name in table.columns:
        return usable(table.columns[name], e)
    if name in table.names:
        advice = "write the name as a plain text, or pass it as an argument"
        fail(NotSupported(e.span, f"the column `{name}`, whose name is computed in the model", advice))
    near = nearest(str(name), [str(one) for one in table.names])
    told = f"; `{near}` exists" if near else f"; it has {', '.join(f'`{one}`' for one in table.names) or 'none'}"
    fail(InvalidOperation(e.span, f"this {table.kind} has no column `{name}`{told}"))


def matrix(context: Context, table: Table, names: tuple[Any, ...], e: p.Expression) -> Any:
    """Several columns side by side, one row of the matrix for each of the table."""
    if WHOLE in table.columns and names == table.names:
        return usable(table.columns[WHOLE], e)
    columns = [column(table, name, e) for name in names]
    if table.length is None or any(not isinstance(one, Node) or one.rank != 1 for one in columns):
        fail(NotSupported(e.span, f"several variables of a {table.kind} at once", "read them one by one"))
    return arrays.stack_along(context.ready(columns), 1)


def usable(value: Any, e: p.Expression) -> Any:
    """A part of an object or a table. Raises DataError for one that is no data."""
    if isinstance(value, Unread):
        raise DataError(value.error.replaced(secondary=(Label(e.span, "read here"),)))
    return value
