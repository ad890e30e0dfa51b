"""Array functions over the Graph: reductions, products, transposes, indexing. Named after their NumPy models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..ir import ops
from ..ir.dims import Dim, Shape, Size, product
from ..ir.nodes import BOOL, INT, Axis, Iota, Node, make


def _axes(axis: int | Sequence[int] | None) -> Sequence[int] | None:
    return (axis,) if isinstance(axis, int) else axis


def sum_(x: Any, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Any:
    """np.sum"""
    return ops.total(ops.as_node(x), _axes(axis), keepdims)


def size(x: Any) -> Size:
    """np.size"""
    return product(ops.shape_of(x))


def mean(x: Any, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Any:
    """np.mean"""
    x = ops.to_float(ops.as_node(x))
    axes = range(x.rank) if axis is None else [a % x.rank for a in _axes(axis) or ()]
    count = product(tuple(x.shape[a] for a in axes))
    return sum_(x, axis, keepdims) / ops.size_node(count)


def variance(x: Any, axis: int | Sequence[int] | None = None) -> Any:
    """np.var"""
    deviation = x - mean(x, axis, keepdims=True)
    return mean(deviation * deviation, axis)


def prod(x: Any, axis: int | None = None) -> Any:
    """np.prod along an axis of literal size."""
    x = ops.as_node(x)
    if axis is None and x.rank != 1:
        raise NotImplementedError("np.prod needs an axis")
    axis = (axis or 0) % x.rank
    count = x.shape[axis]
    if not isinstance(count, int):
        raise NotImplementedError(
            "np.prod along an axis whose size is known only at run time; use np.exp(np.sum(np.log(x)))"
        )
    result: Any = 1.0
    for k in range(count):
        result = result * select(x, axis, k)
    return result


def full(shape: Any, value: Any) -> Any:
    """np.full"""
    sizes: Shape = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    return ops.broadcast_to(ops.to_float(ops.as_node(value)), sizes)


def arange(start: Any, stop: Any = None) -> Any:
    """np.arange of whole numbers with step 1"""
    if stop is None:
        start, stop = 0, start
    if not isinstance(stop, (int, Dim)) or not isinstance(start, (int, Dim)):
        raise NotImplementedError("np.arange of numbers that are no sizes")
    return make(Iota, INT, (stop - start,)) + start


def matmul(a: Any, b: Any) -> Any:
    """np.matmul for vectors and matrices, as a product and a sum, so that it fuses with what is around it."""
    a, b = ops.as_node(a), ops.as_node(b)
    if a.rank == 0 or b.rank == 0:
        return a * b
    if a.rank > 2 or b.rank > 2:
        raise NotImplementedError("matrix products of arrays with more than two axes")
    inner, other = a.shape[-1], b.shape[0]
    if inner != other:
        raise ops.ShapeMismatch(inner, other)
    if b.rank == 1:
        return ops.total(a * b, [-1])
    if a.rank == 1:
        return ops.total(expand_dims(a, 1) * b, [0])
    return ops.total(expand_dims(a, 2) * expand_dims(b, 0), [1])


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
    axis %= x.rank + 1
    shape = (*x.shape[:axis], 1, *x.shape[axis:])
    return ops.gather(x, tuple(Axis(k if k < axis else k + 1) for k in range(x.rank)), shape)


def squeeze(x: Any, axis: int | None = None) -> Any:
    """np.squeeze of axes whose size is literally one"""
    x = ops.as_node(x)
    gone = {k for k in range(x.rank) if x.shape[k] == 1 and (axis is None or k == axis % x.rank)}
    kept = [k for k in range(x.rank) if k not in gone]
    index = tuple(0 if k in gone else Axis(kept.index(k)) for k in range(x.rank))
    return ops.gather(x, index, tuple(x.shape[k] for k in kept))


def select(x: Node, axis: int, position: Size) -> Any:
    """The slice at one position of one axis."""
    index = tuple(position if k == axis else Axis(k - (k > axis)) for k in range(x.rank))
    return ops.gather(x, index, tuple(s for k, s in enumerate(x.shape) if k != axis))


def stack(items: Sequence[Any]) -> Any:
    """np.array of a list that has nodes in it: one new leading axis."""
    nodes = [ops.to_float(ops.as_node(v)) if not isinstance(v, (list, tuple)) else stack(v) for v in items]
    shape = ops.broadcast_shapes(*(n.shape for n in nodes))
    total: Any = 0.0
    for k, node in enumerate(nodes):
        full_node = ops.broadcast_to(node, shape)
        total = total + ops.scatter(full_node, (k, *(Axis(j) for j in range(len(shape)))), (len(nodes), *shape))
    return total


def index(x: Node, items: Sequence[Any]) -> tuple[Any, list[tuple[Node | Size, Size]]]:
    """x[items], and what must hold at run time: index arrays below a size, or a size at most another.

    Items: whole numbers and sizes, slices with step 1, None, Ellipsis, integer nodes. Integer arrays broadcast against each other as in NumPy;
    they must stand side by side if there is more than one.
    """
    items = _without_ellipsis(x, list(items))
    arrays_ = [i for i in items if isinstance(i, Node) and i.dtype != BOOL]
    if any(isinstance(i, Node) and i.dtype == BOOL for i in items):
        raise NotImplementedError("indexing with a condition, whose result has no fixed size; use np.where")
    fancy = ops.broadcast_shapes(*(a.shape for a in arrays_)) if arrays_ else ()
    shape: list[Size] = []
    entries: list[Any] = []
    checks: list[tuple[Node | Size, Size]] = []
    fancy_at: int | None = None
    axis = 0
    for item in items:
        if item is None:
            shape.append(1)
            continue
        length = x.shape[axis]
        axis += 1
        if isinstance(item, slice):
            start, stop = _bounds(item, length)
            entries.append(Axis(len(shape), start))
            shape.append(stop - start)
            checks += [(end, length) for end in (start, stop) if _uncertain(end, length)]
        elif isinstance(item, Node):
            if fancy_at is None:
                fancy_at = len(shape)
                shape.extend(fancy)
            elif len(shape) != fancy_at + len(fancy):
                raise NotImplementedError("index arrays with slices between them")
            entries.append(item)
            checks.append((item, length))
        else:
            position = _position(item, length)
            entries.append(position)
            if _uncertain(position, length):
                checks.append((position + 1, length))
    result_shape = tuple(shape)
    final = tuple(_spread(e, fancy, fancy_at or 0, result_shape) if isinstance(e, Node) else e for e in entries)
    return ops.gather(x, final, result_shape), checks


def _spread(node: Node, fancy: Shape, at: int, shape: Shape) -> Node:
    """An index array over the whole iteration space."""
    full_node = ops.broadcast_to(node, fancy)
    return ops.gather(full_node, tuple(Axis(at + k) for k in range(len(fancy))), shape)


def _without_ellipsis(x: Node, items: list[Any]) -> list[Any]:
    used = sum(i is not None and i is not Ellipsis for i in items)
    if used > x.rank:
        raise IndexError(f"{used} indices for an array with {x.rank} axes")
    rest = [slice(None)] * (x.rank - used)
    if any(i is Ellipsis for i in items):
        at = next(k for k, i in enumerate(items) if i is Ellipsis)
        return items[:at] + rest + items[at + 1 :]
    return items + rest


def _bounds(item: slice, length: Size) -> tuple[Size, Size]:
    if item.step not in (None, 1):
        raise NotImplementedError("slices with a step")
    ends = []
    for end, default in ((item.start, 0), (item.stop, length)):
        if end is None:
            ends.append(default)
        elif not isinstance(end, (int, np.integer, Dim)):
            raise NotImplementedError("slice bounds that are no sizes")
        elif isinstance(end, Dim):
            ends.append(end)
        elif end < 0:
            ends.append(length + int(end))
        elif isinstance(length, int):
            ends.append(min(int(end), length))
        else:
            ends.append(int(end))
    return ends[0], ends[1]


def _position(item: Any, length: Size) -> Size:
    if isinstance(item, Dim):
        return item
    if isinstance(item, (bool, np.bool_)) or not isinstance(item, (int, np.integer)):
        raise TypeError(f"an index must be a whole number, a slice or an integer array, not {type(item).__name__}")
    position = int(item)
    if isinstance(length, int) and not -length <= position < length:
        raise IndexError(f"index {position} is out of bounds for an axis of size {length}")
    return length + position if position < 0 else position


def _uncertain(end: Size, length: Size) -> bool:
    """Whether `end` might lie beyond an axis of this length."""
    if isinstance(end, int) and isinstance(length, int):
        return False
    rest = length - end
    return not (isinstance(rest, int) and rest >= 0) and end != 0
