"""Where a missing value (NaN) in the data would be read, and where a condition hides it.

A condition hides it in three ways: `x != x` is a question about it, `where(condition, a, b)` chooses between values of
data alone, and `x[condition]` reads only some elements of data. Between values with parameters in them it does not:
their gradients would become 0 * NaN.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ir.nodes import Draw, Gather, IndexEntry, Input, Map, Node, SharedDraw, Site
from ..ir.walk import topological
from ..lower.found import is_found


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
        elif isinstance(node, Gather) and isinstance(node.source, Input) and any(map(_is_choice, node.index)):
            # Which elements are read was found in the data.
            pending += [entry for entry in node.index if isinstance(entry, Node)]
        elif isinstance(node, Map) and node.primitive == "not_equal" and node.operands[0] is node.operands[1]:
            continue
        elif isinstance(node, Map) and node.primitive == "where":
            condition, *choices = node.operands
            pending += [condition, *(one for one in choices if one not in of_data)]
        else:
            pending += node.args
    return found


def _is_choice(entry: IndexEntry) -> bool:
    """Whether an index holds places that were found in data."""
    while isinstance(entry, Gather):
        entry = entry.source
    return isinstance(entry, Node) and is_found(entry)


def _of_data(order: Iterable[Node]) -> set[Node]:
    """What neither a parameter nor a draw of a particle is part of: no gradient flows there."""
    known: set[Node] = set()
    for node in order:
        is_leaf = not node.args and (not isinstance(node, (Draw, Site)) or isinstance(node, SharedDraw))
        if (is_leaf and getattr(node, "role", "") != "param") or (node.args and all(a in known for a in node.args)):
            known.add(node)
    return known
