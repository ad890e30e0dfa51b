"""Conditions on data as indices, and what NumPy finds in data: nonzero, unique, repetitions."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..diagnostics import Span
from ..frontend import program as p
from ..ir import ops
from ..ir.nodes import BOOL, INT, Node
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
        found = _FUNCTIONS.get(function)
    except TypeError:
        return None
    return None if found is None or not args else found(context, e.span, *args, **keywords)


def _places(context: Context, condition: Node, span: Span) -> Definition:
    needs_data(context, condition, "indexing with a condition", _ADVICE, span)
    return context.found.define(context, "places", condition, span, [(INT, None)] * condition.rank)


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


def _count(context: Context, span: Span, a: Any, *more: Any, **keywords: Any) -> Any:
    """The number of conditions on data that hold is a size; any other sum is left to the ordinary functions."""
    condition = context.found.as_condition(a)
    if condition is None or more or keywords or not is_data(condition):
        return None
    return (_places(context, condition, span).length,)


def _count_nonzero(context: Context, span: Span, a: Any, *more: Any, **keywords: Any) -> Any:
    if not isinstance(a, Node) or not a.rank or more or keywords or not is_data(a):
        return None
    return (_places(context, _truth(context, a), span).length,)


def _unique(
    context: Context, span: Span, ar: Any, return_index: Any = False, return_inverse: Any = False,
    return_counts: Any = False, **keywords: Any,
) -> Any:  # fmt: skip
    x = _array(ar)
    if x is None:
        return None
    if keywords:
        raise NotImplementedError("np.unique along an axis", "call it on one column")
    x = ops.to_float(x) if x.dtype == BOOL else x
    needs_data(context, x, "np.unique of something", "pass codes or groups as data", span)
    outputs = [(x.dtype, None), (INT, None), (INT, x.shape), (INT, None)]
    values, first, inverse, counts = context.found.define(context, "unique", x, span, outputs).outputs
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
    places = context.found.define(context, "repeat", repeats, span, [(INT, None)]).outputs[0]
    along = arrays.axis_of(x, 0 if axis is None else axis)
    result, _ = arrays.index(x, [*[slice(None)] * along, arrays.Places(places, repeats.shape[0])])
    return (result,)


def _array(value: Any) -> Node | None:
    """An array that is not known before the data; None for what NumPy can do at once."""
    return value if isinstance(value, Node) and value.rank else None


def _truth(context: Context, x: Node) -> Node:
    condition = context.found.as_condition(x)
    return ops.not_equal(x, 0) if condition is None else condition


_METHODS = {"nonzero": np.nonzero, "sum": np.sum, "repeat": np.repeat}
_FUNCTIONS: dict[Any, Any] = {
    np.nonzero: _nonzero, np.flatnonzero: _flatnonzero, np.argwhere: _argwhere, np.where: _where, np.sum: _count,
    np.count_nonzero: _count_nonzero, np.unique: _unique, np.repeat: _repeat,
}  # fmt: skip
