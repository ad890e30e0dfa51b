"""Elements in another order, or several times: flip, roll, repeat, tile."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...ir.dims import Size
from ...ir.nodes import Axis, Node
from ..bounds import as_size, whole
from .convert import as_array, axes_of, axis_of, positions
from .shaping import ravel, reshaped


def placed(x: Node, axis: int, size: Size, place: Any) -> Any:
    """x with another size along one axis: `place`, a function of the new position, says which element stands there."""
    shape = tuple(size if k == axis else s for k, s in enumerate(x.shape))
    here = place(positions(shape, axis))
    return ops.gather(x, tuple(here if k == axis else Axis(k) for k in range(x.rank)), shape)


def flip(m: Any, axis: Any = None) -> Any:
    """np.flip"""
    x = as_array(m)
    for k in axes_of(x, axis):
        x = placed(x, k, x.shape[k], lambda i, last=x.shape[k] - 1: ops.subtract(last, i))
    return x


def roll(a: Any, shift: Any, axis: Any = None) -> Any:
    """np.roll by a number of places that the program fixes."""
    x = as_array(a)
    if axis is None:
        return reshaped(roll(ravel(x), shift, 0), x.shape)
    axes = axes_of(x, axis)
    shifts = list(shift) if isinstance(shift, (tuple, list)) else [shift] * len(axes)
    for k, places in zip(axes, shifts, strict=True):
        by, size = whole(places, "the shift of np.roll"), x.shape[k]
        x = placed(x, k, size, lambda i, by=by, size=size: ops.modulo(i - by, size))
    return x


def repeat(a: Any, repeats: Any, axis: Any = None) -> Any:
    """np.repeat by a number that the program fixes, or a size."""
    x = ravel(a) if axis is None else as_array(a)
    along = axis_of(x, axis or 0)
    if isinstance(repeats, (Node, list, tuple)):
        raise NotImplementedError("np.repeat with a number for each element", "index with an integer array")
    times = as_size(repeats)
    return placed(x, along, x.shape[along] * times, lambda i: ops.floor_divide(i, times))


def tile(A: Any, reps: Any) -> Any:
    """np.tile by numbers that the program fixes, or sizes."""
    x = as_array(A)
    times = list(reps) if isinstance(reps, (tuple, list)) else [reps]
    rank = max(x.rank, len(times))
    x = ops.broadcast_to(x, (1,) * (rank - x.rank) + x.shape)
    for k, count in enumerate(map(as_size, times), rank - len(times)):
        size = x.shape[k]
        if size == 1:
            shape = tuple(count if j == k else s for j, s in enumerate(x.shape))
            x = ops.broadcast_to(x, shape)
        elif count != 1:
            x = placed(x, k, size * count, lambda i, size=size: ops.modulo(i, size))
    return x
