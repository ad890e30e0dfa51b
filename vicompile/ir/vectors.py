"""Vectors and matrices on the last axes, the same on NumPy arrays and on graph nodes.

Leading axes are batches: they broadcast. A vector lies on the last axis, a matrix on the last two.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from . import ops
from .cumulative import running
from .dims import Dim, Shape, Size
from .nodes import INT, Axis, Iota, Node, make

# Up to this length a running sum is a sum over pairs, which fuses with what is around it; then it is a recurrence.
_LONGEST_TRIANGLE = 8


class SizeMustBeKnown(ValueError):
    """A size that is known only at run time stands where a number is needed."""

    def __init__(self, what: str, size: Size) -> None:
        super().__init__(f"{what} needs a size that is a number, and {size} is known only at run time")
        self.size = size


def known(size: Size, what: str) -> int:
    """The size as a number. Raises SizeMustBeKnown for a symbol."""
    if isinstance(size, Dim):
        raise SizeMustBeKnown(what, size)
    return int(size)


def number(size: Size) -> Any:
    """A size as a float: a number, or a node for a symbol."""
    return ops.to_float(size) if isinstance(size, Dim) else float(size)


def agree(size: Size, wanted: Size, message: str) -> None:
    """Two sizes are equal. ShapeMismatch where that is not known yet, ValueError with the message where they differ."""
    if size == wanted:
        return
    if isinstance(size, Dim) or isinstance(wanted, Dim):
        raise ops.ShapeMismatch(size, wanted)
    raise ValueError(message)


def last_size(x: Any) -> Size:
    """The length of the last axis. ValueError for a single number."""
    shape = ops.shape_of(x)
    if not shape:
        raise ValueError("expected a vector, got a single number")
    return shape[-1]


def positions(size: Size, like: Any) -> Any:
    """0, 1, ..., size - 1 as whole numbers: a node if `like` is one."""
    if isinstance(like, Node):
        return make(Iota, INT, (size,))
    return np.arange(known(size, "an array"))


def insert_axis(x: Any, axis: int) -> Any:
    """A new axis of length one, at place `axis` (negative: from the end) of the result."""
    if not isinstance(x, Node):
        return np.expand_dims(x, axis)
    axis %= x.rank + 1
    shape = (*x.shape[:axis], 1, *x.shape[axis:])
    return ops.gather(x, tuple(Axis(k if k < axis else k + 1) for k in range(x.rank)), shape)


def beside(x: Any, axes: int = 1) -> Any:
    """Numbers of a batch with `axes` more axes at their end; a single number, which broadcasts anyway, as it is."""
    for _ in range(axes if ops.shape_of(x) else 0):
        x = insert_axis(x, -1)
    return x


def swap_axes(x: Any, first: int, second: int) -> Any:
    """np.swapaxes"""
    if not isinstance(x, Node):
        return np.swapaxes(x, first, second)
    order = list(range(x.rank))
    order[first], order[second] = order[second], order[first]
    return ops.gather(x, tuple(Axis(order[k]) for k in range(x.rank)), tuple(x.shape[k] for k in order))


def slice_last(x: Any, start: Size, stop: Size) -> Any:
    """x[..., start:stop], both counted from the left."""
    if not isinstance(x, Node):
        return x[..., start:stop]
    rank = x.rank
    index = tuple(Axis(k, start if k == rank - 1 else 0) for k in range(rank))
    return ops.gather(x, index, (*x.shape[:-1], stop - start))


def take_last(x: Any, index: Any) -> Any:
    """x[..., index] for whole numbers `index`; its axes come in place of the last one of `x`."""
    if not isinstance(x, Node):
        return x[..., index]
    batch, chosen = x.shape[:-1], ops.shape_of(index)
    shape = (*batch, *chosen)
    return ops.gather(x, (*map(Axis, range(len(batch))), ops.broadcast_to(index, shape)), shape)


def concatenate_last(parts: Sequence[Any]) -> Any:
    """The parts side by side on the last axis; their leading axes broadcast."""
    batch = ops.broadcast_shapes(*(ops.shape_of(part)[:-1] for part in parts))
    wide = [ops.broadcast_to(part, (*batch, last_size(part))) for part in parts]
    if not any(isinstance(part, Node) for part in wide):
        return np.concatenate(wide, axis=-1)
    length: Size = 0
    for part in wide:
        length = length + last_size(part)
    result: Any = 0.0
    start: Size = 0
    for part in wide:
        index = (*map(Axis, range(len(batch))), Axis(len(batch), start))
        result = result + ops.scatter(ops.to_float(part), index, (*batch, length))
        start = start + last_size(part)
    return result


def cumsum_last(x: Any, *, reverse: bool = False, exclusive: bool = False) -> Any:
    """Sums of the elements up to each one; `reverse`: from each one on; `exclusive`: without the element itself."""
    size = last_size(x)
    if isinstance(x, Node):
        if isinstance(size, Dim) or size > _LONGEST_TRIANGLE:
            return running(ops.to_float(x), 0, ops.add, reverse=reverse, exclusive=exclusive)
        # A sum over a triangle of pairs: out[i] adds x[j] where j is on the right side of i.
        i, j = row_column(size, x)
        first, second = (i, j) if reverse else (j, i)
        chosen = ops.less(first, second) if exclusive else ops.less_equal(first, second)
        return ops.total(ops.where(chosen, insert_axis(x, -2), 0.0), [-1])
    line = x[..., ::-1] if reverse else x
    if exclusive:
        sums = np.concatenate([np.zeros((*line.shape[:-1], 1)), np.cumsum(line, axis=-1)], axis=-1)[..., :-1]
    else:
        sums = np.cumsum(line, axis=-1)
    return sums[..., ::-1] if reverse else sums


def softmax_last(x: Any) -> Any:
    """exp(x) / sum(exp(x)) over the last axis, without overflow."""
    shape = ops.shape_of(x)
    powers = ops.exp(x - ops.back_along(ops.largest_to_subtract(x, [-1]), [-1], shape))
    return powers / ops.total(powers, [-1], keepdims=True)


def lengths_after(x: Any) -> Any:
    """For each element the Euclidean length of those after it on the last axis."""
    if isinstance(x, Node):
        return ops.sqrt(cumsum_last(x * x, reverse=True, exclusive=True))
    lengths = np.hypot.accumulate(np.abs(x[..., ::-1]), axis=-1)[..., ::-1]
    return np.concatenate([lengths[..., 1:], np.zeros((*x.shape[:-1], 1))], axis=-1)


def stack(parts: Sequence[Any], event_dim: int) -> Any:
    """The parts along a new axis, which becomes the first of the last `event_dim` ones."""
    if not any(isinstance(part, Node) for part in parts):
        return np.stack(np.broadcast_arrays(*parts), axis=-event_dim)
    shape = ops.broadcast_shapes(*map(ops.shape_of, parts))
    at = len(shape) + 1 - event_dim
    index = [Axis(k) for k in range(len(shape))]
    result: Any = 0.0
    for k, part in enumerate(parts):
        wide = ops.to_float(ops.broadcast_to(part, shape))
        result = result + ops.scatter(wide, (*index[:at], k, *index[at:]), (*shape[:at], len(parts), *shape[at:]))
    return result


def unstack(x: Any, event_dim: int) -> list[Any]:
    """The parts along the first of the last `event_dim` axes, whose length is a number."""
    shape = ops.shape_of(x)
    at = len(shape) - event_dim
    count = known(shape[at], "the number of parts")
    if not isinstance(x, Node):
        return list(np.moveaxis(x, at, 0))
    rest = (*shape[:at], *shape[at + 1 :])
    index = [Axis(k) for k in range(len(rest))]
    return [ops.gather(x, (*index[:at], k, *index[at:]), rest) for k in range(count)]


def reshape_event(x: Any, before: Shape, after: Shape) -> Any:
    """Events of shape `before` with the shape `after`, in the order of rows."""
    shape = ops.shape_of(x)
    batch = shape[: len(shape) - len(before)]
    if not isinstance(x, Node):
        return np.reshape(x, (*batch, *after))
    target = (*batch, *after)
    place: Any = 0
    for k, size in enumerate(after):
        line = positions(size, x)
        place = place * ops.size_node(size) + ops.gather(line, (Axis(len(batch) + k),), target)
    entries: list[Any] = []
    for size in reversed(before):
        whole = _to_int(ops.floor(ops.to_float(place) / number(size)))
        entries.insert(0, ops.broadcast_to(ops.as_node(place - whole * ops.size_node(size)), target))
        place = whole
    return ops.gather(x, (*map(Axis, range(len(batch))), *entries), target)


# -- matrices --------------------------------------------------------------------------------------------------------


def row_column(size: Size, like: Any) -> tuple[Any, Any]:
    """The numbers of rows, (size, 1), and of columns, (1, size)."""
    line = positions(size, like)
    return insert_axis(line, -1), insert_axis(line, 0)


def rows_of_square(shape: Shape) -> Size:
    """The number of rows of square matrices of this shape. ValueError for others, ShapeMismatch where it is unknown."""
    if len(shape) < 2:
        raise ValueError(f"expected a square matrix, got an array of shape {shape}")
    agree(shape[-2], shape[-1], f"expected a square matrix, got an array of shape {shape}")
    return shape[-1]


def square_size(x: Any) -> Size:
    """The number of rows of square matrices. ValueError for other arrays."""
    return rows_of_square(ops.shape_of(x))


def diagonal(x: Any) -> Any:
    """The diagonals of square matrices: (..., n)."""
    if not isinstance(x, Node):
        return np.diagonal(x, axis1=-2, axis2=-1)
    square_size(x)
    last = x.rank - 2
    return ops.gather(x, (*map(Axis, range(last)), Axis(last), Axis(last)), x.shape[:-1])


def with_diagonal(x: Any, values: Any) -> Any:
    """The matrices with other diagonals: a number, or (..., n)."""
    i, j = row_column(square_size(x), x)
    column = insert_axis(values, -1) if ops.shape_of(values) else values
    return ops.where(ops.equal(i, j), column, x)


def strict_lower(x: Any) -> Any:
    """The matrices with zeros on and above their diagonals."""
    i, j = row_column(square_size(x), x)
    return ops.where(ops.less(j, i), x, 0.0)


def tril(x: Any) -> Any:
    """The matrices, which need not be square, with zeros above their diagonals."""
    if not isinstance(x, Node):
        return np.tril(x)
    rows, columns = (positions(size, x) for size in x.shape[-2:])
    return ops.where(ops.greater_equal(insert_axis(rows, -1), insert_axis(columns, 0)), x, 0.0)


def identity(size: Size, like: Any) -> Any:
    """The identity matrix: a node if `like` is one."""
    return ops.to_float(ops.equal(*row_column(size, like)))


def transpose(x: Any) -> Any:
    """The matrices transposed."""
    return swap_axes(x, -1, -2)


def matmul(a: Any, b: Any) -> Any:
    """np.matmul as a product and a sum, which fuse with what is around them; `linalg.product` is for large matrices."""
    if not isinstance(a, Node) and not isinstance(b, Node):
        return np.matmul(a, b)
    left, right = ops.shape_of(a), ops.shape_of(b)
    if not left or not right:
        raise ValueError("a matrix product needs arrays with at least one axis")
    inner, other = left[-1], right[max(len(right) - 2, 0)]
    if inner != other:
        raise ops.ShapeMismatch(inner, other)
    if len(right) == 1:
        return ops.total(a * b, [-1])
    if len(left) == 1:
        return ops.total(insert_axis(a, 1) * b, [-2])
    return ops.total(insert_axis(a, -1) * insert_axis(b, -3), [-2])


def matvec(a: Any, x: Any) -> Any:
    """Products of matrices (..., n, k) and vectors (..., k)."""
    return ops.total(a * insert_axis(x, -2), [-1])


def fill_lower(values: Any, size: int, *, strict: bool = False) -> Any:
    """Lower triangles of (..., size, size) from vectors, row after row, zeros elsewhere.

    strict: without the diagonal; then `values` has size * (size - 1) / 2 elements, else size * (size + 1) / 2.
    """
    batch = ops.shape_of(values)[:-1]
    if last_size(values) == 0:
        return ops.broadcast_to(ops.as_node(0.0) if isinstance(values, Node) else 0.0, (*batch, size, size))
    i, j = row_column(size, values)
    below = ops.less(j, i) if strict else ops.less_equal(j, i)
    before = _to_int((i * (i - 1) if strict else i * (i + 1)) * 0.5)
    return ops.where(below, take_last(values, ops.where(below, before + j, 0)), 0.0)


def read_lower(x: Any, *, strict: bool = False) -> Any:
    """The lower triangles as vectors, row after row: the inverse of `fill_lower`."""
    size = known(square_size(x), "a triangle")
    if not isinstance(x, Node):
        rows, columns = np.tril_indices(size, -1 if strict else 0)
        return x[..., rows, columns]
    count = size * (size - 1) // 2 if strict else size * (size + 1) // 2
    place = positions(count, x)
    row = _to_int(ops.floor((ops.sqrt(8.0 * place + 1.0) - 1.0) * 0.5))
    column = place - _to_int(row * (row + 1) * 0.5)
    row = row + 1 if strict else row
    batch = x.shape[:-2]
    shape = (*batch, count)
    index = (*map(Axis, range(len(batch))), ops.broadcast_to(row, shape), ops.broadcast_to(column, shape))
    return ops.gather(x, index, shape)


def triangle_size(count: Size, *, strict: bool = False) -> int:
    """The number of rows of the triangle with `count` elements. ValueError if there is none."""
    elements = known(count, "a triangle")
    size = int((np.sqrt(8.0 * elements + 1.0) + (1.0 if strict else -1.0)) / 2.0 + 0.5)
    if triangle_count(size, strict=strict) != elements:
        raise ValueError(f"no triangle of a square matrix has {elements} elements")
    return size


def triangle_count(size: Size, *, strict: bool = False) -> int:
    """The number of elements of a triangle."""
    rows = known(size, "a triangle")
    return rows * (rows - 1) // 2 if strict else rows * (rows + 1) // 2


def _to_int(x: Any) -> Any:
    return ops.apply("to_int", x)
