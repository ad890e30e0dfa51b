"""Which loops over rows go through them group by group.

A loop is grouped where rows are added into places that one index array of the data tells (the adjoint of
`alpha[group]`), and where all that is read by row is data, which can be brought into the order of the groups once, when
it is bound. Rows are then visited in another order; nothing that leaves the loop may know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence

from ..diagnostics import Record
from ..ir.dims import Dim
from ..ir.nodes import INT, Axis, Call, Const, Gather, Input, Map, Node, Scan, Scatter
from ..ir.nodes import Size as SizeNode
from .dependence import Operation, Read, complete_at, is_operation, iteration_space
from .fuse import Item, Nest
from .kernel import Order

# How an index, or a value, varies from row to row: not at all; as its group does; it is the row itself; in a way that
# only the data tells; it is a neighbour of the row.
FREE, BY_GROUP, ROW, BY_VALUE, SHIFTED = range(5)

Note = Callable[[Node, tuple[int, ...]], None]


class Groups(Record):
    """order: how the rows go by group. sums: what is added up for each group. shared: results that are the same for all
    rows of a group.
    """

    order: Order
    sums: frozenset[Scatter]
    shared: frozenset[Operation]


def mark_groups(
    items: Sequence[Item], reads: dict[Operation, list[Read]], outputs: Iterable[Node], particles: Dim | None
) -> None:
    """Set `groups` of every loop of the tree that is to go through its rows by group."""
    kept = set(outputs)
    for item in items:
        if isinstance(item, Nest) and item.steps_of is None:
            if item.size is particles:
                mark_groups(item.items, reads, kept, particles)
            else:
                item.groups = _groups_of(item, reads, kept)


def variation(
    node: Node, at: tuple[int, ...], key: Input | None, note: Note, shared: Container[Node] = frozenset()
) -> int:
    """How the element of `node` whose indices vary as `at` says varies from row to row.

    `note(leaf, at)` is called for every array that is read on the way. A value varies in no way that it can be indexed
    by row: ROW is for indices alone. What is `shared` by the rows of a group is known to be so.
    """
    if isinstance(node, (Const, SizeNode)):
        return FREE
    if isinstance(node, Gather):
        inner = tuple(_entry(e, at, key, note, shared) for e in node.index)
        return variation(node.source, inner, key, note, shared)
    if isinstance(node, Map) and not is_operation(node):
        return max(variation(a, at, key, note, shared) for a in node.operands)
    note(node, at)
    if node in shared and at.count(ROW) == 1 and SHIFTED not in at:
        return max(BY_GROUP, *(entry for entry in at if entry != ROW), FREE)
    if node is key and at == (ROW,):
        return BY_GROUP
    most = max(at, default=FREE)
    return BY_VALUE if most >= ROW else most


def _entry(
    entry: object, at: tuple[int, ...], key: Input | None, note: Note, shared: Container[Node] = frozenset()
) -> int:
    if isinstance(entry, Node):
        return variation(entry, at, key, note, shared)
    if isinstance(entry, Axis):
        below = at[entry.axis]
        return SHIFTED if below == ROW and entry.start != 0 else below
    return FREE


def _groups_of(nest: Nest, reads: dict[Operation, list[Read]], outputs: set[Node]) -> Groups | None:
    members = list(_inside(nest))
    if not any(isinstance(op, Scatter) and _is_by_value(op) for op in members):
        return None
    if any(isinstance(op, (Call, Scan)) for op in members) or _leaves_by_row(nest, members, reads, outputs):
        return None
    inside = set(members)
    found: Counter[Input] = Counter()

    def count(leaf: Node, at: tuple[int, ...]) -> None:
        if isinstance(leaf, Input) and leaf.role == "data" and leaf.dtype == INT and at == (ROW,):
            found[leaf] += 1

    for op in members:
        for entry, at in _by_value_entries(op, nest.depth):
            variation(entry, at, None, count)
    for key, _ in found.most_common():
        sums = frozenset(op for op in members if isinstance(op, Scatter) and _is_sum(op, nest.depth, key))
        if sums and all(_is_ordered(op, nest, key, inside) for op in members):
            return Groups(Order(key, nest.size), sums, _shared(members, nest.depth, key))
    return None


def _inside(nest: Nest) -> Iterator[Operation]:
    for item in nest.items:
        if isinstance(item, Nest):
            yield from _inside(item)
        else:
            yield item


def _is_by_value(node: Gather | Scatter) -> bool:
    return any(isinstance(e, Node) for e in node.index)


def _leaves_by_row(
    nest: Nest, members: Sequence[Operation], reads: dict[Operation, list[Read]], outputs: set[Node]
) -> bool:
    """Whether an array over the rows is read after the loop."""
    inside = set(members)
    by_row = {op for op in members if complete_at(op) > nest.depth}
    return not by_row.isdisjoint(outputs) or any(
        read.producer in by_row for op, found in reads.items() if op not in inside for read in found
    )


def _here(op: Operation, depth: int) -> tuple[int, ...]:
    return tuple(ROW if k == depth else FREE for k in range(len(iteration_space(op))))


def _by_value_entries(op: Operation, depth: int) -> Iterator[tuple[Node, tuple[int, ...]]]:
    """The index entries by value of what an operation reads, and of itself."""
    here = _here(op, depth)
    pending: list[tuple[Node, tuple[int, ...]]] = [(a, here) for a in op.args]
    if isinstance(op, Scatter):
        yield from ((e, here) for e in op.index if isinstance(e, Node))
    while pending:
        node, at = pending.pop()
        if isinstance(node, Gather):
            yield from ((e, at) for e in node.index if isinstance(e, Node))
            pending.append((node.source, tuple(_entry(e, at, None, _ignore) for e in node.index)))
        elif isinstance(node, Map) and not is_operation(node):
            pending += [(a, at) for a in node.operands]


def _is_sum(op: Scatter, depth: int, key: Input) -> bool:
    """Whether all rows of a group are added into the same places."""
    here = _here(op, depth)
    entries = [_entry(e, here, key, _ignore) for e in op.index]
    return max(entries, default=FREE) == BY_GROUP


def _shared(members: Sequence[Operation], depth: int, key: Input) -> frozenset[Operation]:
    found: set[Operation] = set()
    for op in members:
        here = _here(op, depth)
        if isinstance(op, Map) and max(variation(a, here, key, _ignore, found) for a in op.args) == BY_GROUP:
            found.add(op)
    return frozenset(found)


def _is_ordered(op: Operation, nest: Nest, key: Input, inside: set[Operation]) -> bool:
    """Whether an operation reads by row only what can be brought into another order."""
    wrong: list[Node] = []

    def look(leaf: Node, at: tuple[int, ...]) -> None:
        if SHIFTED in at or (ROW in at and leaf not in inside and not _can_be_ordered(leaf, at)):
            wrong.append(leaf)

    here = _here(op, nest.depth)
    for arg in (op.source,) if isinstance(op, Scatter) else op.args:
        variation(arg, here, key, look)
    if isinstance(op, Scatter):
        entries = [_entry(e, here, key, look) for e in op.index]
        if complete_at(op) <= nest.depth and (ROW in entries or SHIFTED in entries):
            return False
    return not wrong


def _can_be_ordered(leaf: Node, at: tuple[int, ...]) -> bool:
    return isinstance(leaf, Input) and leaf.role == "data" and at.count(ROW) == 1


def _ignore(leaf: Node, at: tuple[int, ...]) -> None:
    """Nothing to note."""
