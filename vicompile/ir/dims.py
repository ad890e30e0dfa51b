"""Sizes as symbols: a `Dim` is a polynomial with integer coefficients over named sizes.

A shape is a tuple of `int | Dim`. Arithmetic keeps a canonical form and interns it, so that equal sizes are the same
object, and a polynomial that is constant is a plain `int`. The floor of a quotient that is no polynomial is a symbol of
its own, named after what it is, `n // 2`, and so is the smaller or larger one of two sizes.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import TypeAlias

Monomial: TypeAlias = tuple[str, ...]
Size: TypeAlias = "int | Dim"
Shape: TypeAlias = "tuple[Size, ...]"

_interned: dict[tuple[tuple[Monomial, int], ...], Dim] = {}
# What symbols stand for that are made of other sizes: the operation, "//", "min" or "max", and what it is applied to.
_derived: dict[str, tuple[str, Size, Size]] = {}
_EXTREMES: dict[str, Callable[[int, int], int]] = {"min": min, "max": max}
_OPERATIONS: dict[str, Callable[[int, int], int]] = {**_EXTREMES, "//": operator.floordiv}


class Dim:
    """A size that is known only at run time."""

    __slots__ = ("terms",)
    terms: tuple[tuple[Monomial, int], ...]
    # NumPy must leave `array * size` to the size, which refuses it.
    __array_ufunc__ = None

    def __add__(self, other: Size) -> Size:
        terms = _terms(other)
        return NotImplemented if terms is None else _sum(dict(self.terms), terms, 1)

    def __sub__(self, other: Size) -> Size:
        terms = _terms(other)
        return NotImplemented if terms is None else _sum(dict(self.terms), terms, -1)

    def __rsub__(self, other: Size) -> Size:
        terms = _terms(other)
        return NotImplemented if terms is None else _sum(terms, dict(self.terms), -1)

    def __mul__(self, other: Size) -> Size:
        terms = _terms(other)
        if terms is None:
            return NotImplemented
        product: dict[Monomial, int] = {}
        for left, a in self.terms:
            for right, b in terms.items():
                key = tuple(sorted(left + right))
                product[key] = product.get(key, 0) + a * b
        return _make(product)

    def __floordiv__(self, divisor: int) -> Size:
        """The whole part of self / divisor, for a positive whole divisor."""
        terms = _terms(divisor)
        if terms is None or isinstance(divisor, Dim):
            return NotImplemented
        divisor = terms.get((), 0)
        if divisor <= 0:
            raise ValueError("a size can be divided by a positive whole number only")
        exact = quotient(self, divisor)
        if exact is not None:
            return exact
        common = math.gcd(divisor, *(coefficient for _, coefficient in self.terms))
        numerator = quotient(self, common)
        assert isinstance(numerator, Dim)
        name = f"({numerator})//{divisor // common}"
        _derived[name] = ("//", numerator, divisor // common)
        return symbol(name)

    def __mod__(self, divisor: int) -> Size:
        if isinstance(divisor, Dim) or _terms(divisor) is None:
            return NotImplemented
        return self - (self // divisor) * divisor

    __radd__ = __add__
    __rmul__ = __mul__

    def __repr__(self) -> str:
        parts = []
        for monomial, coefficient in self.terms:
            name = "*".join(monomial)
            if not name:
                parts.append(str(coefficient))
            elif coefficient == 1:
                parts.append(name)
            else:
                parts.append(f"{coefficient}*{name}")
        return " + ".join(parts).replace("+ -", "- ")

    @property
    def symbols(self) -> frozenset[str]:
        """The names of the sizes this one depends on, also inside of made ones."""
        found: set[str] = set()
        for name in self.names:
            if name in _derived:
                found.update(*(size.symbols for size in _derived[name][1:] if isinstance(size, Dim)))
            else:
                found.add(name)
        return frozenset(found)

    @property
    def names(self) -> frozenset[str]:
        """The names in the polynomial, made ones among them."""
        return frozenset(name for monomial, _ in self.terms for name in monomial)

    @property
    def symbol(self) -> str | None:
        """The name, if this is one bare symbol that is not made of others."""
        if len(self.terms) == 1 and self.terms[0][1] == 1 and len(self.terms[0][0]) == 1:
            name = self.terms[0][0][0]
            return None if name in _derived else name
        return None


def symbol(name: str) -> Dim:
    """The size called `name`."""
    dim = _make({(name,): 1})
    assert isinstance(dim, Dim)
    return dim


def evaluate(size: Size, values: Mapping[str, int]) -> int:
    """The number a size stands for."""
    if isinstance(size, int):
        return size
    total = 0
    for monomial, coefficient in size.terms:
        for name in monomial:
            if name in _derived:
                operation, *sizes = _derived[name]
                coefficient *= _OPERATIONS[operation](*(evaluate(one, values) for one in sizes))
            else:
                coefficient *= values[name]
        total += coefficient
    return total


def substitute(size: Size, replacements: Mapping[str, Size]) -> Size:
    """`size` with some symbols replaced by other sizes."""
    if isinstance(size, int) or size.symbols.isdisjoint(replacements):
        return size
    total: Size = 0
    for monomial, coefficient in size.terms:
        term: Size = coefficient
        for name in monomial:
            if name in _derived:
                operation, *sizes = _derived[name]
                term = term * made(operation, *(substitute(one, replacements) for one in sizes))
            else:
                term = term * replacements.get(name, symbol(name))
        total = total + term
    return total


def made(operation: str, first: Size, second: Size) -> Size:
    """The size that an operation, "//", "min" or "max", makes of two others."""
    if operation in _EXTREMES:
        return extreme(operation, first, second)
    assert isinstance(second, int)
    return first // second


def inside(name: str) -> tuple[Size, Size] | None:
    """The two sizes that the symbol of this name is made of; None for any other symbol."""
    return _derived[name][1:] if name in _derived else None


def operation_of(name: str) -> str | None:
    """The operation, "//", "min" or "max", that made the symbol of this name; None for any other symbol."""
    return _derived[name][0] if name in _derived else None


def extreme(operation: str, a: Size, b: Size) -> Size:
    """The smaller ("min") or larger ("max") one of two sizes."""
    difference = a - b
    if isinstance(difference, int):
        return a if (difference <= 0) == (operation == "min") else b
    first, second = sorted((a, b), key=repr)
    name = f"{operation}({first}, {second})"
    _derived[name] = (operation, first, second)
    return symbol(name)


def quotient(size: Size, divisor: Size) -> Size | None:
    """size / divisor, if that is a polynomial with whole coefficients; None otherwise, and for a divisor of 0."""
    rest: Size = size
    result: Size = 0
    while rest != 0:
        leading = _leading(rest), _leading(divisor)
        term = None if divisor == 0 else _monomial_quotient(*leading)
        if term is None:
            return None
        result, rest = result + term, rest - term * divisor
    return result


def _leading(size: Size) -> tuple[Monomial, int]:
    return ((), size) if isinstance(size, int) else size.terms[0]


def _monomial_quotient(top: tuple[Monomial, int], bottom: tuple[Monomial, int]) -> Size | None:
    names = list(top[0])
    for name in bottom[0]:
        if name not in names:
            return None
        names.remove(name)
    if top[1] % bottom[1]:
        return None
    return _make({tuple(names): top[1] // bottom[1]})


def product(shape: Shape) -> Size:
    """The number of elements of an array of this shape."""
    total: Size = 1
    for size in shape:
        total = total * size
    return total


def _terms(size: Size) -> dict[Monomial, int] | None:
    """The terms of a size or whole number of any type; None for anything else, which is no size."""
    if isinstance(size, Dim):
        return dict(size.terms)
    try:
        number = operator.index(size)
    except TypeError:
        return None
    return {(): number} if number else {}


def _sum(left: dict[Monomial, int], right: dict[Monomial, int], sign: int) -> Size:
    for key, coefficient in right.items():
        left[key] = left.get(key, 0) + sign * coefficient
    return _make(left)


def _make(terms: dict[Monomial, int]) -> Size:
    canonical = tuple(sorted(((k, v) for k, v in terms.items() if v), key=lambda kv: (-len(kv[0]), kv[0])))
    if not canonical:
        return 0
    if len(canonical) == 1 and canonical[0][0] == ():
        return canonical[0][1]
    dim = _interned.get(canonical)
    if dim is None:
        dim = Dim()
        dim.terms = canonical
        _interned[canonical] = dim
    return dim
