"""Arrays made from sizes and numbers: full, arange, eye, linspace, meshgrid. Named after their NumPy models."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ir import ops
from ...ir.dims import Dim
from ...ir.nodes import INT, Axis, Iota, Node, make
from ..bounds import as_size, whole
from .convert import as_array, astype, positions, shape_from


def full(shape: Any, fill_value: Any, dtype: Any = None) -> Any:
    """np.full; floats unless another dtype is asked for."""
    value = astype(as_array(fill_value), float if dtype is None else dtype)
    return ops.broadcast_to(value, shape_from(shape))


def zeros(shape: Any, dtype: Any = None) -> Any:
    """np.zeros"""
    return full(shape, 0.0, dtype)


def ones(shape: Any, dtype: Any = None) -> Any:
    """np.ones"""
    return full(shape, 1.0, dtype)


def full_like(a: Any, fill_value: Any, dtype: Any = None) -> Any:
    """np.full_like; floats unless another dtype is asked for."""
    return full(ops.shape_of(as_array(a)), fill_value, dtype)


def zeros_like(a: Any, dtype: Any = None) -> Any:
    """np.zeros_like"""
    return full_like(a, 0.0, dtype)


def ones_like(a: Any, dtype: Any = None) -> Any:
    """np.ones_like"""
    return full_like(a, 1.0, dtype)


def broadcast_to(array: Any, shape: Any) -> Any:
    """np.broadcast_to"""
    return ops.broadcast_to(as_array(array), shape_from(shape))


def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = None) -> Any:
    """np.arange of whole numbers with step 1; anything, if all is known."""
    if not any(isinstance(v, (Dim, Node)) for v in (start, stop, step)):
        numbers = (start,) if stop is None else (start, stop, step)
        return np.arange(*numbers, dtype=dtype)
    if stop is None:
        start, stop = 0, start
    if step != 1 or not isinstance(stop, (int, Dim)) or not isinstance(start, (int, Dim)):
        raise NotImplementedError("np.arange of numbers that are no sizes, or with a step")
    counted = make(Iota, INT, (stop - start,)) + start
    return counted if dtype is None else astype(counted, dtype)


def linspace(start: Any, stop: Any, num: Any = 50, endpoint: bool = True) -> Any:
    """np.linspace; the points are along a new first axis."""
    count = as_size(num)
    start, stop = (ops.to_float(as_array(v)) for v in (start, stop))
    shape = (count, *ops.broadcast_shapes(start.shape, stop.shape))
    place = positions(shape, 0)
    parts = ops.maximum(ops.to_float(ops.as_node(count - 1 if endpoint else count)), 1.0)
    points = start + ops.to_float(place) * ((stop - start) / parts)
    if endpoint:
        points = ops.where(ops.equal(place, count - 1), stop, points)
    return ops.where(ops.equal(place, 0), start, points)


def eye(N: Any, M: Any = None, k: Any = 0, dtype: Any = None) -> Any:
    """np.eye"""
    rows = as_size(N)
    shape = (rows, rows if M is None else as_size(M))
    on_diagonal = ops.equal(positions(shape, 0) + whole(k, "the number of a diagonal"), positions(shape, 1))
    return astype(on_diagonal, float if dtype is None else dtype)


def identity(n: Any, dtype: Any = None) -> Any:
    """np.identity"""
    return eye(n, dtype=dtype)


def tri(N: Any, M: Any = None, k: Any = 0, dtype: Any = None) -> Any:
    """np.tri"""
    rows = as_size(N)
    shape = (rows, rows if M is None else as_size(M))
    below = positions(shape, 0) + whole(k, "the number of a diagonal") >= positions(shape, 1)
    return astype(below, float if dtype is None else dtype)


def meshgrid(*xi: Any, indexing: str = "xy") -> Any:
    """np.meshgrid of arrays with one axis."""
    lines = [as_array(x) for x in xi]
    lines = [ops.broadcast_to(x, (1,)) if x.rank == 0 else x for x in lines]
    if any(x.rank != 1 for x in lines) or indexing not in ("xy", "ij"):
        raise ValueError("np.meshgrid needs arrays with one axis, and indexing='xy' or 'ij'")
    order = list(range(len(lines)))
    if indexing == "xy" and len(lines) > 1:
        order[:2] = [1, 0]
    shape = tuple(lines[k].shape[0] for k in order)
    return [ops.gather(x, (Axis(order.index(k)),), shape) for k, x in enumerate(lines)]
