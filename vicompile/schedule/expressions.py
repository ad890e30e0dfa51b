"""Integer expressions of the Kernel: sizes and positions, with the trivial arithmetic done at once."""

from __future__ import annotations

from collections.abc import Callable

from ..ir.dims import Size
from .kernel import Apply, Expression, Literal, Name

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
