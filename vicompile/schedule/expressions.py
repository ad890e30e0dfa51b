"""Integer expressions of the Kernel: sizes and positions, with the trivial arithmetic done at once."""

from __future__ import annotations

from collections.abc import Callable

from ..ir.dims import Size
from .kernel import Apply, Expression, Literal, Load, Name

ZERO = Literal(0)


def size_expression(size: Size, variable: Callable[[str], str]) -> Expression:
    """A size over the kernel's variables, which `variable` names."""
    if isinstance(size, int):
        return Literal(size)
    total: Expression = ZERO
    for monomial, coefficient in size.terms:
        term: Expression = Literal(coefficient)
        for name in monomial:
            term = times(term, Name(variable(name)))
        total = plus(total, term)
    return total


def plus(a: Expression, b: Expression) -> Expression:
    """a + b"""
    if isinstance(a, Literal) and isinstance(b, Literal):
        return Literal(a.value + b.value)
    if a == ZERO:
        return b
    if b == ZERO:
        return a
    return Apply("add", (a, b))


def times(a: Expression, b: Expression) -> Expression:
    """a * b"""
    if isinstance(a, Literal) and isinstance(b, Literal):
        return Literal(a.value * b.value)
    if ZERO in (a, b):
        return ZERO
    if a == Literal(1):
        return b
    if b == Literal(1):
        return a
    return Apply("mul", (a, b))


def split_linear(e: Expression, name: str) -> tuple[Expression, Expression]:
    """(a, b) with e = a + b * name, for a position that is linear in a variable."""
    match e:
        case Name() if e.name == name:
            return ZERO, Literal(1)
        case Apply(primitive="add", args=(left, right)):
            (a, b), (c, d) = split_linear(left, name), split_linear(right, name)
            return plus(a, c), plus(b, d)
        case Apply(primitive="mul", args=(left, right)):
            (a, b), (c, d) = split_linear(left, name), split_linear(right, name)
            assert ZERO in (b, d), "not linear"
            return times(a, c), plus(times(a, d), times(b, c))
    return e, ZERO


def mentions(expression: Expression, name: str) -> bool:
    """Whether an expression reads this variable."""
    match expression:
        case Name():
            return expression.name == name
        case Load():
            return mentions(expression.index, name)
        case Apply():
            return any(mentions(a, name) for a in expression.args)
    return False


def is_by_value(position: Expression) -> bool:
    """Whether a position is read or computed from data, and not made of loop variables and sizes alone."""
    match position:
        case Load():
            return True
        case Apply():
            return position.primitive not in ("add", "mul") or any(map(is_by_value, position.args))
    return False
