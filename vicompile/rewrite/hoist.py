"""What depends on the data alone is computed once, when the data is bound.

After it: no transcendental function, no sum, no recurrence and no whole-array function of data alone is left in the
kernel, and nothing that is read at places found in the data. A cheap elementwise expression stays: reading another
array costs more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..diagnostics import Record
from ..ir.dims import Dim
from ..ir.nodes import INT, Axis, Call, Gather, History, IndexEntry, Input, Map, Node, Scan, Scatter, make
from ..ir.ops import gather
from ..ir.primitives import primitives
from ..ir.walk import replace, topological
from ..lower.found import is_found
from .data_only import data_only
from .narrow import narrowed_sum

_CHEAP = {name for name, row in primitives().items() if row.operands in ("number", "bool", "select", "any")} | {
    "div",
    "sqrt",
    "abs",
}


class Hoisted(Record):
    """The rewritten roots, and for each new input the expression that gives its value."""

    roots: tuple[Node, ...]
    definitions: dict[Input, Node]


def hoist(roots: Sequence[Node], *, whole_as_floats: bool = False, particles: Dim | None = None) -> Hoisted:
    """Replace maximal expensive expressions of data by inputs.

    whole_as_floats: so are whole numbers of data where they are converted, as int64 they take the room of two float32.
    particles: an axis that no data has, for their number may change from call to call.
    """
    order = topological(roots)
    fixed = data_only(order)
    narrow: dict[Node, Node] = {n: _narrowed(n) for n in order if n in fixed and _takes_found(n)}
    narrow.update((n, narrowed_sum(n)) for n in order if n in fixed and isinstance(n, Scatter))
    narrow = replace(roots, narrow)
    roots = [narrow[root] for root in roots]
    order = topological(roots)
    fixed = data_only(order)
    expensive: set[Node] = set()
    for node in order:
        # Broadcasting is free where it is read: what is kept is what was broadcast.
        if (
            node in fixed
            and particles not in node.shape
            and (
                is_expensive(node)
                or (whole_as_floats and _converts_data(node))
                or (not _broadcasts(node) and any(a in expensive for a in node.args))
            )
        ):
            expensive.add(node)
    reached = _reached(roots, expensive)
    tops = [node for node in order if node in expensive and node in reached]
    definitions: dict[Input, Node] = {}
    mapping: dict[Node, Node] = {}
    for node in tops:
        value = make(Input, node.dtype, node.shape, name=f"hoisted.{len(definitions)}", role="data")
        definitions[value] = node
        mapping[node] = value
    rebuilt = replace(roots, mapping)
    return Hoisted(tuple(rebuilt[r] for r in roots), definitions)


def _converts_data(node: Node) -> bool:
    return (
        isinstance(node, Map)
        and node.primitive == "to_float"
        and isinstance(node.operands[0], Input)
        and node.operands[0].dtype == INT
        and node.rank > 0
    )


def is_expensive(node: Node) -> bool:
    """Worth computing once: sums, recurrences, whole-array and elementary functions, what is found in data."""
    if isinstance(node, Map):
        return node.primitive not in _CHEAP
    return isinstance(node, (Scatter, Call, Scan, History)) or _takes_found(node)


def _takes_found(node: Node) -> bool:
    """Whether elements are taken at places that were found in data: they lie side by side once they are copied."""
    return isinstance(node, Gather) and any(isinstance(e, Node) and is_found(_source(e)) for e in node.index)


def _source(node: Node) -> Node:
    while isinstance(node, Gather):
        node = node.source
    return node


def _narrowed(node: Node) -> Node:
    """What is taken without the axes along which it is only repeated, and then repeated."""
    assert isinstance(node, Gather)
    used: set[int] = set()
    for entry in node.index:
        if isinstance(entry, Axis):
            used.add(entry.axis)
        elif isinstance(entry, Gather) and not any(isinstance(e, Node) for e in entry.index):
            used |= {e.axis for e in entry.index if isinstance(e, Axis)}
        elif isinstance(entry, Node):
            used.update(range(node.rank))
    axes = sorted(used)
    if len(axes) == node.rank:
        return node
    shape = tuple(node.shape[k] for k in axes)

    def kept(entry: IndexEntry) -> IndexEntry:
        if isinstance(entry, Axis):
            return Axis(axes.index(entry.axis), entry.start)
        if isinstance(entry, Gather):
            return gather(entry.source, tuple(map(kept, entry.index)), shape)
        return entry

    core = make(Gather, node.dtype, shape, source=node.source, index=tuple(map(kept, node.index)))
    return make(Gather, node.dtype, node.shape, source=core, index=tuple(Axis(k) for k in axes))


def _broadcasts(node: Node) -> bool:
    return isinstance(node, Gather) and not any(isinstance(e, Node) for e in node.index)


def _reached(roots: Iterable[Node], stop: set[Node]) -> set[Node]:
    """The nodes below the roots, but for those below a node of `stop`."""
    found: set[Node] = set()
    pending = list(roots)
    while pending:
        node = pending.pop()
        if node not in found:
            found.add(node)
            if node not in stop:
                pending += node.args
    return found
