"""Running sums and products, as recurrences: the other axes are rows, which stay lanes of vector code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...ir import ops
from ...ir.cumulative import running
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
    return moveaxis(running(moveaxis(x, k, -1), neutral, step), -1, k)
