"""Loop fusion: the operations as a tree of loops, each as full as the dependences allow.

At each depth the operations that need no further loop are placed as soon as they can be; the others are gathered into
nests by the size of their next axis. Two of one size share the nest if what one reads of the other is finished in the
same iteration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from ..ir.dims import Size
from ..ir.nodes import Scan
from .dependence import Operation, Read, iteration_space

if TYPE_CHECKING:
    from .groups import Groups


@dataclass(eq=False)
class Nest:
    """A loop over one axis and what is inside. `items` in order of execution.

    steps_of: the recurrence whose steps the loop goes through one after the other; None for independent iterations.
    groups: the groups by which the loop goes through its rows; None where it takes them as they come.
    """

    size: Size
    depth: int
    items: list[Item] = field(default_factory=list)
    steps_of: Scan | None = None
    groups: Groups | None = None


Item: TypeAlias = "Operation | Nest"


def fuse(operations: Sequence[Operation], reads: dict[Operation, list[Read]], depth: int = 0) -> list[Item]:
    """The loop tree for operations that already share `depth` loops."""
    members = set(operations)
    waiting = {op: [r for r in reads[op] if r.producer in members] for op in operations}
    done: set[Operation] = set()
    items: list[Item] = []

    def place(op: Operation) -> None:
        items.append(op)
        done.add(op)
        del waiting[op]

    while waiting:
        ready = _straight(waiting, done, depth)
        found = _fullest_nest(waiting, done | set(ready), depth)
        if found is None:
            for op in ready:
                place(op)
            continue
        size, group = found
        # Before the nest goes what it needs, and what nobody after it reads: the rest stays close to its readers, so
        # that values pass in variables instead of memory.
        needed, finished = _needed(ready, group, waiting), _finished(ready, waiting)
        for op in ready:
            if op in needed or (op in finished and all(r.producer in done for r in waiting[op])):
                place(op)
        items.append(Nest(size, depth, fuse(group, reads, depth + 1)))
        done.update(group)
        for op in group:
            del waiting[op]
    return items


def _straight(waiting: dict[Operation, list[Read]], done: set[Operation], depth: int) -> list[Operation]:
    """Operations without further loops whose inputs are there, in order."""
    ready: dict[Operation, None] = {}
    for op, needs in waiting.items():
        if len(iteration_space(op)) == depth and all(r.producer in done or r.producer in ready for r in needs):
            ready[op] = None
    return list(ready)


def _needed(ready: list[Operation], group: list[Operation], waiting: dict[Operation, list[Read]]) -> set[Operation]:
    wanted = {r.producer for op in group for r in waiting[op]}
    for op in reversed(ready):
        if op in wanted:
            wanted.update(r.producer for r in waiting[op])
    return wanted


def _finished(ready: list[Operation], waiting: dict[Operation, list[Read]]) -> set[Operation]:
    """The operations whose readers can all be placed with them."""
    readers: dict[Operation, list[Operation]] = {}
    for op, needs in waiting.items():
        for read in needs:
            readers.setdefault(read.producer, []).append(op)
    finished: set[Operation] = set()
    for op in reversed(ready):
        if all(reader in finished for reader in readers.get(op, [])):
            finished.add(op)
    return finished


def _fullest_nest(
    waiting: dict[Operation, list[Read]], done: set[Operation], depth: int
) -> tuple[Size, list[Operation]] | None:
    """The next nest: preferably one that takes every operation of its size that is still waiting."""
    groups: dict[Size, list[Operation]] = {}
    left_out: dict[Size, int] = {}
    chosen: dict[Size, set[Operation]] = {}
    for op, needs in waiting.items():
        space = iteration_space(op)
        if len(space) == depth:
            continue
        size = space[depth]
        inside = chosen.setdefault(size, set())
        if all(r.producer in done or (r.producer in inside and r.shared > depth) for r in needs):
            inside.add(op)
            groups.setdefault(size, []).append(op)
        else:
            left_out[size] = left_out.get(size, 0) + 1
    if not groups:
        return None
    size = min(groups, key=lambda s: (left_out.get(s, 0), -len(groups[s])))
    return size, groups[size]
