"""Running sums and products, as recurrences: the other axes are rows, which stay lanes of vector code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...ir import ops
from ...ir.nodes import FLOAT, Axis, Node
from ...ir.scan import new_key, recurrence, slot
from .convert import as_array, as_numbers, axis_of
from .shaping import moveaxis, ravel


def cumsum(a: Any, axis: Any = None) -> Any:
    """np.cumsum"""
    return _along(a, axis, 0, ops.add)


def cumprod(a: Any, axis: Any = None) -> Any:
    """np.cumprod"""
    return _along(a, axis, 1, ops.multiply)


def _along(a: Any, axis: Any, neutral: int, step: Callable[[Any, Any], Any]) -> Any:
    x = as_numbers(ravel(a) if axis is None else as_array(a))
    k = axis_of(x, 0 if axis is None else axis)
    return moveaxis(_running(moveaxis(x, k, -1), neutral, step), -1, k)


def _running(x: Node, neutral: int, step: Callable[[Any, Any], Any]) -> Node:
    """Along the last axis, one element after the other."""
    batch, key = x.shape[:-1], new_key()
    carried, element = slot("carry", key, 0, x, ()), slot("step", key, 0, x, ())
    start = ops.broadcast_to(ops.as_node(float(neutral) if x.dtype == FLOAT else neutral), batch)
    (history,) = recurrence(x.shape[-1], batch, [(carried, start, step(carried, element))], {element: x})
    return ops.gather(history, tuple(Axis(j, int(j == len(batch))) for j in range(x.rank)), x.shape)
