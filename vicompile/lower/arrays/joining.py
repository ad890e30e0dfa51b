"""Several arrays as one, and one as several: stack, concatenate, append, split."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from ...ir import ops
from ...ir.dims import Shape, Size
from ...ir.nodes import FLOAT, Axis, Node
from ..bounds import Bound, Bounded, slice_bounds, whole
from .convert import alike, as_array, axis_of
from .indexing import index
from .shaping import at_least, moveaxis, parts_of, ravel, transpose


def stack(items: Sequence[Any]) -> Any:
    """np.array of a list that has nodes in it: one new leading axis."""
    if not items:
        raise ValueError("an array cannot be made of an empty list here: np.zeros(0) is one")
    nodes = alike([as_array(v) for v in items])
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


def _parts(arrays: Any) -> list[Node]:
    """The arrays of a list; the slices along the first axis of an array, where their number is fixed."""
    if isinstance(arrays, Node):
        from .shaping import select

        if not arrays.rank or not isinstance(arrays.shape[0], int):
            raise NotImplementedError("joining the slices of an array of any length", "give a list of arrays")
        return [select(arrays, 0, k) for k in range(arrays.shape[0])]
    return [as_array(a) for a in arrays]


def stack_along(arrays: Any, axis: int = 0) -> Any:
    """np.stack"""
    return moveaxis(arrays if isinstance(arrays, Node) else stack(arrays), 0, axis)


def concatenate(arrays: Any, axis: Any = 0) -> Any:
    """np.concatenate"""
    nodes = alike(_parts(arrays))
    if axis is None:
        nodes, axis = [ravel(n) for n in nodes], 0
    along = axis_of(nodes[0], axis)
    length: Size = 0
    for node in nodes:
        if node.rank != nodes[0].rank:
            raise ValueError("the parts of an array must all have the same number of axes")
        length = length + node.shape[along]
    result: Any = 0.0 if nodes[0].dtype == FLOAT else 0
    start: Size = 0
    for node in nodes:
        shape = tuple(length if k == along else s for k, s in enumerate(nodes[0].shape))
        for k, (s, t) in enumerate(zip(node.shape, shape)):
            if k != along and s != t:
                raise ops.ShapeMismatch(s, t)
        result = result + ops.scatter(node, tuple(Axis(k, start if k == along else 0) for k in range(node.rank)), shape)
        start = start + node.shape[along]
    return result


def hstack(tup: Any) -> Any:
    """np.hstack"""
    nodes = [at_least(1)(n) for n in _parts(tup)]
    return concatenate(nodes, 0 if nodes[0].rank == 1 else 1)


def vstack(tup: Any) -> Any:
    """np.vstack"""
    return concatenate([at_least(2)(n) for n in _parts(tup)], 0)


def dstack(tup: Any) -> Any:
    """np.dstack"""
    return concatenate([_at_least_3(n) for n in _parts(tup)], 2)


def _at_least_3(x: Node) -> Node:
    lead = {0: (None, None, None), 1: (None, slice(None), None), 2: (slice(None), slice(None), None)}
    return index(x, lead[x.rank])[0] if x.rank < 3 else x


def column_stack(tup: Any) -> Any:
    """np.column_stack"""
    return concatenate([transpose(at_least(2)(n)) if n.rank < 2 else n for n in _parts(tup)], 1)


def append(arr: Any, values: Any, axis: Any = None) -> Any:
    """np.append"""
    return concatenate([arr, values], axis)


def split(ary: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    """np.split: into a fixed number of equal parts, or at places that are whole numbers or sizes."""
    x = as_array(ary)
    along = axis_of(x, axis)
    length = x.shape[along]
    bounds: list[Bound] = []
    if isinstance(indices_or_sections, (tuple, list)):
        places: list[Any] = [None, *indices_or_sections, None]
    else:
        count = whole(indices_or_sections, "the number of parts")
        if count <= 0:
            raise ValueError("np.split needs at least one part")
        part, bounds = parts_of(length, count)
        places = [part * k for k in range(count)] + [None]
    parts = []
    for start, stop in itertools.pairwise(places):
        first, last, needed = slice_bounds(slice(start, stop), length)
        bounds += needed
        shape = tuple(last - first if k == along else s for k, s in enumerate(x.shape))
        parts.append(ops.gather(x, tuple(Axis(k, first if k == along else 0) for k in range(x.rank)), shape))
    return Bounded(parts, bounds)


def array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    """np.array_split: into a fixed number of parts, the first ones longer by one where need be, or at places."""
    x = as_array(ary)
    if isinstance(indices_or_sections, (tuple, list)):
        return split(x, indices_or_sections, axis)
    count, length = whole(indices_or_sections, "the number of parts"), x.shape[axis_of(x, axis)]
    if count <= 0:
        raise ValueError("np.array_split needs at least one part")
    ends = list(itertools.accumulate((length + (count - 1 - k)) // count for k in range(count - 1)))
    return split(x, ends, axis)


def hsplit(ary: Any, indices_or_sections: Any) -> Any:
    """np.hsplit"""
    x = as_array(ary)
    return split(x, indices_or_sections, 0 if x.rank == 1 else 1)


def vsplit(ary: Any, indices_or_sections: Any) -> Any:
    """np.vsplit"""
    return split(_of_rank(ary, 2, "np.vsplit"), indices_or_sections, 0)


def dsplit(ary: Any, indices_or_sections: Any) -> Any:
    """np.dsplit"""
    return split(_of_rank(ary, 3, "np.dsplit"), indices_or_sections, 2)


def _of_rank(value: Any, rank: int, name: str) -> Node:
    x = as_array(value)
    if x.rank < rank:
        raise ValueError(f"{name} needs at least {ops.axes_text(rank)}")
    return x
