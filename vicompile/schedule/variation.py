"""How values and indices vary from row to row of a loop whose rows go by group."""

from __future__ import annotations

from collections.abc import Callable, Container

from ..ir.nodes import Axis, Const, Gather, Input, Map, Node
from ..ir.nodes import Size as SizeNode
from .dependence import Operation, is_operation, iteration_space

# Not at all; as the group does; it is the row itself; in a way that only the data tells; it is a neighbour of the row.
FREE, BY_GROUP, ROW, BY_VALUE, SHIFTED = range(5)

Note = Callable[[Node, tuple[int, ...]], None]


def ignore(leaf: Node, at: tuple[int, ...]) -> None:
    """Nothing to note."""


def here(op: Operation, depth: int) -> tuple[int, ...]:
    """How the iteration axes of an operation vary, of which number `depth` is the row."""
    return tuple(ROW if k == depth else FREE for k in range(len(iteration_space(op))))


def variation(
    node: Node, at: tuple[int, ...], key: Input | None, note: Note = ignore, shared: Container[Node] = frozenset()
) -> int:
    """How the element of `node` whose indices vary as `at` says varies from row to row: FREE, BY_GROUP or BY_VALUE.

    key: the index array whose elements are the groups. `note(leaf, at)` is called for every array that is read on the
    way. What is `shared` by the rows of a group is known to be so.
    """
    if isinstance(node, (Const, SizeNode)):
        return FREE
    if isinstance(node, Gather):
        return variation(node.source, tuple(entry(e, at, key, note, shared) for e in node.index), key, note, shared)
    if isinstance(node, Map) and not is_operation(node):
        return max(variation(a, at, key, note, shared) for a in node.operands)
    note(node, at)
    if node is key and at == (ROW,):
        return BY_GROUP
    if node in shared and at.count(ROW) == 1:
        return max(BY_GROUP, *(one for one in at if one != ROW), FREE)
    most = max(at, default=FREE)
    return BY_VALUE if most >= ROW else most


def entry(
    index: object, at: tuple[int, ...], key: Input | None, note: Note = ignore, shared: Container[Node] = frozenset()
) -> int:
    """How an entry of an index varies from row to row."""
    if isinstance(index, Node):
        return variation(index, at, key, note, shared)
    if isinstance(index, Axis):
        below = at[index.axis]
        return SHIFTED if below == ROW and index.start != 0 else below
    return FREE
