"""Recurrences in the tree of loops: each becomes a loop over its steps, one after the other.

The body is laid out like everything else, for all steps at once; only the leaf of a carried value is special: it reads
the history of the value, which the step before has written. So the loops inside a step, the variables and the buffers
come from the same rules as elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from ..diagnostics import Record
from ..ir.dims import Size
from ..ir.nodes import History, Map, Node, Scan, Slot
from ..ir.scan import histories, over_steps, slot
from .dependence import Operation, Read, operations, reads
from .fuse import Item, Nest, fuse

_keys = count()


class Place(Record):
    """Elements of a history: those at `position` along its axis of steps, counted from the step if `moves`."""

    history: History
    position: Size
    moves: bool


class Steps:
    """All recurrences of a kernel. `leaves`: what reads a carried value. `writers`: what writes one."""

    def __init__(self) -> None:
        self.leaves: dict[Slot, Place] = {}
        self.writers: dict[Operation, Place] = {}

    def unfold(self, items: Sequence[Item], read_by: dict[Operation, list[Read]]) -> list[Item]:
        """The tree with a loop behind each recurrence; what was read by the new operations is noted in `read_by`."""
        found: list[Item] = []
        for item in items:
            if isinstance(item, Nest):
                item.items = self.unfold(item.items, read_by)
            found.append(item)
            if isinstance(item, Scan):
                found += self._loops(item, read_by)
        return found

    def _loops(self, scan: Scan, read_by: dict[Operation, list[Read]]) -> list[Item]:
        lead = (*scan.shape, scan.length)
        bound, key = scan.bound, f"@step{next(_keys)}"
        before: list[Operation] = []
        kept = [history for history in histories(scan) if isinstance(history, History)]
        for k, history in enumerate(kept):
            shape = (*lead, *history.shape[len(lead) :])
            leaf = slot("carry", key, k, history, shape)
            self.leaves[leaf] = Place(history, 1 if scan.backwards else 0, True)
            bound[scan.slots[k]] = leaf
            before.append(self._writer(scan.init[k], Place(history, scan.length if scan.backwards else 0, False)))
        results = over_steps(scan.body, bound, lead, scan.rank)
        writers = [self._writer(r, Place(h, 0 if scan.backwards else 1, True)) for r, h in zip(results, kept)]
        outside = {one for op in read_by for one in (op,)}
        inside = [op for op in operations(writers) if op not in outside]
        for op in (*before, *inside):
            read_by[op] = reads(op)
        body = self.unfold(fuse(inside, read_by, len(lead)), read_by)
        loop = Nest(scan.length, scan.rank, body, steps_of=scan)
        return [*fuse(before, read_by, scan.rank), loop]

    def _writer(self, value: Node, place: Place) -> Operation:
        # Not interned: the same value may be written to several places.
        writer = Map()
        writer.dtype, writer.shape, writer.primitive, writer.operands = value.dtype, value.shape, "copy", (value,)
        self.writers[writer] = place
        return writer
