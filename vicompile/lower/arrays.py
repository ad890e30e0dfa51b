"""Array functions over the Graph: reductions, products, transposes, indexing. Named after their NumPy models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..ir import linalg, ops
from ..ir.dims import Dim, Shape, Size, product
from ..ir.nodes import BOOL, FLOAT, INT, Axis, Iota, Node, make
from .bounds import Bound, as_size, position, slice_bounds


def _axes(axis: Any) -> Sequence[int] | None:
    return axis if axis is None or isinstance(axis, (tuple, list)) else (axis,)


def sum_(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """np.sum"""
    return ops.total(ops.as_node(x), _axes(axis), keepdims)


def size(x: Any) -> Size:
    """np.size"""
    return product(ops.shape_of(x))


def mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """np.mean"""
    x = ops.to_float(ops.as_node(x))
    axes = range(x.rank) if axis is None else [ops.axis_of(x, a) for a in _axes(axis) or ()]
    count = product(tuple(x.shape[a] for a in axes))
    return sum_(x, axis, keepdims) / ops.size_node(count)


def variance(x: Any, axis: Any = None) -> Any:
    """np.var"""
    deviation = x - mean(x, axis, keepdims=True)
    return mean(deviation * deviation, axis)


def deviation(x: Any, axis: Any = None) -> Any:
    """np.std"""
    return ops.sqrt(variance(x, axis))


def prod(x: Any, axis: int | None = None) -> Any:
    """np.prod along an axis of literal size."""
    x = ops.as_node(x)
    if x.rank == 0:
        return x
    if axis is None and x.rank != 1:
        raise NotImplementedError("np.prod over several axes", "write np.prod(x, axis=...)")
    along = ops.axis_of(x, axis or 0)
    count = x.shape[along]
    if not isinstance(count, int):
        what = "np.prod along an axis whose size is known only at run time"
        raise NotImplementedError(what, "write np.exp(np.sum(np.log(x)))")
    result: Any = 1.0
    for k in range(count):
        result = result * select(x, along, k)
    return result


def full(shape: Any, value: Any, dtype: Any = None) -> Any:
    """np.full; floats unless another dtype is asked for."""
    sizes: Shape = tuple(map(as_size, shape)) if isinstance(shape, (tuple, list)) else (as_size(shape),)
    return ops.broadcast_to(astype(ops.as_node(value), float if dtype is None else dtype), sizes)


def full_as(shape: Any, fill_value: Any, dtype: Any = None) -> Any:
    """np.full with its own names of the arguments."""
    return full(shape, fill_value, dtype)


def broadcast_to(array: Any, shape: Any) -> Any:
    """np.broadcast_to"""
    sizes: Shape = tuple(map(as_size, shape)) if isinstance(shape, (tuple, list)) else (as_size(shape),)
    return ops.broadcast_to(ops.as_node(array), sizes)


def astype(x: Any, dtype: Any) -> Any:
    """x.astype(dtype): to whole numbers towards zero, to conditions by comparison with zero."""
    x = ops.as_node(x)
    kind = np.dtype(dtype).kind
    if kind == "f":
        return ops.to_float(x)
    if kind in "iu":
        return x if x.dtype == INT else ops.apply("to_int", x)
    if kind == "b":
        return x if x.dtype == BOOL else ops.not_equal(x, 0 if x.dtype == INT else 0.0)
    raise NotImplementedError(f"arrays of dtype {np.dtype(dtype)}")


def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = None) -> Any:
    """np.arange of whole numbers with step 1; anything, if all is known."""
    if not any(isinstance(v, (Dim, Node)) for v in (start, stop, step)):
        numbers = (start,) if stop is None else (start, stop, step)
        return np.arange(*numbers, dtype=dtype)
    if stop is None:
        start, stop = 0, start
    if step != 1 or not isinstance(stop, (int, Dim)) or not isinstance(start, (int, Dim)):
        raise NotImplementedError("np.arange of numbers that are no sizes, or with a step")
    positions = make(Iota, INT, (stop - start,)) + start
    return positions if dtype is None else astype(positions, dtype)


def dot(a: Any, b: Any) -> Any:
    """np.dot of numbers, vectors and matrices."""
    a, b = ops.as_node(a), ops.as_node(b)
    if a.rank == 0 or b.rank == 0:
        return a * b
    if b.rank > 2:
        raise NotImplementedError("np.dot with an array of more than two axes on the right", "write a @ b")
    return linalg.matmul(a, b)


def python_sum(values: Any, start: Any = 0) -> Any:
    """sum(values) over the first axis, or over a list."""
    if isinstance(values, (list, tuple)):
        result = start
        for value in values:
            result = result + value
        return result
    return sum_(values, axis=0) + start


def pairwise(function: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """min or max of several numbers, made from that of two."""

    def several(*values: Any) -> Any:
        given = values[0] if len(values) == 1 else values
        if not isinstance(given, (list, tuple)):
            raise NotImplementedError("the smallest or largest element of an array")
        result, *rest = given
        for value in rest:
            result = function(result, value)
        return result

    return several


def outer(a: Any, b: Any) -> Any:
    """np.outer"""
    return expand_dims(a, 1) * expand_dims(b, 0)


def logaddexp(a: Any, b: Any) -> Any:
    """np.logaddexp"""
    return ops.maximum(a, b) + ops.softplus(-ops.absolute(a - b))


def clip(x: Any, low: Any = None, high: Any = None) -> Any:
    """np.clip"""
    if low is not None:
        x = ops.maximum(x, low)
    return x if high is None else ops.minimum(x, high)


def transpose(x: Any) -> Any:
    """All axes in reverse order."""
    x = ops.as_node(x)
    rank = x.rank
    return ops.gather(x, tuple(Axis(rank - 1 - k) for k in range(rank)), tuple(reversed(x.shape)))


def expand_dims(x: Any, axis: int) -> Any:
    """np.expand_dims"""
    x = ops.as_node(x)
    if not -x.rank - 1 <= axis <= x.rank:
        raise ValueError(f"axis {axis} is out of bounds for a new axis of an array with {ops.axes_text(x.rank)}")
    axis %= x.rank + 1
    shape = (*x.shape[:axis], 1, *x.shape[axis:])
    return ops.gather(x, tuple(Axis(k if k < axis else k + 1) for k in range(x.rank)), shape)


def squeeze(x: Any, axis: int | None = None) -> Any:
    """np.squeeze of axes whose size is literally one"""
    x = ops.as_node(x)
    if axis is not None:
        axis = ops.axis_of(x, axis)
        if x.shape[axis] != 1:
            raise ops.ShapeMismatch(x.shape[axis], 1)
    gone = {k for k in range(x.rank) if x.shape[k] == 1 and (axis is None or k == axis)}
    kept = [k for k in range(x.rank) if k not in gone]
    index = tuple(0 if k in gone else Axis(kept.index(k)) for k in range(x.rank))
    return ops.gather(x, index, tuple(x.shape[k] for k in kept))


def select(x: Node, axis: int, position: Size) -> Any:
    """The slice at one position of one axis."""
    index = tuple(position if k == axis else Axis(k - (k > axis)) for k in range(x.rank))
    return ops.gather(x, index, tuple(s for k, s in enumerate(x.shape) if k != axis))


def take(x: Node, axis: int, indices: Node) -> Any:
    """The slices at the positions `indices`, an int64 array with one axis, of one axis."""
    shape = tuple(indices.shape[0] if k == axis else s for k, s in enumerate(x.shape))
    places = ops.gather(indices, (Axis(axis),), shape)
    return ops.gather(x, tuple(places if k == axis else Axis(k) for k in range(x.rank)), shape)


def stack(items: Sequence[Any]) -> Any:
    """np.array of a list that has nodes in it: one new leading axis."""
    nodes = [stack(v) if isinstance(v, (list, tuple)) else ops.as_node(v) for v in items]
    if any(n.dtype != INT for n in nodes):
        nodes = [ops.to_float(n) for n in nodes]
    shape = nodes[0].shape
    for node in nodes:
        _same_shape(node.shape, shape)
    total: Any = 0.0 if nodes[0].dtype == FLOAT else 0
    for k, node in enumerate(nodes):
        total = total + ops.scatter(node, (k, *(Axis(j) for j in range(len(shape)))), (len(nodes), *shape))
    return total


def _same_shape(left: Shape, right: Shape) -> None:
    """Parts of one array do not broadcast: ShapeMismatch asks for sizes to be equal, ValueError for other axes."""
    if len(left) != len(right):
        raise ValueError("the parts of an array must all have the same number of axes")
    for a, b in zip(left, right):
        if a != b:
            raise ops.ShapeMismatch(a, b)


def stack_along(arrays: Any, axis: int = 0) -> Any:
    """np.stack"""
    if isinstance(arrays, Node):
        return arrays if axis == 0 else _move_first(arrays, axis)
    return _move_first(stack(arrays), axis)


def _move_first(x: Node, axis: int) -> Any:
    """The first axis becomes axis number `axis`."""
    axis = ops.axis_of(x, axis)
    order = [*range(1, axis + 1), 0, *range(axis + 1, x.rank)]
    return ops.gather(x, tuple(Axis(order.index(k)) for k in range(x.rank)), tuple(x.shape[k] for k in order))


def concatenate(arrays: Any, axis: int = 0) -> Any:
    """np.concatenate"""
    nodes = [ops.to_float(ops.as_node(a)) for a in arrays]
    along = ops.axis_of(nodes[0], axis)
    length: Size = 0
    for node in nodes:
        if node.rank != nodes[0].rank:
            raise ValueError("the parts of an array must all have the same number of axes")
        length = length + node.shape[along]
    result: Any = 0.0
    start: Size = 0
    for node in nodes:
        shape = tuple(length if k == along else s for k, s in enumerate(nodes[0].shape))
        for k, (s, t) in enumerate(zip(node.shape, shape)):
            if k != along and s != t:
                raise ops.ShapeMismatch(s, t)
        result = result + ops.scatter(node, tuple(Axis(k, start if k == along else 0) for k in range(node.rank)), shape)
        start = start + node.shape[along]
    return result


def index(x: Node, items: Sequence[Any]) -> tuple[Any, list[Bound]]:
    """x[items], and what must hold at run time.

    Items: whole numbers and sizes, slices with step 1, None, Ellipsis, integer nodes. Integer arrays broadcast against
    each other as in NumPy; they and single numbers must stand side by side.
    """
    items = _without_ellipsis(x, list(items))
    fancy = _fancy_shape([i for i in items if isinstance(i, Node)])
    if fancy and not _side_by_side(items):
        raise NotImplementedError("index arrays and numbers with slices between them")
    shape: list[Size] = []
    entries: list[Any] = []
    bounds: list[Bound] = []
    fancy_at: int | None = None
    axis = 0
    for item in items:
        if item is None:
            shape.append(1)
            continue
        length = x.shape[axis]
        axis += 1
        if isinstance(item, slice):
            start, stop, needed = slice_bounds(item, length)
            entries.append(Axis(len(shape), start))
            shape.append(stop - start)
            bounds += needed
        elif isinstance(item, Node):
            if fancy_at is None:
                fancy_at = len(shape)
                shape.extend(fancy)
            entries.append(item)
            bounds.append(("index", item, length))
        else:
            place, needed = position(item, length)
            entries.append(place)
            bounds += needed
    result_shape = tuple(shape)
    final = tuple(_spread(e, fancy, fancy_at or 0, result_shape) if isinstance(e, Node) else e for e in entries)
    return ops.gather(x, final, result_shape), bounds


def _side_by_side(items: Sequence[Any]) -> bool:
    """Whether index arrays and numbers follow each other: NumPy moves their axes to the front otherwise."""
    places = [k for k, item in enumerate(items) if item is not None and not isinstance(item, slice)]
    return places[-1] - places[0] + 1 == len(places)


def _fancy_shape(arrays_: Sequence[Node]) -> Shape:
    for one in arrays_:
        if one.dtype == BOOL:
            advice = "its result has no fixed size: keep all elements and choose with np.where"
            raise NotImplementedError("indexing with a condition", advice)
        if one.dtype != INT:
            raise TypeError("an index must be made of whole numbers (int64), not of floats or conditions")
    return ops.broadcast_shapes(*(a.shape for a in arrays_)) if arrays_ else ()


def _spread(node: Node, fancy: Shape, at: int, shape: Shape) -> Node:
    """An index array over the whole iteration space."""
    full_node = ops.broadcast_to(node, fancy)
    return ops.gather(full_node, tuple(Axis(at + k) for k in range(len(fancy))), shape)


def _without_ellipsis(x: Node, items: list[Any]) -> list[Any]:
    if sum(i is Ellipsis for i in items) > 1:
        raise IndexError("an index can have only one ellipsis")
    used = sum(i is not None and i is not Ellipsis for i in items)
    if used > x.rank:
        raise IndexError(f"{used} indices for an array with {ops.axes_text(x.rank)}")
    rest = [slice(None)] * (x.rank - used)
    if any(i is Ellipsis for i in items):
        at = next(k for k, i in enumerate(items) if i is Ellipsis)
        return items[:at] + rest + items[at + 1 :]
    return items + rest
