"""Which operation reads which, and how far their loops could be shared.

An operation is a Map, a Scatter, a Call or a Scan: what takes time. A Map iterates over its own shape, a Scatter over
its source's, a Call and a Scan over their batch axes; the loop over a Scan's steps is its own. Everything else (inputs,
constants, gathers, histories) is a way of reading, and stands where it is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from ..diagnostics import Record
from ..ir.calls import batch_rank
from ..ir.dims import Dim, Shape
from ..ir.nodes import Axis, Call, Gather, History, Map, Node, Scan, Scatter
from ..ir.walk import topological

Operation: TypeAlias = Map | Scatter | Call | Scan
Entry: TypeAlias = "Axis | int | Dim | None"  # None: a position that depends on values


class Read(Record, eq=False):
    """`consumer` reads `producer` at `point`, given in the consumer's iteration axes."""

    consumer: Operation
    producer: Operation
    point: tuple[Entry, ...]

    @property
    def shared(self) -> int:
        """How many leading loops the two may share: the value read is complete once those have reached the same
        place.
        """
        depth = 0
        space = iteration_space(self.consumer)
        for k in range(min(len(self.point), len(space), complete_at(self.producer))):
            if self.point[k] is not Axis(k) or self.producer.shape[k] != space[k]:
                break
            depth += 1
        return depth

    @property
    def is_pointwise(self) -> bool:
        """The consumer reads exactly the element at its own place."""
        if isinstance(self.producer, Scan):
            return False
        return self.shared == self.producer.rank == len(iteration_space(self.consumer))


_COMPARISONS = frozenset({"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"})
_CHEAP = frozenset({"add", "sub", "mul", "neg", "to_float"}) | _COMPARISONS


def is_operation(node: Node) -> bool:
    """Maps, Scatters, Calls and Scans are scheduled; the rest is read in place, and so is arithmetic, or a comparison,
    of what is in memory anyway.
    """
    if isinstance(node, Map) and node.primitive in _CHEAP:
        return any(_holds_operation(a) for a in node.operands)
    return isinstance(node, (Map, Scatter, Call, Scan))


def _holds_operation(node: Node) -> bool:
    if isinstance(node, Gather):
        return any(_holds_operation(a) for a in node.args)
    return isinstance(node, (Map, Scatter, Call))


def iteration_space(operation: Operation) -> Shape:
    """The loops an operation needs."""
    if isinstance(operation, Call):
        return operation.shape[: batch_rank(operation)]
    return operation.source.shape if isinstance(operation, Scatter) else operation.shape


def complete_at(operation: Operation) -> int:
    """The number of leading loops inside which an element of the result is finished."""
    if isinstance(operation, (Map, Scan)):
        return operation.rank
    if isinstance(operation, Call):
        return batch_rank(operation)
    depth = 0
    for k, entry in enumerate(operation.index):
        if entry is not Axis(k) or operation.shape[k] != operation.source.shape[k]:
            break
        depth += 1
    return depth


def operations(roots: Iterable[Node]) -> list[Operation]:
    """All operations, producers first."""
    return [n for n in topological(roots) if isinstance(n, (Map, Scatter, Call, Scan)) and is_operation(n)]


def reads(operation: Operation) -> list[Read]:
    """Every read of another operation's result."""
    found: list[Read] = []

    def visit(node: Node, point: tuple[Entry, ...]) -> None:
        if isinstance(node, (Map, Scatter, Call)) and is_operation(node):
            found.append(Read(operation, node, point))
        elif isinstance(node, Map):
            for operand in node.operands:
                visit(operand, point)
        elif isinstance(node, History):
            found.append(Read(operation, node.scan, point))
        elif isinstance(node, Gather):
            for entry in node.index:
                if isinstance(entry, Node):
                    visit(entry, point)
            visit(node.source, tuple(_through(entry, point) for entry in node.index))

    here: tuple[Entry, ...] = tuple(Axis(k) for k in range(len(iteration_space(operation))))
    if isinstance(operation, Scan):
        for arg in operation.args:
            visit(arg, (*here, *[None] * (arg.rank - len(here))))
    elif isinstance(operation, Map):
        for operand in operation.operands:
            visit(operand, here)
    elif isinstance(operation, Call):
        for operand in operation.operands:
            visit(operand, here + (None,) * (operand.rank - len(here)))
    else:
        visit(operation.source, here)
        for entry in operation.index:
            if isinstance(entry, Node):
                visit(entry, here)
    return found


def _through(entry: object, point: tuple[Entry, ...]) -> Entry:
    if isinstance(entry, Axis):
        below = point[entry.axis]
        if isinstance(below, Axis):
            return Axis(below.axis, below.start + entry.start)
        return None if below is None else below + entry.start
    return entry if isinstance(entry, (int, Dim)) else None
