"""Turn what is done once for a free index into an axis: every node that depends on it gets leading axes.

Loops over data, particles and the steps of a recurrence are all this one rewrite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .dims import Shape, Size
from .nodes import (
    Axis,
    Call,
    Const,
    Draw,
    Gather,
    History,
    Index,
    IndexEntry,
    Iota,
    Map,
    Node,
    Scan,
    Scatter,
    Site,
    inherit_origins,
    make,
)
from .ops import gather, scatter
from .walk import topological, with_parts


def batch(
    roots: Iterable[Node], size: Size, varies: Callable[[Node], bool], index: Index | None = None
) -> dict[Node, Node]:
    """Map each node below `roots` to itself, or to its batched form if it depends on `index` or on a node that varies.

    `varies(node)` says which Draw and Site nodes differ from one element to the next. After this, `index` is gone.
    """

    def leaf(node: Node) -> Node | None:
        if node is index:
            return make(Iota, node.dtype, (size,))
        if isinstance(node, Draw) and varies(node):
            return make(Draw, node.dtype, (size, *node.shape), noise=node.noise, site=node.site, slot=node.slot)
        if isinstance(node, Site) and varies(node):
            return make(Site, node.dtype, (size, *node.shape), name=node.name)
        return None

    return lift(roots, (size,), leaf, index)


def lift(
    roots: Iterable[Node], lead: Shape, leaf: Callable[[Node], Node | None], index: Index | None = None
) -> dict[Node, Node]:
    """Map each node below `roots` to itself, or to its form with the axes `lead` in front if it depends on a leaf.

    leaf: gives a leaf's replacement, which has those axes; None for every other node. index: a leaf whose sums with
    constants are positions along the first axis of `lead`.
    """
    lifted = Lifted(lead, index)
    with inherit_origins() as follow:
        for node in topological(roots):
            follow(node)
            fresh = leaf(node)
            if fresh is None and any(a in lifted.varying for a in node.args):
                fresh = lifted.form(node)
            if fresh is not None:
                lifted.varying.add(node)
            lifted.result[node] = node if fresh is None else fresh
    return lifted.result


class Lifted:
    """The nodes that have been lifted so far, and how the next one is."""

    def __init__(self, lead: Shape, index: Index | None) -> None:
        self.lead, self.index = lead, index
        self.result: dict[Node, Node] = {}
        self.varying: set[Node] = set()
        self._front = tuple(Axis(k) for k in range(len(lead)))

    def full(self, arg: Node) -> Node:
        """An argument with the leading axes, which it may not depend on."""
        if arg in self.varying:
            return self.result[arg]
        axes = tuple(Axis(k + len(self.lead)) for k in range(arg.rank))
        return gather(self.result[arg], axes, (*self.lead, *arg.shape))

    def entry(self, e: IndexEntry) -> IndexEntry:
        """An index entry over the iteration space with the leading axes."""
        if isinstance(e, Axis):
            return Axis(e.axis + len(self.lead), e.start)
        if not isinstance(e, Node):
            return e
        start = None if self.index is None else _offset(e, self.index)
        return self.full(e) if start is None else Axis(0, start)

    def form(self, node: Node) -> Node:
        """The node with the leading axes."""
        shape = (*self.lead, *node.shape)
        match node:
            case Map():
                operands = tuple(map(self.full, node.operands))
                return make(Map, node.dtype, shape, primitive=node.primitive, operands=operands)
            case Call():
                operands = tuple(map(self.full, node.operands))
                return make(Call, node.dtype, shape, function=node.function, operands=operands)
            case Gather():
                entries = tuple(map(self.entry, node.index))
                if node.source in self.varying:
                    return gather(self.result[node.source], (*self._front, *entries), shape)
                return gather(self.result[node.source], entries, shape)
            case Scatter():
                return scatter(self.full(node.source), (*self._front, *map(self.entry, node.index)), shape)
            case Scan():
                args = map(self.full, node.args)
                return with_parts(node, tuple(args), node.body, shape)
            case History():
                return make(History, node.dtype, shape, scan=self.result[node.scan], number=node.number)
        raise AssertionError(f"{type(node).__name__} cannot be lifted")


def _offset(entry: Node, index: Index) -> int | None:
    """k if the entry is `index + k`."""
    offset = 0
    while True:
        match entry:
            case Index() if entry is index:
                return offset
            case Gather():
                entry = entry.source
            case Map(primitive="add", operands=(rest, other)) if (k := _constant(other)) is not None:
                entry, offset = rest, offset + k
            case Map(primitive="sub", operands=(rest, other)) if (k := _constant(other)) is not None:
                entry, offset = rest, offset - k
            case _:
                return None


def _constant(node: Node) -> int | None:
    if isinstance(node, Gather):
        node = node.source
    return node.value if isinstance(node, Const) and isinstance(node.value, int) else None
