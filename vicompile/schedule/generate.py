"""From the loop tree to the Kernel.

Rows of a plate are lanes: the outermost loop that is not over particles runs over rows, and where its body has loops
of its own it is cut into blocks, so that the innermost loop is always over the rows of one block and vectorises,
whatever the other sizes are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..ir.dims import Dim, Size
from ..ir.nodes import Call, Draw, Input, Node, Scan
from .blocks import with_whole_blocks
from .dependence import operations, reads
from .fuse import Item, Nest, fuse
from .groups import mark_groups
from .kernel import Kernel, Statement
from .lanes import BLOCK, Lanes
from .memory import Memory
from .place import place, stands_alone
from .precision import Precision
from .steps import Steps
from .write import Writer


def schedule(
    name: str,
    loss: Node,
    gradients: Sequence[tuple[Node, Size]],
    *,
    params: Mapping[Input, Size],
    draws: Mapping[Draw, str],
    particles: Dim | None,
    origins: Mapping[Node, Any],
    precision: Precision | None = None,
) -> Kernel:
    """The kernel that writes `loss` to out[0] and each gradient node to its offset in out[1:].

    `params` gives the offset of each parameter in the params vector, `draws` the size symbol that holds each draw's
    offset in a noise row; the symbol "@noise_row" is the length of such a row. `precision` tells what is float32, by
    default nothing. Afterwards every operation is in exactly one loop nest.
    """
    outputs = [(loss, 0, ()), *((node, 1 + offset, node.shape) for node, offset in gradients)]
    steps = Steps()
    memory = Memory(params, draws, particles, steps, precision or Precision("float64"))
    targets = memory.claim_outputs(with_whole_blocks(outputs))
    todo = operations(targets)
    read_by = {op: reads(op) for op in todo}
    tree = steps.unfold(fuse(todo, read_by), read_by)
    mark_groups(tree, read_by, targets, particles)
    places = place(tree, read_by, targets)
    memory.assign(places)
    writer = Writer(memory, places, origins)
    body = _Generator(writer, memory, particles).items(tree, 0, None)
    return Kernel(name, memory.symbols(), tuple(memory.data), (*memory.prologue(), *body), memory.work, BLOCK)


class _Generator:
    """Walks the loop tree; `Writer` turns single operations into statements."""

    def __init__(self, writer: Writer, memory: Memory, particles: Dim | None) -> None:
        self.writer, self.memory, self.particles = writer, memory, particles

    def items(self, items: Sequence[Item], depth: int, lanes: Lanes | None) -> list[Statement]:
        """Statements for the items inside `depth` loops."""
        statements: list[Statement] = []
        run: list[Statement] = []
        accumulators: list[Any] = []

        def close_run() -> None:
            if run:
                statements.extend(self.writer.lane_loop(run, accumulators, lanes) if lanes else run)
                run.clear()
                accumulators.clear()

        for item in items:
            if isinstance(item, Scan):
                continue
            if isinstance(item, Nest):
                close_run()
                statements += self.nest(item, depth, lanes)
                continue
            alone = stands_alone(item, lanes.groups if lanes else None)
            if alone:
                close_run()
            if item in self.memory.needs_zero and self.memory.home(item) == depth:
                # In front of the open run, which it must not cut: variables pass from one end of it to the other.
                statements += self.writer.zero(item, lanes)
            if isinstance(item, Call):
                statements.append(self.writer.invoke(item, lanes))
                continue
            statement, accumulator = self.writer.operation(item, depth, lanes)
            run += statement
            if accumulator:
                accumulators.append(accumulator)
            if alone or not lanes:
                close_run()
        close_run()
        return statements

    def nest(self, nest: Nest, depth: int, lanes: Lanes | None) -> list[Statement]:
        """A loop, with the accumulators that it fills set to zero before it."""
        zeros = [z for op in self.memory.zeroed_before(nest) for z in self.writer.zero(op, lanes)]
        if lanes is not None or nest.size is self.particles or nest.steps_of is not None:
            body = self.items(nest.items, depth + 1, lanes)
            return [*zeros, *self.writer.loop(nest, body)]
        blocked = self._needs_blocks(nest)
        inner = Lanes(depth, nest.size, BLOCK if blocked else None, nest.groups)
        self.writer.enter(inner)
        body = self.items(nest.items, depth + 1, inner)
        return [*zeros, *self.writer.row_loop(inner, body)]

    def _needs_blocks(self, nest: Nest) -> bool:
        """More than one straight stretch of code, which meet in buffers of one block; or sums of float32, which are
        short. Groups come in blocks anyway.
        """
        return nest.groups is not None or any(
            isinstance(item, Nest) or stands_alone(item, None) or self.writer.sums_singles(item) for item in nest.items
        )
