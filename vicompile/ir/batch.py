"""Turn a free index into an axis: every node that depends on it gets one more leading axis.

Loops over data and particles are both this one rewrite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .dims import Size
from .nodes import Axis, Const, Draw, Gather, Index, IndexEntry, Iota, Map, Node, Scatter, Site, inherit_origins, make
from .ops import gather, scatter
from .walk import topological


def batch(
    roots: Iterable[Node], size: Size, varies: Callable[[Node], bool], index: Index | None = None
) -> dict[Node, Node]:
    """Map each node below `roots` to itself, or to its batched form if it depends on `index` or on a node that varies.

    `varies(node)` says which Draw and Site nodes differ from one element to the next. After this, `index` is gone.
    """
    result: dict[Node, Node] = {}
    batched: set[Node] = set()
    with inherit_origins() as follow:
        for node in topological(roots):
            follow(node)
            own = node is index or (isinstance(node, (Draw, Site)) and varies(node))
            if own or any(a in batched for a in node.args):
                batched.add(node)
                result[node] = _batched(node, size, result, batched, index)
            else:
                result[node] = node
    return result


def _batched(node: Node, size: Size, result: dict[Node, Node], batched: set[Node], index: Index | None) -> Node:
    def lifted(arg: Node) -> Node:
        if arg in batched:
            return result[arg]
        return gather(result[arg], tuple(Axis(k + 1) for k in range(arg.rank)), (size, *arg.shape))

    def entry(e: IndexEntry) -> IndexEntry:
        if isinstance(e, Axis):
            return Axis(e.axis + 1, e.start)
        if not isinstance(e, Node):
            return e
        start = None if index is None else _offset(e, index)
        return lifted(e) if start is None else Axis(0, start)

    shape = (size, *node.shape)
    match node:
        case Index():
            return make(Iota, node.dtype, (size,))
        case Draw():
            return make(Draw, node.dtype, shape, noise=node.noise, site=node.site, slot=node.slot)
        case Site():
            return make(Site, node.dtype, shape, name=node.name)
        case Map():
            return make(Map, node.dtype, shape, primitive=node.primitive, operands=tuple(map(lifted, node.operands)))
        case Gather():
            entries = tuple(map(entry, node.index))
            if node.source in batched:
                return gather(result[node.source], (Axis(0), *entries), shape)
            return gather(result[node.source], entries, shape)
        case Scatter():
            return scatter(lifted(node.source), (Axis(0), *map(entry, node.index)), shape, node.combine)
    raise AssertionError(f"{type(node).__name__} cannot be batched")


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
