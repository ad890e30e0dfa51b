"""Subscripts: `x[...]` on containers as in Python, on arrays as a gather, with what must hold of the data noted."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..frontend import program as p
from ..ir import ops
from ..ir.dims import Size
from ..ir.nodes import Node
from ..specialise import Table
from . import arrays
from .all_rows import in_every_step
from .bounds import at_most
from .context import Context, fail, static_size
from .errors import InvalidOperation, NotSupported
from .functions import is_symbolic
from .objects import of_key
from .places import as_index
from .subsampling import batch_of, least_above
from .text import describe
from .trace import Check
from .values import Growing, SymbolicRange


def subscript(context: Context, value: Any, items: list[Any], e: p.Expression) -> Any:
    """value[items]"""
    if isinstance(value, Growing):
        return _last(value, items, e)
    if isinstance(value, Table):
        return of_key(context, value, items, e)
    if isinstance(value, dict):
        return _entry(value, items[0] if len(items) == 1 else tuple(items), e)
    if isinstance(value, str) or (isinstance(value, (list, tuple)) and len(items) == 1 and not _is_array(items[0])):
        return value[_static_item(items[0], e)]
    if isinstance(value, SymbolicRange) and len(items) == 1 and isinstance(items[0], int) and items[0] >= 0:
        check_bound(context, "length", items[0] + 1, value.length, e)
        return value.start + items[0]
    if not isinstance(value, Node):
        value = context.node(value, e.span, "what is indexed")
    result, bounds = arrays.index(value, [part for item in items for part in _converted(context, item, e)])
    for kind, bound, size in bounds:
        check_bound(context, kind, bound, size, e)
    return batch_of(result) if isinstance(result, Node) else result


def _converted(context: Context, item: Any, e: p.Expression) -> list[Any]:
    """An index as nodes. Conditions become the places where they hold."""
    if isinstance(item, (list, tuple)) and is_symbolic(item):
        return as_index(context, context.node(item, e.span, "an index"), e.span)
    if not isinstance(item, (np.ndarray, list)):
        return as_index(context, item, e.span)
    array = np.asarray(item)
    if array.dtype == bool:
        found = np.nonzero(array)
        return [arrays.Places(context.constant(one), size) for one, size in zip(found, array.shape)]
    node = context.constant(array if array.size else array.astype(np.int64))
    return [arrays.Places(node) if array.size and array.min() < 0 else node]


def _last(value: Growing, items: list[Any], e: p.Expression) -> Any:
    if items != [-1]:
        what = f"an element of the list `{value.name}` other than the last one, inside the loop that appends to it"
        fail(NotSupported(e.span, what, "carry the value from round to round in a variable of its own"))
    if value.last is None:
        fail(InvalidOperation(e.span, f"the list `{value.name}` has no element before the first round"))
    return value.last


def _is_array(item: Any) -> bool:
    return isinstance(item, (Node, np.ndarray, list))


def _entry(value: dict[Any, Any], key: Any, e: p.Expression) -> Any:
    key = static_size(key, e.span)
    if isinstance(key, Node):
        fail(InvalidOperation(e.span, "the key of a dictionary must be known before the data, not a number from it"))
    if key not in value:
        known = ", ".join(map(repr, value)) or "none"
        fail(InvalidOperation(e.span, f"the key {key!r} is missing; the keys are: {known}"))
    return value[key]


def _static_item(item: Any, e: p.Expression) -> Any:
    if isinstance(item, slice):
        return slice(*(static_size(part, e.span) for part in (item.start, item.stop, item.step)))
    if isinstance(item, Node):
        raise TypeError(f"an index into this must be a whole number, not {describe(item)}")
    return static_size(item, e.span)


def check_bound(context: Context, kind: str, bound: Any, size: Size, e: p.Expression) -> None:
    """Note what must hold: "index" 0 <= bound < size, "length" bound <= size, "multiple" size divides bound."""
    if kind in ("length", "multiple"):
        context.trace.checks.append(Check(kind, "", e.span, needed=bound, size=size))
    else:
        index = ops.as_node(bound)
        above = least_above(index)
        if above is not None:
            # The elements of a plate lie below its size, whichever of them are in.
            context.trace.checks += [Check("length", "", e.span, needed=n, size=s) for _, n, s in at_most(above, size)]
            return
        context.trace.checks.append(Check("index", "", e.span, value=in_every_step(index) or index, size=size))
