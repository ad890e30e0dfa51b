"""Conditions on data as indices, and what NumPy finds in data: nonzero, unique, repetitions."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from ..diagnostics import Span
from ..frontend import program as p
from ..ir import ops
from ..ir.nodes import BOOL, FLOAT, INT, Node
from . import arrays
from .context import Context
from .found import Definition, is_data, needs_data
from .values import Method

_ADVICE = "weight or choose with np.where(condition, a, b), or mask the sites: their number must not depend on it"


def indices(context: Context, condition: Node, span: Span) -> list[Node]:
    """For each axis of a condition on data the places where it holds."""
    return list(_places(context, condition, span).outputs)


def as_index(context: Context, item: Any, span: Span) -> list[Any]:
    """An index; a condition becomes the places where it holds, along as many axes as it has."""
    condition = context.found.as_condition(item)
    if condition is None:
        return [item]
    return [arrays.Places(one, size) for one, size in zip(indices(context, condition, span), condition.shape)]


def special(context: Context, function: Any, args: list[Any], keywords: dict[str, Any], e: p.Apply) -> Any | None:
    """The value of a function that finds something in data, in a tuple; None for any other call."""
    if isinstance(function, Method):
        function, args = _METHODS.get(function.name), [function.owner, *args]
    try:
        found = FUNCTIONS.get(function)
    except TypeError:
        return None
    if found is None or not args:
        return None
    try:
        inspect.signature(found).bind(context, e.span, *args, **keywords)
    except TypeError:
        # Arguments that only the ordinary function has, if there is one.
        return None
    return found(context, e.span, *args, **keywords)


def _places(context: Context, condition: Node, span: Span) -> Definition:
    needs_data(context, condition, "indexing with a condition", _ADVICE, span)
    return context.found.define(context, "places", [condition], span, [(INT, None)] * condition.rank)


def _nonzero(context: Context, span: Span, a: Any) -> Any:
    x = _array(a)
    return None if x is None else (tuple(indices(context, _truth(context, x), span)),)


def _flatnonzero(context: Context, span: Span, a: Any) -> Any:
    x = _array(a)
    return None if x is None else (indices(context, arrays.reshape(_truth(context, x), -1), span)[0],)


def _argwhere(context: Context, span: Span, a: Any) -> Any:
    x = _array(a)
    return None if x is None else (arrays.stack_along(indices(context, _truth(context, x), span), 1),)


def _where(context: Context, span: Span, condition: Any, x: Any = None, y: Any = None) -> Any:
    return _nonzero(context, span, condition) if x is None and y is None else None


def _count(context: Context, span: Span, a: Any) -> Any:
    """The number of conditions on data that hold is a size; any other sum is left to the ordinary functions."""
    condition = context.found.as_condition(a)
    if condition is None or not is_data(condition):
        return None
    return (_places(context, condition, span).length,)


def _count_nonzero(context: Context, span: Span, a: Any) -> Any:
    if not isinstance(a, Node) or not a.rank or not is_data(a):
        return None
    return (_places(context, _truth(context, a), span).length,)


def _unique(
    context: Context, span: Span, ar: Any, return_index: Any = False, return_inverse: Any = False,
    return_counts: Any = False,
) -> Any:  # fmt: skip
    x = _array(ar)
    if x is None:
        return None
    x = _numbers(x)
    needs_data(context, x, "np.unique of something", "pass codes or groups as data", span)
    outputs = [(x.dtype, None), (INT, None), (INT, x.shape), (INT, None)]
    values, first, inverse, counts = context.found.define(context, "unique", [x], span, outputs).outputs
    wanted = [one for one, is_wanted in ((first, return_index), (inverse, return_inverse), (counts, return_counts))
              if is_wanted]  # fmt: skip
    return ((values, *wanted) if wanted else values,)


def _repeat(context: Context, span: Span, a: Any, repeats: Any, axis: Any = None) -> Any:
    """np.repeat with a number for each element; with one number for all it is an ordinary function."""
    repeats = context.constant(repeats) if isinstance(repeats, (list, np.ndarray)) and np.ndim(repeats) else repeats
    if not isinstance(repeats, Node) or repeats.rank != 1:
        return None
    if repeats.dtype != INT:
        raise TypeError("the numbers of np.repeat must be whole numbers")
    needs_data(context, repeats, "np.repeat with numbers", "pass the numbers as data", span)
    x = context.node(a, span, "what is repeated")
    x = arrays.reshape(x, -1) if axis is None else x
    places = context.found.define(context, "repeat", [repeats], span, [(INT, None)]).outputs[0]
    along = arrays.axis_of(x, 0 if axis is None else axis)
    result, _ = arrays.index(x, [*[slice(None)] * along, arrays.Places(places, repeats.shape[0])])
    return (result,)


def _array(value: Any) -> Node | None:
    """An array that is not known before the data; None for what NumPy can do at once."""
    return value if isinstance(value, Node) and value.rank else None


def _truth(context: Context, x: Node) -> Node:
    condition = context.found.as_condition(x)
    return ops.not_equal(x, 0) if condition is None else condition


def _sort(context: Context, span: Span, a: Any, axis: Any = -1) -> Any:
    x = _array(a)
    return None if x is None else (_along(context, "sort", x, axis, span, x.dtype),)


def _argsort(context: Context, span: Span, a: Any, axis: Any = -1, kind: Any = None, stable: Any = None) -> Any:
    """Equal elements stay in their order, which NumPy promises for kind="stable" alone."""
    x = _array(a)
    return None if x is None else (_along(context, "argsort", x, axis, span, INT),)


def _along(context: Context, kind: str, x: Node, axis: Any, span: Span, dtype: str) -> Node:
    needs_data(context, x, f"np.{kind} of something", "sort data", span)
    x = arrays.reshape(x, -1) if axis is None else x
    options = (-1 if axis is None else arrays.axis_of(x, axis),)
    dtype = FLOAT if dtype == BOOL else dtype
    return context.found.define(context, kind, [_numbers(x)], span, [(dtype, x.shape)], options).outputs[0]


def _median(context: Context, span: Span, a: Any) -> Any:
    x = _array(a)
    if x is None:
        return None
    needs_data(context, x, "np.median of something", "take it of data, or use np.mean", span)
    return (context.found.define(context, "median", [_numbers(x)], span, [(FLOAT, ())]).outputs[0],)


def _digitize(context: Context, span: Span, x: Any, bins: Any, right: Any = False) -> Any:
    if _array(x) is None and _array(bins) is None:
        return None
    operands = [context.node(v, span) for v in (x, bins)]
    for one in operands:
        needs_data(context, one, "np.digitize of something", "choose with comparisons and np.where", span)
    outputs = [(INT, operands[0].shape)]
    return (context.found.define(context, "digitize", operands, span, outputs, (bool(right),)).outputs[0],)


def _bincount(context: Context, span: Span, x: Any) -> Any:
    codes = _array(x)
    if codes is None:
        return None
    if codes.rank != 1 or codes.dtype != INT:
        raise TypeError("np.bincount needs one axis of whole numbers")
    needs_data(context, codes, "np.bincount of something", "count data", span)
    return (context.found.define(context, "bincount", [codes], span, [(INT, None)]).outputs[0],)


def _numbers(x: Node) -> Node:
    node: Node = ops.to_float(x) if x.dtype == BOOL else x
    return node


_METHODS = {"nonzero": np.nonzero, "sum": np.sum, "repeat": np.repeat, "argsort": np.argsort}
# What is looked for in data alone, by NumPy's name.
FUNCTIONS: dict[Any, Any] = {
    np.nonzero: _nonzero, np.flatnonzero: _flatnonzero, np.argwhere: _argwhere, np.where: _where, np.sum: _count,
    np.count_nonzero: _count_nonzero, np.unique: _unique, np.repeat: _repeat, np.sort: _sort, np.argsort: _argsort,
    np.median: _median, np.digitize: _digitize, np.bincount: _bincount,
}  # fmt: skip
