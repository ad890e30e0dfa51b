"""Arithmetic that does nothing is removed, and logarithms of sigmoids are taken in one step.

After it: no multiplication by one, no addition of zero, no double negation, no operation on constants alone. x * 0 stays: it
is nan for an infinite x.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ir import ops
from ..ir.nodes import Const, Gather, Map, Node, Scatter
from ..ir.walk import rebuild


def simplify(roots: Iterable[Node]) -> dict[Node, Node]:
    """Map each node below `roots` to its simpler form."""
    return rebuild(roots, _simpler)


def uniform(node: Node) -> float | int | bool | None:
    """The number that every element of the node is, if that is plain to see."""
    while isinstance(node, Gather):
        node = node.source
    return node.value if isinstance(node, Const) else None


def _simpler(node: Node) -> Node | None:
    match node:
        case Map():
            return _simpler_map(node)
        case Gather():
            return ops.gather(node.source, node.index, node.shape)
        case Scatter() if isinstance(node.source, Scatter) and not node.index and not node.source.index:
            return node.source
    return None


def _simpler_map(node: Map) -> Node | None:
    values = [uniform(a) for a in node.operands]
    if node.shape and all(v is not None for v in values):
        return ops.broadcast_to(ops.apply(node.primitive, *values), node.shape)
    match node.primitive, node.operands, values:
        case ("mul", (a, b), (x, y)):
            return b if x == 1 else a if y == 1 else -b if x == -1 else -a if y == -1 else None
        case ("add", (a, b), (x, y)):
            return b if x == 0 else a if y == 0 else _sum(a, b)
        case ("sub", (a, b), (x, y)):
            return a if y == 0 else -b if x == 0 else _difference(a, b)
        case ("div", (a, _), (_, 1)):
            return a
        case ("neg", (Map(primitive="neg", operands=(a,)),), _):
            return a
        # The logarithm of a probability near 0 or 1 is taken before the probability is rounded to it.
        case ("log", (Map(primitive="sigmoid", operands=(a,)),), _):
            return -ops.softplus(-a)
        case ("log1p", (Map(primitive="neg", operands=(Map(primitive="sigmoid", operands=(a,)),)),), _):
            return -ops.softplus(a)
    return None


def _negated(node: Node) -> Node | None:
    return node.operands[0] if isinstance(node, Map) and node.primitive == "neg" else None


def _sum(a: Node, b: Node) -> Node | None:
    if (c := _negated(b)) is not None:
        return a - c
    return b - c if (c := _negated(a)) is not None else None


def _difference(a: Node, b: Node) -> Node | None:
    return a + c if (c := _negated(b)) is not None else None
