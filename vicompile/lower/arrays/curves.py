"""Polynomials, interpolation and the area under a curve. Named after their NumPy models."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...ir.nodes import INT, Axis
from ..bounds import Bounded, at_most, whole
from .convert import as_array, axis_of
from .joining import stack_along
from .shaping import reshape, select
from .taking import searchsorted


def polyval(p: Any, x: Any) -> Any:
    """np.polyval with coefficients whose number the program fixes, the highest power first."""
    x = as_array(x)
    if not isinstance(p, (list, tuple)):
        coefficients = as_array(p)
        if coefficients.rank != 1 or not isinstance(coefficients.shape[0], int):
            raise NotImplementedError("np.polyval with a number of coefficients that only the data tells")
        p = [select(coefficients, 0, k) for k in range(coefficients.shape[0])]
    result: Any = 0.0
    for coefficient in p:
        result = result * x + as_array(coefficient)
    return result


def vander(x: Any, N: Any = None, increasing: bool = False) -> Any:
    """np.vander with a number of columns that the program fixes."""
    x = as_array(x)
    if x.rank != 1:
        raise ValueError(f"np.vander needs an array with one axis, not with {ops.axes_text(x.rank)}")
    count = whole(x.shape[0] if N is None else N, "the number of columns")
    columns = [ops.broadcast_to(ops.as_node(1 if x.dtype == INT else 1.0), x.shape)]
    while len(columns) < count:
        columns.append(columns[-1] * x)
    return stack_along(columns[:count] if increasing else columns[:count][::-1], -1)


def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None) -> Any:
    """np.interp: straight lines between points whose places `xp` increase; at least two points."""
    x, places, values = ops.to_float(as_array(x)), as_array(xp), ops.to_float(as_array(fp))
    if places.rank != 1 or values.rank != 1:
        raise ValueError("np.interp needs the points as two arrays with one axis")
    count = places.shape[0]
    if values.shape[0] != count:
        raise ops.ShapeMismatch(count, values.shape[0])
    below = searchsorted(places, x, "right") - 1
    below = ops.where(below < 0, 0, below)
    below = ops.where(below > count - 2, count - 2, below)
    first, last = select(places, 0, 0), select(places, 0, count - 1)
    (start, end), (low, high) = (
        [ops.gather(of, (below + step,), x.shape) for step in (0, 1)] for of in (places, values)
    )
    between = low + (high - low) * ((x - start) / (end - start))
    between = ops.where(x < first, select(values, 0, 0) if left is None else left, between)
    between = ops.where(x > last, select(values, 0, count - 1) if right is None else right, between)
    return Bounded(between, at_most(2, count))


def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """np.trapezoid"""
    y = ops.to_float(as_array(y))
    along = axis_of(y, axis)
    shape = tuple(s - 1 if k == along else s for k, s in enumerate(y.shape))
    entries = [tuple(Axis(k, by if k == along else 0) for k in range(y.rank)) for by in (0, 1)]
    left, right = (ops.gather(y, e, shape) for e in entries)
    width: Any = dx
    if x is not None:
        places = as_array(x)
        if places.rank == 1:
            places = reshape(places, (places.shape[0], *(1,) * (y.rank - 1 - along)))
        places = ops.broadcast_to(places, y.shape)
        width = ops.gather(places, entries[1], shape) - ops.gather(places, entries[0], shape)
    return Bounded(ops.total(0.5 * (left + right) * width, [along]), at_most(1, y.shape[along]))
