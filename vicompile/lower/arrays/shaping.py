"""The same elements under another shape: reshape, transpose, swapaxes, expand_dims, squeeze."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...ir import ops
from ...ir.dims import Dim, Shape, Size, product, quotient
from ...ir.nodes import Axis, Node
from ..bounds import Bound, Bounded, as_size, whole
from .convert import as_array, axes_of, axis_of, positions


def reshape(a: Any, *sizes: Any, shape: Any = None, order: str = "C") -> Any:
    """np.reshape and x.reshape, in the order of C; one size may be -1.

    Sizes may be symbols: the products on both sides must be equal as polynomials, or are asked to be.
    """
    x = as_array(a)
    if order != "C":
        raise NotImplementedError(f"np.reshape with order={order!r}", "transpose before and after")
    given = sizes if shape is None else (shape,)
    wanted, bounds = _completed(x, given[0] if len(given) == 1 and isinstance(given[0], (tuple, list)) else given)
    return Bounded(reshaped(x, wanted), bounds) if bounds else reshaped(x, wanted)


def _completed(x: Node, given: Sequence[Any]) -> tuple[Shape, list[Bound]]:
    """The shape with its -1 replaced, and what must hold for it."""
    free = [k for k, size in enumerate(given) if not isinstance(size, Dim) and whole(size, "a size") == -1]
    if len(free) > 1:
        raise ValueError("only one size can be -1")
    sizes: list[Size] = [1 if k in free else as_size(size) for k, size in enumerate(given)]
    count, rest = product(x.shape), product(tuple(sizes))
    bounds: list[Bound] = []
    if free:
        sizes[free[0]], bounds = parts_of(count, rest)
    elif rest != count:
        if isinstance(count, int) and isinstance(rest, int):
            raise ValueError(f"an array of {_elements(count)} cannot get a shape of {_elements(rest)}")
        raise ops.ShapeMismatch(count, rest)
    return tuple(sizes), bounds


def parts_of(count: Size, size: Size) -> tuple[Size, list[Bound]]:
    """How many parts of one size there are in a count, which must be a multiple of it."""
    exact = quotient(count, size)
    if exact is not None:
        return exact, []
    if not isinstance(size, int):
        what = "a shape with -1 whose other sizes are not known to divide the number of elements"
        raise NotImplementedError(what, "write the size in place of -1")
    if isinstance(count, int) or size == 0:
        raise ValueError(f"{_elements(count)} cannot be divided into parts of {_elements(size)}")
    return count // size, [("multiple", count, size)]


def _elements(count: Size) -> str:
    from ..text import size_text

    return f"{size_text(count)} element{'s' * (count != 1)}"


def reshaped(x: Node, shape: Shape) -> Any:
    """Axes are taken in groups whose products agree: within a group the elements are counted."""
    entries: list[Any] = []
    old = new = 0
    while old < x.rank or new < len(shape):
        old_end, new_end = _group(x.shape, old, shape, new)
        inside = [k for k in range(old, old_end) if x.shape[k] != 1]
        outside = [k for k in range(new, new_end) if shape[k] != 1]
        if [x.shape[k] for k in inside] == [shape[k] for k in outside]:
            found: dict[int, Any] = {k: Axis(j) for k, j in zip(inside, outside)}
        else:
            found = _unravelled(_ravelled(shape, outside), inside, x.shape)
        entries += [found.get(k, 0) for k in range(old, old_end)]
        old, new = old_end, new_end
    return ops.gather(x, tuple(entries), shape)


def _group(left: Shape, i: int, right: Shape, j: int) -> tuple[int, int]:
    """The ends of the shortest stretches from i and j with one product; of the rest, if there are none."""
    for end in range(i, len(left) + 1):
        count = product(left[i:end])
        for other in range(j, len(right) + 1):
            if (end, other) != (i, j) and product(right[j:other]) == count and end > i and other > j:
                return end, other
    return len(left), len(right)


def _ravelled(shape: Shape, axes: Sequence[int]) -> Any:
    """The number of each element, counted along these axes, the last one fastest."""
    if not axes:
        return ops.broadcast_to(ops.as_node(0), shape)
    number: Any = positions(shape, axes[0])
    for k in axes[1:]:
        number = number * shape[k] + positions(shape, k)
    return number


def _unravelled(number: Any, axes: Sequence[int], shape: Shape) -> dict[int, Any]:
    """The position along each of the axes of the element with this number."""
    found: dict[int, Any] = {}
    for place, k in enumerate(axes):
        later = product(tuple(shape[m] for m in axes[place + 1 :]))
        here = number if later == 1 else ops.floor_divide(number, later)
        found[k] = here if place == 0 else ops.modulo(here, shape[k])
    return found


def ravel(a: Any) -> Any:
    """np.ravel and x.flatten"""
    return reshape(a, -1)


def transpose(a: Any, *order_of_axes: Any, axes: Any = None) -> Any:
    """np.transpose and x.transpose: all axes in reverse order, or in the order that is given."""
    x = as_array(a)
    given = axes if axes is not None or not order_of_axes else order_of_axes
    if given is order_of_axes and len(given) == 1 and (given[0] is None or isinstance(given[0], (tuple, list))):
        given = given[0]
    order = list(reversed(range(x.rank))) if given is None else [axis_of(x, k) for k in given]
    if sorted(order) != list(range(x.rank)):
        raise ValueError(f"the axes {tuple(order)} are not those of an array with {ops.axes_text(x.rank)}")
    return ops.gather(x, tuple(Axis(order.index(k)) for k in range(x.rank)), tuple(x.shape[k] for k in order))


def reversed_axes(x: Any) -> Any:
    """x.T"""
    return transpose(x)


def matrix_transpose(x: Any) -> Any:
    """x.mT: the last two axes change places."""
    return swapaxes(x, -1, -2)


def swapaxes(a: Any, axis1: int, axis2: int) -> Any:
    """np.swapaxes"""
    x = as_array(a)
    order = list(range(x.rank))
    one, other = axis_of(x, axis1), axis_of(x, axis2)
    order[one], order[other] = other, one
    return transpose(x, order)


def moveaxis(a: Any, source: Any, destination: Any) -> Any:
    """np.moveaxis"""
    x = as_array(a)
    sources, targets = axes_of(x, source), axes_of(x, destination)
    if len(sources) != len(targets):
        raise ValueError("np.moveaxis needs as many destinations as sources")
    order = [k for k in range(x.rank) if k not in sources]
    for target, origin in sorted(zip(targets, sources)):
        order.insert(target, origin)
    return transpose(x, order)


def expand_dims(a: Any, axis: Any) -> Any:
    """np.expand_dims"""
    x = as_array(a)
    given = [whole(k, "an axis") for k in (axis if isinstance(axis, (tuple, list)) else (axis,))]
    rank = x.rank + len(given)
    if any(not -rank <= k < rank for k in given):
        raise ValueError(f"axis {axis} is out of bounds for a new axis of an array with {ops.axes_text(x.rank)}")
    fresh = {k % rank for k in given}
    kept = [k for k in range(rank) if k not in fresh]
    shape = tuple(1 if k in fresh else x.shape[kept.index(k)] for k in range(rank))
    return ops.gather(x, tuple(map(Axis, kept)), shape)


def squeeze(a: Any, axis: Any = None) -> Any:
    """np.squeeze of axes whose size is literally one"""
    x = as_array(a)
    gone = {k for k in axes_of(x, axis) if axis is not None or x.shape[k] == 1}
    for k in gone:
        if x.shape[k] != 1:
            raise ops.ShapeMismatch(x.shape[k], 1)
    kept = [k for k in range(x.rank) if k not in gone]
    index = tuple(0 if k in gone else Axis(kept.index(k)) for k in range(x.rank))
    return ops.gather(x, index, tuple(x.shape[k] for k in kept))


def at_least(rank: int) -> Any:
    """np.atleast_1d or np.atleast_2d of one array."""

    def widened(a: Any) -> Any:
        x = as_array(a)
        return ops.broadcast_to(x, (1,) * (rank - x.rank) + x.shape)

    return widened


def select(x: Node, axis: int, position: Size) -> Any:
    """The slice at one position of one axis."""
    index = tuple(position if k == axis else Axis(k - (k > axis)) for k in range(x.rank))
    return ops.gather(x, index, tuple(s for k, s in enumerate(x.shape) if k != axis))
