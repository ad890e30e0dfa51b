"""Which nodes the data alone decides: neither a parameter nor a draw is below them."""

from __future__ import annotations

from collections.abc import Iterable

from ..ir.nodes import Const, Input, Iota, Node
from ..ir.nodes import Size as SizeNode


def data_only(order: Iterable[Node]) -> set[Node]:
    """The nodes of `order`, which holds arguments first, that depend on data, sizes and constants alone."""
    fixed: set[Node] = set()
    for node in order:
        is_leaf = isinstance(node, (Const, SizeNode, Iota)) or (isinstance(node, Input) and node.role == "data")
        if is_leaf or (node.args and all(a in fixed for a in node.args)):
            fixed.add(node)
    return fixed
