"""Which loops over rows go through them group by group.

A loop is grouped where rows are added into places that one index array of the data tells (the adjoint of
`alpha[group]`), and where all that is read by row is data, which can be brought into the order of the groups once, when
it is bound. Rows are then visited in another order. Loops that pass arrays over the rows to each other do so together,
and nothing else may know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeGuard

from ..diagnostics import Record
from ..ir.dims import Dim
from ..ir.nodes import INT, Axis, Call, Gather, Input, Map, Node, Scan, Scatter
from .dependence import Operation, Read, complete_at, is_operation
from .fuse import Item, Nest
from .kernel import Order
from .variation import BY_GROUP, FREE, ROW, SHIFTED, entry, here, variation


class Groups(Record):
    """order: how the rows go by group. sums: what is added up for each group. shared: results that are the same for all
    rows of a group.
    """

    order: Order
    sums: frozenset[Scatter]
    shared: frozenset[Operation]


class _Part(Record, eq=False):
    """Operations of one loop that have nothing to do with its others."""

    nest: Nest
    ops: tuple[Operation, ...]


def mark_groups(
    items: list[Item], reads: Mapping[Operation, list[Read]], outputs: Iterable[Node], particles: Dim | None
) -> None:
    """Set `groups` of every loop of the tree that is to go through its rows by group.

    A loop whose parts go by different groups becomes several loops.
    """
    loops = list(_loops_over_rows(items, particles))
    if not any(isinstance(op, Scatter) and _is_by_value(op) for _, nest in loops for op in _inside(nest)):
        return
    parts = {nest: _parts(nest, reads) for _, nest in loops}
    keys: dict[_Part, Input | None] = {}
    for together in _together([part for found in parts.values() for part in found], reads, set(outputs)):
        keys.update(dict.fromkeys(together, _key(together)))
    for siblings, nest in loops:
        by_key: dict[Input | None, list[Operation]] = {}
        for part in parts[nest]:
            by_key.setdefault(keys.get(part), []).extend(part.ops)
        place = siblings.index(nest)
        siblings[place : place + 1] = [_only(nest, set(ops), key) for key, ops in by_key.items()]


def _loops_over_rows(items: list[Item], particles: Dim | None) -> Iterator[tuple[list[Item], Nest]]:
    """The loops, each with the list that it stands in."""
    for item in items:
        if isinstance(item, Nest) and item.steps_of is None:
            if item.size is particles:
                yield from _loops_over_rows(item.items, particles)
            else:
                yield items, item


def _inside(nest: Nest) -> Iterator[Operation]:
    for item in nest.items:
        if isinstance(item, Nest):
            yield from _inside(item)
        else:
            yield item


def _parts(nest: Nest, reads: Mapping[Operation, list[Read]]) -> list[_Part]:
    members = list(_inside(nest))
    if any(isinstance(op, (Call, Scan)) for op in members):
        return [_Part(nest, tuple(members))]
    above = {op: op for op in members}

    def first(op: Operation) -> Operation:
        while above[op] is not op:
            above[op] = op = above[above[op]]
        return op

    for op in members:
        for read in reads[op]:
            if read.producer in above:
                above[first(op)] = first(read.producer)
    found: dict[Operation, list[Operation]] = {}
    for op in members:
        found.setdefault(first(op), []).append(op)
    return [_Part(nest, tuple(ops)) for ops in found.values()]


def _only(nest: Nest, ops: set[Operation], key: Input | None) -> Nest:
    """The loop with some of its operations alone, by the groups of `key`."""
    items: list[Item] = []
    for item in nest.items:
        if not isinstance(item, Nest):
            items += [item] if item in ops else []
        elif not ops.isdisjoint(_inside(item)):
            items.append(_only(item, ops, None))
    groups = None
    if key is not None:
        sums = frozenset(op for op in ops if _is_sum(op, nest.depth, key))
        in_order = [op for op in _inside(nest) if op in ops]
        groups = Groups(Order(key, nest.size), sums, _shared(in_order, nest.depth, key))
    return Nest(nest.size, nest.depth, items, nest.steps_of, groups)


def _together(
    parts: Sequence[_Part], reads: Mapping[Operation, list[Read]], outputs: set[Node]
) -> Iterator[list[_Part]]:
    """Parts that must have one order of rows, because they pass arrays over the rows to each other."""
    part_of = {op: part for part in parts for op in part.ops}
    linked: dict[_Part | None, set[_Part | None]] = {part: set() for part in (*parts, None)}

    def link(part: _Part, other: _Part | None) -> None:
        linked[part].add(other)
        linked[other].add(part)

    for op, part in part_of.items():
        if op in outputs and complete_at(op) > part.nest.depth:
            link(part, None)
    for op, found in reads.items():
        reader = part_of.get(op)
        for read in found:
            writer = part_of.get(read.producer)
            if writer is not None and complete_at(read.producer) > writer.nest.depth:
                by_row = reader is not None and read.point[writer.nest.depth] is Axis(reader.nest.depth)
                link(writer, reader if by_row else None)
    # What is linked to None is read where rows have an order.
    seen: set[_Part | None] = set()
    for first in (None, *parts):
        if first not in seen:
            pending, together = [first], {first}
            while pending:
                fresh = linked[pending.pop()] - together
                together |= fresh
                pending += fresh
            seen |= together
            if first is not None:
                yield [part for part in parts if part in together]


def _key(parts: Sequence[_Part]) -> Input | None:
    """The index array by which these can go through their rows; of several the one that is read most."""
    every = {op: part.nest for part in parts for op in part.ops}
    if any(isinstance(op, (Call, Scan)) for op in every) or len({part.nest.size for part in parts}) > 1:
        return None
    found: Counter[Input] = Counter()

    def count(leaf: Node, at: tuple[int, ...]) -> None:
        if isinstance(leaf, Input) and leaf.role == "data" and leaf.dtype == INT and at == (ROW,):
            found[leaf] += 1

    for op, nest in every.items():
        for index, at in _entries_by_value(op, nest.depth):
            variation(index, at, None, count)
    for key, _ in found.most_common():
        has_sum = any(_is_sum(op, nest.depth, key) for op, nest in every.items())
        if has_sum and all(_is_ordered(op, nest, key, every) for op, nest in every.items()):
            return key
    return None


def _is_by_value(node: Gather | Scatter) -> bool:
    return any(isinstance(e, Node) for e in node.index)


def _entries_by_value(op: Operation, depth: int) -> Iterator[tuple[Node, tuple[int, ...]]]:
    """The index entries by value of what an operation reads, and of itself."""
    start = here(op, depth)
    pending: list[tuple[Node, tuple[int, ...]]] = [(a, start) for a in op.args]
    if isinstance(op, Scatter):
        yield from ((e, start) for e in op.index if isinstance(e, Node))
    while pending:
        node, at = pending.pop()
        if isinstance(node, Gather):
            yield from ((e, at) for e in node.index if isinstance(e, Node))
            pending.append((node.source, tuple(entry(e, at, None) for e in node.index)))
        elif isinstance(node, Map) and not is_operation(node):
            pending += [(a, at) for a in node.operands]


def _is_sum(op: Operation, depth: int, key: Input) -> TypeGuard[Scatter]:
    """Whether all rows of a group are added into the same places."""
    if not isinstance(op, Scatter):
        return False
    start = here(op, depth)
    return max((entry(e, start, key) for e in op.index), default=FREE) == BY_GROUP


def _shared(members: Sequence[Operation], depth: int, key: Input) -> frozenset[Operation]:
    found: set[Operation] = set()
    for op in members:
        start = here(op, depth)
        if isinstance(op, Map) and max(variation(a, start, key, shared=found) for a in op.args) == BY_GROUP:
            found.add(op)
    return frozenset(found)


def _is_ordered(op: Operation, nest: Nest, key: Input, every: Mapping[Operation, Nest]) -> bool:
    """Whether an operation reads by row only what comes in the order of the groups. every: what does, with its loop."""
    wrong: list[Node] = []

    def look(leaf: Node, at: tuple[int, ...]) -> None:
        producer = every.get(leaf)  # type: ignore[call-overload]
        if producer is not None and complete_at(leaf) > producer.depth:  # type: ignore[arg-type]
            is_right = at[producer.depth] == ROW and at.count(ROW) == 1
        else:
            is_right = ROW not in at or (isinstance(leaf, Input) and leaf.role == "data" and at.count(ROW) == 1)
        if SHIFTED in at or not is_right:
            wrong.append(leaf)

    start = here(op, nest.depth)
    for arg in (op.source,) if isinstance(op, Scatter) else op.args:
        variation(arg, start, key, look)
    if isinstance(op, Scatter):
        entries = [entry(e, start, key, look) for e in op.index]
        if complete_at(op) <= nest.depth and (ROW in entries or SHIFTED in entries):
            return False
    return not wrong
