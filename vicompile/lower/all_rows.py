"""Of an expression over the rows of a batch the same over all rows that a batch may be made of.

So what must hold of the rows of a batch is asked of all rows, once, when the data is bound. The batch's random indices
are replaced by 0, 1, ..., size - 1, and the axes over the batch grow with them. Where that does not go through (sums
over the batch, data of the batch's own length) nothing is found, and the kernel compares in each step.
"""

from __future__ import annotations

from ..distributions import Distribution
from ..ir import ops
from ..ir.batch import batch
from ..ir.dims import Shape, Size
from ..ir.nodes import INT, Axis, Const, Gather, Index, IndexEntry, Iota, Map, Node, SharedDraw, make
from ..ir.walk import replace, topological
from .subsampling import is_random, least_above


def asked_of_data(distribution: Distribution, observed: Node) -> Node:
    """What must lie in the support of an observed site: of a batch all rows that it may be made of."""
    value: Node = ops.as_node(distribution.unmasked(observed))
    support = distribution.support
    assert support is not None
    has_own_bounds = any(isinstance(bound, Node) and bound.rank for bound in (support.low, support.high))
    return value if has_own_bounds else in_every_step(value) or value


def in_every_step(node: Node) -> Node | None:
    """An expression with all the values that `node` takes in one step or another; None where none is found."""
    order = topological([node])
    for below in order:
        if isinstance(below, Map) and below.primitive == "random_position" and isinstance(below.operands[0], Index):
            # One round of a loop over the batch: a round of a loop over all.
            row: Index = make(Index, INT, (), name="@row")
            size = least_above(below)
            assert size is not None
            of_row = replace([node], {below: row})[node]
            return in_every_step(batch([of_row], size, lambda _: False, row)[of_row])
    if not is_random(node):
        return node
    grown: dict[Node, Node] = {}
    random: set[Node] = set()
    for below in order:
        if isinstance(below, SharedDraw) or any(a in random for a in below.args):
            random.add(below)
            fresh = _grown(below, grown, random)
            if fresh is not None:
                grown[below] = fresh
    return grown.get(node)


def _grown(node: Node, grown: dict[Node, Node], random: set[Node]) -> Node | None:
    match node:
        case Map(primitive="random_position"):
            size = least_above(node)
            return None if size is None or not isinstance(node.operands[0], Iota) else make(Iota, INT, (size,))
        case Map():
            return _grown_map(node, grown, random)
        case Gather():
            return _grown_gather(node, grown, random)
    return None


def _grown_map(node: Map, grown: dict[Node, Node], random: set[Node]) -> Node | None:
    fresh = [grown.get(a) for a in node.operands if a in random]
    shapes = {one.shape for one in fresh if one is not None}
    if None in fresh or len(shapes) != 1:
        return None
    (shape,) = shapes
    operands = [grown[a] if a in random else _repeated(a, node.shape, shape) for a in node.operands]
    if None in operands:
        return None
    return make(Map, node.dtype, shape, primitive=node.primitive, operands=tuple(operands))


def _repeated(node: Node, before: Shape, after: Shape) -> Node | None:
    """What does not vary along the axes that grow, on the grown axes."""
    if isinstance(node, Gather) and not any(
        isinstance(e, Node) or (isinstance(e, Axis) and before[e.axis] != after[e.axis]) for e in node.index
    ):
        return ops.gather(node.source, node.index, after)
    return node if before == after or isinstance(node, Const) else None


def _grown_gather(node: Gather, grown: dict[Node, Node], random: set[Node]) -> Node | None:
    source = grown.get(node.source) if node.source in random else node.source
    entries: list[IndexEntry] = [grown.get(e, e) if isinstance(e, Node) else e for e in node.index]
    if source is None or any(isinstance(e, Node) and e in random for e in entries):
        return None
    shape: list[Size] = list(node.shape)
    for place, (old, new) in enumerate(zip(node.index, entries)):
        if isinstance(old, Node) and isinstance(new, Node):
            shape = [b if b != a else c for a, b, c in zip(old.shape, new.shape, shape)]
        elif isinstance(old, Axis) and source.shape[place] != node.source.shape[place]:
            if old.start != 0 or node.shape[old.axis] != node.source.shape[place]:
                return None
            shape[old.axis] = source.shape[place]
    after = tuple(shape)
    for place, (old, new) in enumerate(zip(node.index, entries)):
        # Whatever else is read along an axis that grew must have grown with it.
        if isinstance(new, Node) and new.shape != after:
            return None
        grew = isinstance(old, Axis) and after[old.axis] != node.shape[old.axis]
        if grew and source.shape[place] == node.source.shape[place]:
            return None
    index = tuple(_as_axis(e) if isinstance(e, Node) else e for e in entries)
    return ops.gather(source, index, after)


def _as_axis(entry: Node) -> IndexEntry:
    """Positions 0, 1, 2, ... along one axis are that axis."""
    if isinstance(entry, Iota):
        return Axis(0)
    if isinstance(entry, Gather) and isinstance(entry.source, Iota) and isinstance(entry.index[0], Axis):
        return entry.index[0]
    return entry
