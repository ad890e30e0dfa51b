"""Where a missing value (NaN) in the data would be read, and where a condition hides it.

A condition hides it in two ways: `x != x` is a question about it, and `where(condition, a, b)` chooses between values
of data alone. Between values with parameters in them it does not: their gradients would become 0 * NaN.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ir.nodes import Draw, Input, Map, Node, SharedDraw, Site
from ..ir.walk import topological


def unguarded_inputs(roots: Iterable[Node]) -> set[Input]:
    """The data inputs whose NaN would reach a root. Whether a hiding condition really hides it is not asked here."""
    roots = list(roots)
    of_data = _of_data(topological(roots))
    found: set[Input] = set()
    seen: set[Node] = set()
    pending = roots
    while pending:
        node = pending.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, Input):
            found.add(node)
        elif isinstance(node, Map) and node.primitive == "not_equal" and node.operands[0] is node.operands[1]:
            continue
        elif isinstance(node, Map) and node.primitive == "where":
            condition, *choices = node.operands
            pending += [condition, *(one for one in choices if one not in of_data)]
        else:
            pending += node.args
    return found


def _of_data(order: Iterable[Node]) -> set[Node]:
    """What neither a parameter nor a draw of a particle is part of: no gradient flows there."""
    known: set[Node] = set()
    for node in order:
        is_leaf = not node.args and (not isinstance(node, (Draw, Site)) or isinstance(node, SharedDraw))
        if (is_leaf and getattr(node, "role", "") != "param") or (node.args and all(a in known for a in node.args)):
            known.add(node)
    return known
