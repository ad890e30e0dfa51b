"""From what a program hands to an array function to nodes, axes and shapes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...ir import ops
from ...ir.dims import Shape, Size, product
from ...ir.nodes import BOOL, INT, Axis, Iota, Node, make
from ..bounds import as_size, whole


def as_array(value: Any) -> Node:
    """A node for a number, a size, a node, or a list of them."""
    if isinstance(value, (list, tuple)):
        from .joining import stack

        node: Node = stack(value)
        return node
    return ops.as_node(value)


def axes_of(x: Node, axis: Any) -> list[int]:
    """The axes that an `axis` argument names, counted from the left; all of them for None. ValueError for repeats."""
    if axis is None:
        return list(range(x.rank))
    if not isinstance(axis, (tuple, list)):
        return [axis_of(x, axis)]
    axes = [axis_of(x, a) for a in axis]
    if len(set(axes)) < len(axes):
        raise ValueError(f"an axis stands twice in {tuple(axis)}")
    return axes


def count_along(x: Node, axis: Any) -> Size:
    """The number of elements along these axes."""
    return product(tuple(x.shape[a] for a in axes_of(x, axis)))


def shape_from(shape: Any) -> Shape:
    """A shape argument: a size, or a sequence of sizes."""
    return tuple(map(as_size, shape)) if isinstance(shape, (tuple, list)) else (as_size(shape),)


def axis_of(x: Node, axis: Any) -> int:
    """An axis counted from the left."""
    return ops.axis_of(x, whole(axis, "an axis"))


def positions(shape: Shape, axis: int) -> Node:
    """The position along one axis, as an int array of this shape."""
    size = shape[axis]
    return ops.gather(make(Iota, INT, (size,)), (Axis(axis),), shape)


def as_numbers(x: Node) -> Node:
    """Conditions as 0.0 and 1.0; numbers as they are."""
    return ops.to_float(x) if x.dtype == BOOL else x


def alike(nodes: Sequence[Node]) -> list[Node]:
    """Parts of one array with one type: whole numbers if all are, else floats."""
    if all(n.dtype == INT for n in nodes):
        return list(nodes)
    return [ops.to_float(n) for n in nodes]


def astype(x: Any, dtype: Any) -> Any:
    """x.astype(dtype): to whole numbers towards zero, to conditions by comparison with zero."""
    x = as_array(x)
    kind = np.dtype(dtype).kind
    if kind == "f":
        return ops.to_float(x)
    if kind in "iu":
        return x if x.dtype == INT else ops.apply("to_int", x)
    if kind == "b":
        return x if x.dtype == BOOL else ops.not_equal(x, 0 if x.dtype == INT else 0.0)
    raise NotImplementedError(f"arrays of dtype {np.dtype(dtype)}")
