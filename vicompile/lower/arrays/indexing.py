"""Subscripts of arrays: x[items] as one gather, with what must hold at run time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...diagnostics import Record
from ...ir import ops
from ...ir.dims import Shape, Size
from ...ir.nodes import BOOL, INT, Axis, Node
from ..bounds import Bound, position, slice_bounds, stepped
from .convert import positions


class Places(Record, eq=False):
    """An index array that the program fixes: negative places count from the end.

    size: the size that the axis must have, where conditions were given for each of its elements.
    """

    node: Node
    size: Size | None = None


def index(x: Node, items: Sequence[Any]) -> tuple[Any, list[Bound]]:
    """x[items], and what must hold at run time.

    Items: whole numbers and sizes, slices, None, Ellipsis, integer nodes. Integer arrays broadcast against each other
    as in NumPy; if they and single numbers do not stand side by side, their axes come first.
    """
    given = _with_sizes(x, _without_ellipsis(x, list(items)))
    certain = [isinstance(item, Places) and item.size is not None for item, _ in given]
    items = [_from_start(item, size) for item, size in given]
    fancy = _fancy_shape([i for i in items if isinstance(i, Node)])
    shape: list[Size] = []
    entries: list[Any] = []
    bounds: list[Bound] = []
    fancy_at: int | None = None
    if any(isinstance(i, Node) for i in items) and not _side_by_side(items):
        fancy_at = 0
        shape.extend(fancy)
    steps: dict[int, tuple[Size, int]] = {}
    axis = 0
    for item, is_certain in zip(items, certain):
        if item is None:
            shape.append(1)
            continue
        length = x.shape[axis]
        axis += 1
        if isinstance(item, slice) and item.step not in (None, 1):
            start, count, step, needed = stepped(item, length)
            steps[len(entries)] = (start, step)
            entries.append(Axis(len(shape)))
            shape.append(count)
            bounds += needed
        elif isinstance(item, slice):
            start, stop, needed = slice_bounds(item, length)
            entries.append(Axis(len(shape), start))
            shape.append(stop - start)
            bounds += needed
        elif isinstance(item, Node):
            if fancy_at is None:
                fancy_at = len(shape)
                shape.extend(fancy)
            entries.append(item)
            bounds += [] if is_certain else [("index", item, length)]
        else:
            place, needed = position(item, length)
            entries.append(place)
            bounds += needed
    result_shape = tuple(shape)
    for k, (start, step) in steps.items():
        entries[k] = positions(result_shape, entries[k].axis) * step + start
    for k, entry in enumerate(entries):
        if isinstance(entry, Node) and k not in steps:
            entries[k] = _spread(entry, fancy, fancy_at or 0, result_shape)
    return ops.gather(x, tuple(entries), result_shape), bounds


def _with_sizes(x: Node, items: Sequence[Any]) -> list[tuple[Any, Size]]:
    """Each item with the size of the axis that it is for."""
    sizes = iter(x.shape)
    return [(item, 0 if item is None else next(sizes)) for item in items]


def _from_start(item: Any, size: Size) -> Any:
    if not isinstance(item, Places):
        return item
    if item.size is not None and item.size != size:
        raise ops.ShapeMismatch(size, item.size)
    return item.node if item.size is not None else ops.where(item.node < 0, item.node + size, item.node)


def _side_by_side(items: Sequence[Any]) -> bool:
    """Whether index arrays and numbers follow each other: NumPy moves their axes to the front otherwise."""
    places = [k for k, item in enumerate(items) if item is not None and not isinstance(item, slice)]
    return places[-1] - places[0] + 1 == len(places)


def _fancy_shape(arrays_: Sequence[Node]) -> Shape:
    for one in arrays_:
        if one.dtype == BOOL:
            advice = "its size depends on values: index data before you pass it, or choose with np.where"
            raise NotImplementedError("taking with a condition", advice)
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
