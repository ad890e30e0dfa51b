"""Running sums and products."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...ir import ops
from ...ir.nodes import Axis, Node
from .convert import as_array, as_numbers, axis_of, positions
from .shaping import ravel


def cumsum(a: Any, axis: Any = None) -> Any:
    """np.cumsum"""
    return _running(a, axis, 0, ops.total)


def cumprod(a: Any, axis: Any = None) -> Any:
    """np.cumprod"""
    return _running(a, axis, 1, ops.product_along)


def _running(a: Any, axis: Any, neutral: int, along: Callable[..., Any]) -> Any:
    """Each place combines what stands up to it: a triangle of elements, with neutral ones above."""
    x = as_numbers(ravel(a) if axis is None else as_array(a))
    k = axis_of(x, 0 if axis is None else axis)
    # The new place stands in front of the axis that is gone through.
    shape = (*x.shape[:k], x.shape[k], *x.shape[k:])
    spread = ops.gather(x, tuple(Axis(j if j < k else j + 1) for j in range(x.rank)), shape)
    reached = positions(shape, k + 1) <= positions(shape, k)
    node: Node = along(ops.where(reached, spread, neutral), [k + 1])
    return node
