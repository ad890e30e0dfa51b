"""Elements by place: take, diff, diagonals, triangles, searchsorted. Named after their NumPy models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...ir import ops
from ...ir.dims import Dim, extreme
from ...ir.nodes import INT, Axis, Node
from ..bounds import Bound, Bounded, at_most, whole
from .convert import as_array, as_numbers, axis_of, positions
from .indexing import index
from .joining import concatenate
from .shaping import moveaxis, ravel


def take(a: Any, indices: Any, axis: Any = None) -> Any:
    """np.take"""
    x = ravel(a) if axis is None else as_array(a)
    along = axis_of(x, axis or 0)
    place = indices if isinstance(indices, (int, Dim)) else as_array(indices)
    return Bounded(*index(x, [*[slice(None)] * along, place]))


def take_along_axis(arr: Any, indices: Any, axis: Any = -1) -> Any:
    """np.take_along_axis"""
    x, places = (ravel(arr) if axis is None else as_array(arr)), as_array(indices)
    if places.dtype != INT:
        raise TypeError("an index must be made of whole numbers (int64), not of floats or conditions")
    along = axis_of(x, 0 if axis is None else axis)
    if places.rank != x.rank:
        raise ValueError("np.take_along_axis needs as many axes of the indices as of the array")
    others = [ops.broadcast_shapes((s,), (t,))[0] for s, t in zip(x.shape, places.shape)]
    shape = tuple(places.shape[k] if k == along else s for k, s in enumerate(others))
    entries = [0 if x.shape[k] == 1 and shape[k] != 1 else Axis(k) for k in range(x.rank)]
    final = tuple(ops.broadcast_to(places, shape) if k == along else e for k, e in enumerate(entries))
    return Bounded(ops.gather(x, final, shape), [("index", places, x.shape[along])])


def diff(a: Any, n: Any = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """np.diff"""
    x = as_numbers(as_array(a))
    along = axis_of(x, axis)
    ends = [ops.broadcast_to(as_array(e), _edge(x, along)) if _is_single(e) else e for e in (prepend, append)]
    parts = [p for p in (ends[0], x, ends[1]) if p is not None]
    x = concatenate(parts, along) if len(parts) > 1 else x
    bounds: list[Bound] = []
    for _ in range(whole(n, "the order of np.diff")):
        bounds += at_most(1, x.shape[along])
        shape = tuple(s - 1 if k == along else s for k, s in enumerate(x.shape))
        later, earlier = (
            ops.gather(x, tuple(Axis(k, by if k == along else 0) for k in range(x.rank)), shape) for by in (1, 0)
        )
        x = later - earlier
    return Bounded(x, bounds)


def _edge(x: Node, axis: int) -> Any:
    return tuple(1 if k == axis else s for k, s in enumerate(x.shape))


def _is_single(value: Any) -> bool:
    return value is not None and as_array(value).rank == 0


# -- diagonals ---------------------------------------------------------------------------------------------------------


def diag(v: Any, k: Any = 0) -> Any:
    """np.diag: a matrix from its diagonal, or the diagonal of a matrix."""
    x, by = as_array(v), whole(k, "the number of a diagonal")
    if x.rank == 1:
        size = x.shape[0] + abs(by)
        return ops.scatter(as_numbers(x), (Axis(0, max(-by, 0)), Axis(0, max(by, 0))), (size, size))
    if x.rank != 2:
        raise ValueError(f"np.diag needs one axis or two, and this is an array with {ops.axes_text(x.rank)}")
    return diagonal(x, by)


def diagonal(a: Any, offset: Any = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """np.diagonal"""
    x, by = as_array(a), whole(offset, "the number of a diagonal")
    one, other = axis_of(x, axis1), axis_of(x, axis2)
    if one == other:
        raise ValueError("np.diagonal needs two different axes")
    x = moveaxis(x, (one, other), (-2, -1))
    rows, columns = x.shape[-2:]
    bounds: list[Bound] = []
    if isinstance(rows, int) and isinstance(columns, int):
        size: Any = max(0, min(rows - max(-by, 0), columns - max(by, 0)))
    elif rows != columns:
        size = extreme("max", 0, extreme("min", rows - max(-by, 0), columns - max(by, 0)))
    else:
        size, bounds = rows - abs(by), at_most(abs(by), rows)
    last = x.rank - 2
    entries = (*map(Axis, range(last)), Axis(last, max(-by, 0)), Axis(last, max(by, 0)))
    return Bounded(ops.gather(x, entries, (*x.shape[:-2], size)), bounds)


def trace(a: Any, offset: Any = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """np.trace"""
    found = diagonal(a, offset, axis1, axis2)
    return Bounded(ops.total(found.value, [-1]), found.bounds)


def tril(m: Any, k: Any = 0) -> Any:
    """np.tril"""
    x, by = as_numbers(as_array(m)), whole(k, "the number of a diagonal")
    return ops.where(_rows(x) + by >= _columns(x), x, 0)


def triu(m: Any, k: Any = 0) -> Any:
    """np.triu"""
    x, by = as_numbers(as_array(m)), whole(k, "the number of a diagonal")
    return ops.where(_rows(x) + by <= _columns(x), x, 0)


def _rows(x: Node) -> Node:
    if x.rank < 2:
        raise ValueError("np.tril and np.triu need a matrix")
    return positions(x.shape, x.rank - 2)


def _columns(x: Node) -> Node:
    return positions(x.shape, x.rank - 1)


def of_data(name: str) -> Callable[[Any], Any]:
    """A method of data alone, which `lower.places` looks at; here of a single number, which has no elements."""

    def method(a: Any) -> Any:
        raise TypeError(f"{name} needs an array, and this has {ops.axes_text(as_array(a).rank)}")

    return method


# -- search ------------------------------------------------------------------------------------------------------------


def searchsorted(a: Any, v: Any, side: str = "left") -> Any:
    """np.searchsorted: the number of elements of the sorted `a` that stand before each of `v`."""
    sorted_, values = as_array(a), as_array(v)
    if sorted_.rank != 1 or side not in ("left", "right"):
        raise ValueError("np.searchsorted needs a sorted array with one axis, and side='left' or 'right'")
    shape = (*values.shape, sorted_.shape[0])
    here = ops.gather(sorted_, (Axis(values.rank),), shape)
    sought = ops.gather(values, tuple(map(Axis, range(values.rank))), shape)
    before = here < sought if side == "left" else here <= sought
    return ops.apply("to_int", ops.total(before, [-1]))
