"""Operands of Calls are brought into memory as whole blocks.

After it: every operand of a Call is an operation, a float input, or a Gather of one of these that leaves the core axes
as they are, so that the core is an array in memory with one distance between its elements.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..ir.calls import batch_rank
from ..ir.dims import Shape, Size
from ..ir.nodes import FLOAT, Axis, Call, Gather, Input, Map, Node, make
from ..ir.walk import rebuild
from .dependence import is_operation

Output = tuple[Node, Size, Shape]


def with_whole_blocks(outputs: Sequence[Output]) -> list[Output]:
    """The outputs with copies put in front of Calls where they are needed."""
    mapping = rebuild([node for node, _, _ in outputs], _blocked)
    return [(mapping[node], offset, shape) for node, offset, shape in outputs]


def _blocked(node: Node) -> Node | None:
    if not isinstance(node, Call):
        return None
    batch = batch_rank(node)
    operands = tuple(
        operand if _is_block(operand, operand.rank - batch) else _copied(operand) for operand in node.operands
    )
    return make(Call, node.dtype, node.shape, function=node.function, operands=operands)


def _copied(node: Node) -> Node:
    return make(Map, FLOAT, node.shape, primitive="copy", operands=(node,))


def _is_block(node: Node, core: int) -> bool:
    if not isinstance(node, Gather):
        return _is_in_memory(node)
    source, axes = node.source, range(node.rank - core, node.rank)
    return (
        _is_in_memory(source)
        and source.rank >= core
        and node.index[source.rank - core :] == tuple(Axis(k) for k in axes)
        and source.shape[source.rank - core :] == node.shape[node.rank - core :]
        and not any(isinstance(e, Node) for e in node.index)
        and not any(isinstance(e, Axis) and e.axis in axes for e in node.index[: source.rank - core])
    )


def _is_in_memory(node: Node) -> bool:
    return is_operation(node) or (isinstance(node, Input) and node.dtype == FLOAT)
