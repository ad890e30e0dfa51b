"""Arithmetic that does nothing is removed, constants are gathered, and what cancels exactly is cancelled.

After it: no multiplication by one, no addition of zero, no double negation, no operation on constants alone, no
division by a
constant. (loc + scale * e - loc) / scale is e, and with a matrix L^-1 (L e) as well: a draw's standardised value is its
noise. x * 0 stays: it is nan for an infinite x. Values change by rounding at most.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ir import ops
from ..ir.nodes import FLOAT, Call, Const, Gather, Map, Node, Scatter
from ..ir.walk import rebuild
from .matrices import diagonal, solved


def simplify(roots: Iterable[Node], *, are_differentiated: bool = False) -> dict[Node, Node]:
    """Map each node below `roots` to its simpler form.

    are_differentiated: no gradient will be taken any more, so that `detach` goes, and what it kept apart cancels.
    """
    return rebuild(roots, _undetached if are_differentiated else _settled)


def _undetached(node: Node) -> Node | None:
    if isinstance(node, Map) and node.primitive == "detach":
        return node.operands[0]
    return _settled(node)


def uniform(node: Node) -> float | int | bool | None:
    """The number that every element of the node is, if that is plain to see."""
    while isinstance(node, Gather):
        node = node.source
    return node.value if isinstance(node, Const) else None


def _settled(node: Node) -> Node | None:
    """Rules are tried until none applies to the top of the node."""
    result: Node | None = None
    while (simpler := _simpler(node)) is not None:
        result = node = simpler
    return result


def _simpler(node: Node) -> Node | None:
    match node:
        case Map():
            return _simpler_map(node)
        case Gather() if isinstance(node.source, Gather):
            composed = ops.gather(node.source, node.index, node.shape)
            return composed if composed is not node else None
        case Gather():
            return diagonal(node)
        case Call():
            return solved(node)
        case Scatter() if isinstance(node.source, Scatter) and not node.index and not node.source.index:
            # A sum of nothing but one number.
            return node.source
    return None


def _simpler_map(node: Map) -> Node | None:
    values = [uniform(a) for a in node.operands]
    if node.shape and all(v is not None for v in values):
        folded: Node = ops.broadcast_to(_constant(node.primitive, *values), node.shape)
        return folded
    operands = node.operands
    match node.primitive:
        case "mul":
            return _product(*operands, *values)
        case "add":
            return _sum(*operands, *values)
        case "sub":
            return _difference(*operands, *values)
        case "div":
            return _quotient(*operands, *values)
        case "neg":
            return _negative(*operands)
        case "pow" if values[1] is not None and isinstance(values[1], (int, float)):
            return _power(operands[0], node, values[1])
        case "log" | "log1p":
            return _logarithm(node.primitive, *operands)
    return None


def _product(a: Node, b: Node, x: object, y: object) -> Node | None:
    if x == 1 or y == 1:
        return b if x == 1 else a
    if x == -1 or y == -1:
        return -b if x == -1 else -a
    if y is not None:
        # Constants stand on the left.
        return b * a
    if (
        isinstance(b, Map)
        and b.primitive == "mul"
        and (inner := uniform(b.operands[0])) is not None
        and b.dtype == FLOAT
    ):
        if x is not None:
            return _constant("mul", x, inner) * b.operands[1]
        return b.operands[0] * (a * b.operands[1])
    if isinstance(a, Map) and a.primitive == "mul" and uniform(a.operands[0]) is not None and a.dtype == FLOAT:
        return a.operands[0] * (a.operands[1] * b)
    if (c := _negated(a)) is not None:
        return -(c * b)
    return -(a * c) if (c := _negated(b)) is not None else None


def _sum(a: Node, b: Node, x: object, y: object) -> Node | None:
    if x == 0 or y == 0:
        return b if x == 0 else a
    if a is b and a.dtype == FLOAT:
        return 2.0 * a
    if (c := _negated(b)) is not None:
        return a - c
    return b - c if (c := _negated(a)) is not None else None


def _difference(a: Node, b: Node, x: object, y: object) -> Node | None:
    if y == 0:
        return a
    if x == 0:
        return -b
    if isinstance(a, Map) and a.primitive == "add" and b in a.operands:
        first, second = a.operands
        return second if b is first else first
    return a + c if (c := _negated(b)) is not None else None


def _quotient(a: Node, b: Node, x: object, y: object) -> Node | None:
    if y is not None:
        return a if y == 1 else (_constant("div", 1.0, y) * a if y not in (0, 0.0) else None)
    if isinstance(a, Map) and a.primitive == "mul" and b in a.operands and _is_positive(b):
        first, second = a.operands
        return second if b is first else first
    # A reciprocal of something broadcast is taken once, outside of the loop.
    if isinstance(b, Gather) and x != 1 and _repeats(b):
        reciprocal = ops.gather(1.0 / b.source, b.index, b.shape)
        return reciprocal if x == 1 else a * reciprocal
    return None


def _power(a: Node, node: Map, exponent: float) -> Node | None:
    if a.dtype != FLOAT:
        return None
    shorter: Node = ops.power(a, exponent)
    return None if isinstance(shorter, Map) and shorter.primitive == "pow" else ops.broadcast_to(shorter, node.shape)


def _repeats(node: Gather) -> bool:
    """Elements of the source are read more than once, rather than some of them: broadcasting, or values by group."""
    by_value = any(isinstance(e, Node) for e in node.index)
    return by_value or node.source.rank < node.rank or 1 in node.source.shape


def _negative(a: Node) -> Node | None:
    if (c := _negated(a)) is not None:
        return c
    if isinstance(a, Map) and a.primitive == "mul" and (x := uniform(a.operands[0])) is not None:
        return _constant("mul", -1.0, x) * a.operands[1]
    return None


def _logarithm(primitive: str, a: Node) -> Node | None:
    if isinstance(a, Gather) and isinstance(a.source, Map) and a.source.primitive == "exp" and primitive == "log":
        return ops.gather(a.source.operands[0], a.index, a.shape)
    if not isinstance(a, Map):
        return None
    match primitive, a.primitive:
        case "log", "exp":
            return a.operands[0]
        # The logarithm of a probability near 0 or 1 is taken before the probability is rounded to it.
        case "log", "sigmoid":
            return ops.negative(ops.softplus(-a.operands[0]))  # type: ignore[no-any-return]
        case "log1p", "neg":
            inside = a.operands[0]
            if isinstance(inside, Map) and inside.primitive == "sigmoid":
                return ops.negative(ops.softplus(inside.operands[0]))  # type: ignore[no-any-return]
    return None


def _is_positive(node: Node) -> bool:
    """A value that cannot be zero by its construction (it can underflow only where its logarithm fails as well)."""
    while isinstance(node, Gather):
        node = node.source
    return isinstance(node, Map) and node.primitive in ("exp", "softplus")


def _negated(node: Node) -> Node | None:
    return node.operands[0] if isinstance(node, Map) and node.primitive == "neg" else None


def _constant(primitive: str, *numbers: object) -> Node:
    """A node also for numbers alone: as a NumPy array it would have no place in a graph."""
    folded: Node = ops.as_node(ops.apply(primitive, *numbers))
    return folded
