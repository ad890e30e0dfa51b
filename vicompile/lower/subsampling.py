"""Which elements of a plate are in: all of them, a random choice of every step, or those whose indices are given.

The random choice is the image of 0, 1, ..., k - 1 under a random permutation of all elements. Two uniforms that all
particles of a step share choose the permutation, and they belong to the plate's name: model and guide see the same
elements. Nothing here costs more than the number of elements that are in.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..diagnostics import Span
from ..ir import ops
from ..ir.dims import Dim, Size
from ..ir.nodes import FLOAT, INT, Const, Gather, Input, Iota, Map, Node, SharedDraw, make
from ..ir.nodes import Size as SizeNode
from ..ir.walk import topological
from .context import Context, equate, fail
from .errors import InvalidOperation
from .text import describe
from .trace import Check
from .values import Plate


def chosen_elements(
    context: Context, name: str, size: Size, values: dict[str, Any], spans: dict[str, Span], span: Span
) -> Node | None:
    """The indices of the elements that are in; None where all of them are."""
    given, wanted = values.get("subsample"), values.get("subsample_size")
    place = spans.get("subsample_size", span)
    is_whole = isinstance(wanted, (int, np.integer, Dim)) and not isinstance(wanted, bool)
    if wanted is not None and not (is_whole and wanted != 0):
        found = "a number that is computed" if isinstance(wanted, Node) else describe(wanted) if wanted != 0 else 0
        what = f"`subsample_size` of plate `{name}` must be a whole number from 1 that is known before the data"
        advice = "; make it of lengths and whole numbers by +, *, //, min and max" if isinstance(wanted, Node) else ""
        fail(InvalidOperation(place, f"{what}, not {found}{advice}"))
    count: Size | None = wanted if wanted is None or isinstance(wanted, Dim) else int(wanted)
    if given is not None:
        return _given(context, name, size, given, count, spans["subsample"])
    if count is None or count == size:
        return None
    if isinstance(count, int) and isinstance(size, int):
        if not 1 <= count <= size:
            fail(InvalidOperation(place, f"the plate `{name}` has {size} elements; {count} cannot be chosen from them"))
    else:
        context.trace.checks.append(Check("subsample", name, place, needed=count, size=size))
    return _random(make(Iota, INT, (count,)), size, name)


def _random(position: Node, size: Size, name: str) -> Node:
    first, second = (make(SharedDraw, FLOAT, (), noise="uniform", site=name, slot=k) for k in range(2))
    place: Node = ops.apply("random_position", position, ops.size_node(size), first, second)
    return place


def _given(context: Context, name: str, size: Size, given: Any, count: Size | None, place: Span) -> Node:
    if isinstance(given, (list, tuple)) and all(isinstance(one, int) for one in given):
        given = np.asarray(given, np.int64)
    indices = context.node(given, place, f"the indices of plate `{name}`")
    if indices.dtype != INT or indices.rank != 1:
        fail(InvalidOperation(place, f"`subsample` of plate `{name}` must be a one-dimensional array of whole numbers"))
    if count is not None and count != indices.shape[0]:
        equate(count, indices.shape[0], place)
    context.trace.checks.append(Check("index", "", place, value=indices, size=size))
    return indices


def element(plate: Plate, index: Node) -> Node:
    """The element of one round of a loop over a plate."""
    if plate.chosen is None:
        return index
    if isinstance(plate.chosen, Map):
        return _random(index, plate.size, plate.name)
    given = ops.gather(plate.chosen, (index,), ())
    # The copy marks it as the element of a plate: names of sites may be made from it.
    return make(Map, INT, (), primitive="copy", operands=(given,))


def weight(plate: Plate) -> Node | None:
    """What an element that is in counts for: size / length."""
    if plate.chosen is None:
        return None
    count = ops.to_float(ops.size_node(plate.length))
    result: Node = ops.as_node(ops.to_float(ops.size_node(plate.size)) / count)
    return result


def batch_of(node: Node) -> Node:
    """Rows of a matrix of data that are in, to be copied once in each step and then read in order, however often."""
    if isinstance(node, Gather) and node.rank > 1 and isinstance(node.source, Input) and node.source.role == "data":
        return make(Map, node.dtype, node.shape, primitive="copy", operands=(node,)) if is_random(node) else node
    return node


def is_random(node: Node) -> bool:
    """Whether a choice of elements is below a node, and differs from step to step."""
    return any(isinstance(below, SharedDraw) for below in topological([node]))


def least_above(index: Node) -> Size | None:
    """The size of the plate whose elements an index numbers: all its values are below it. None for any other index."""
    while isinstance(index, Gather):
        index = index.source
    if not isinstance(index, Map) or index.primitive != "random_position":
        return None
    size = index.operands[1]
    while isinstance(size, Gather):
        size = size.source
    if isinstance(size, SizeNode):
        return size.dim
    return int(size.value) if isinstance(size, Const) else None
