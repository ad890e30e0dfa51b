"""The code around the rows of a grouped loop.

The rows of a group are cut into pieces, and up to a block of pieces stand side by side, one a lane. In each round the
loop takes one row of every piece that still has one. So what is gathered by group is read once for a piece, what is
added up by group has an accumulator for each lane, and every round is straight vector code, be the groups large or
small. Which rows make a piece is decided when data is bound (`compiler.grouping`).

For one grouped loop at depth 1 with the table `rounds`:

    for group1 in range(rounds[0]):                      # blocks of pieces
        first1 = rounds[1 + group1]                      # where the starts of its rounds lie in the table
        pieces1 = rounds[first1 + 1] - rounds[first1]
        ...                                              # gathers by owners[256 * group1 + i1], zeros
        for round1 in range(rounds[2 + group1] - first1):
            start1 = rounds[first1 + round1]
            rows1 = rounds[first1 + round1 + 1] - start1
            ...                                          # the rows of a round, like those of any other block
        ...                                              # sums go to their groups
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from ..ir.dims import Size
from ..ir.nodes import Gather, Node, Scatter
from .dependence import Operation
from .expressions import ZERO, mentions, plus, times
from .kernel import Apply, Expression, Let, Literal, Load, Loop, Name, Statement, Store
from .lanes import BLOCK, Lanes
from .memory import Memory
from .variation import BY_GROUP, BY_VALUE, FREE, ROW, variation

# The number of an inner loop and its rounds.
Axes: TypeAlias = tuple[tuple[int, Size], ...]


class Near:
    """What a grouped loop keeps near: a buffer of lanes for everything that is the same for all rows of a piece."""

    def __init__(self, memory: Memory, lanes: Lanes) -> None:
        assert lanes.groups is not None
        self.memory, self.lanes = memory, lanes
        self._reads: dict[Expression, tuple[str, Axes]] = {}
        self._shared: dict[Operation, tuple[str, Axes]] = {}
        self._sums: dict[Scatter, tuple[str, Axes, Literal, Callable[[Expression], Statement]]] = {}

    @property
    def group(self) -> Expression:
        """The group of a lane's piece."""
        assert self.lanes.groups is not None
        block = times(Literal(BLOCK), Name(self.lanes.group))
        return Load(self.memory.owners(self.lanes.groups.order), plus(block, Name(self.lanes.lane)))

    def holds(self, node: Gather, point: Sequence[Expression]) -> bool:
        """Whether all rows of a piece read the same element of a gather by value."""
        assert self.lanes.groups is not None
        if not any(isinstance(e, Node) for e in node.index):
            return False
        at = tuple(map(self._variation, point))
        groups = self.lanes.groups
        return variation(node, at, groups.order.key, shared=groups.shared) == BY_GROUP

    def _variation(self, index: Expression) -> int:
        """How a position varies from row to row, as far as loop variables and sizes tell."""
        if index == plus(Name(self.lanes.start), Name(self.lanes.lane)):
            return ROW
        match index:
            case Literal():
                return FREE
            case Name(name=name):
                is_loop = name[:1] == "i" and name[1:].isdigit() and name != self.lanes.lane
                return FREE if is_loop or self.memory.is_size(name) else BY_VALUE
            case Apply(args=args):
                return FREE if all(self._variation(a) == FREE for a in args) else BY_VALUE
        return BY_VALUE

    def read(self, value: Expression, axes: Axes) -> Expression:
        """A value that all rows of a piece share, read once; `axes`: the inner loops around it."""
        used = tuple(axis for axis in axes if mentions(value, f"i{axis[0]}"))
        if value not in self._reads:
            self._reads[value] = self._buffer(used), used
        return Load(self._reads[value][0], self._place(used))

    def share(self, op: Operation, value: Expression, axes: Axes) -> Expression:
        """The value of an operation that all rows of a piece share, computed once."""
        found = self.read(value, axes)
        self._shared[op] = self._reads[value]
        return found

    def is_shared(self, op: Node) -> bool:
        """Whether `share` was called for an operation."""
        return op in self._shared

    def shared(self, op: Operation, point: Sequence[Expression]) -> Expression:
        """The shared value of an operation at a point, where it is read by another one."""
        name, axes = self._shared[op]
        return Load(name, self._place(axes, point))

    def add_up(
        self, op: Scatter, axes: Axes, start: Literal, store: Callable[[Expression], Statement]
    ) -> tuple[str, Expression]:
        """The place of a sum's accumulator: its buffer, and the index there.

        axes: the inner loops that tell its elements apart. start: what it starts from. store: the statement that adds
        a piece's sum to its group.
        """
        if op not in self._sums:
            self._sums[op] = (self._buffer(axes), axes, start, store)
        return self._sums[op][0], self._place(axes)

    def loop(self, body: Sequence[Statement]) -> list[Statement]:
        """The loop over blocks of pieces around the statements of one round."""
        assert self.lanes.groups is not None
        lanes, rounds = self.lanes, self.memory.rounds(self.lanes.groups.order)
        group, first, pieces, number = Name(lanes.group), Name(lanes.first), Name(lanes.pieces), Name(lanes.round)

        def entry(*parts: Expression) -> Expression:
            index: Expression = ZERO
            for part in parts:
                index = plus(index, part)
            return Load(rounds, index)

        one, two = Literal(1), Literal(2)
        head: list[Statement] = [
            Let(lanes.first, entry(one, group)),
            Let(lanes.pieces, Apply("sub", (entry(first, one), entry(first)))),
        ]
        fills = [(axes, Store(name, self._place(axes), value)) for value, (name, axes) in self._reads.items()]
        zeros = [(axes, Store(name, self._place(axes), start)) for name, axes, start, _ in self._sums.values()]
        stores = [(axes, store(Load(name, self._place(axes)))) for name, axes, _, store in self._sums.values()]
        inner: list[Statement] = [
            Let(lanes.start, entry(first, number)),
            Let(lanes.count, Apply("sub", (entry(first, number, one), Name(lanes.start)))),
            *body,
        ]
        rows = Loop(lanes.round, Apply("sub", (entry(two, group), first)), tuple(inner))
        whole = (*head, *self._lanes([*fills, *zeros], pieces), rows, *self._lanes(stores, pieces))
        return [Loop(lanes.group, entry(), whole)]

    def _lanes(self, statements: Sequence[tuple[Axes, Statement]], pieces: Expression) -> list[Statement]:
        """The statements for every lane, those of the same inner loops together."""
        together: dict[Axes, list[Statement]] = {}
        for axes, statement in statements:
            together.setdefault(axes, []).append(statement)
        found: list[Statement] = []
        # What varies along more axes reads what varies along fewer.
        for axes, group in sorted(together.items(), key=lambda item: len(item[0])):
            loop: Statement = Loop(self.lanes.lane, pieces, tuple(group))
            for k, size in axes:
                loop = Loop(f"i{k}", self.memory.count(size), (loop,))
            found.append(loop)
        return found

    def _buffer(self, axes: Axes) -> str:
        return self.memory.near(tuple(size for _, size in axes))

    def _place(self, axes: Axes, point: Sequence[Expression] = ()) -> Expression:
        index: Expression = ZERO
        for k, size in reversed(axes):
            index = plus(point[k] if point else Name(f"i{k}"), times(self.memory.size(size), index))
        return plus(Name(self.lanes.lane), times(Literal(BLOCK), index))
