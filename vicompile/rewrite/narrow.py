"""Sums of what is only repeated along an axis that the sum keeps: taken once, and then repeated."""

from __future__ import annotations

from ..ir.nodes import Axis, Gather, IndexEntry, Node, Scatter
from ..ir.ops import gather, scatter


def narrowed_sum(node: Scatter) -> Node:
    """The sum without the axes along which all of its terms are repeated, and then repeated; `node` if there are none.

    A product, a maximum or a minimum likewise.
    """
    source = node.source
    if not isinstance(source, Gather) or any(isinstance(e, Node) for e in (*source.index, *node.index)):
        return node
    read = {entry.axis for entry in source.index if isinstance(entry, Axis)}
    written = [entry.axis for entry in node.index if isinstance(entry, Axis)]
    kept_whole = {
        k: entry.axis
        for k, entry in enumerate(node.index)
        if isinstance(entry, Axis)
        and entry.axis not in read
        and written.count(entry.axis) == 1
        and entry.start == 0
        and node.shape[k] == source.shape[entry.axis]
    }
    if not kept_whole:
        return node
    dropped = set(kept_whole.values())
    axes = [k for k in range(source.rank) if k not in dropped]

    def renumbered(entry: IndexEntry) -> IndexEntry:
        return Axis(axes.index(entry.axis), entry.start) if isinstance(entry, Axis) else entry

    terms = gather(source.source, tuple(map(renumbered, source.index)), tuple(source.shape[k] for k in axes))
    outer = [k for k in range(node.rank) if k not in kept_whole]
    index = tuple(renumbered(node.index[k]) for k in outer)
    total = scatter(terms, index, tuple(node.shape[k] for k in outer), node.combine)
    repeated: Node = gather(total, tuple(Axis(k) for k in outer), node.shape)
    return repeated
