"""Sizes as symbols: a `Dim` is a polynomial with integer coefficients over named sizes.

A shape is a tuple of `int | Dim`. Arithmetic keeps a canonical form and interns it, so that equal sizes are the same
object, and a polynomial that is constant is a plain `int`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Monomial: TypeAlias = tuple[str, ...]
Size: TypeAlias = "int | Dim"
Shape: TypeAlias = "tuple[Size, ...]"

_interned: dict[tuple[tuple[Monomial, int], ...], Dim] = {}


class Dim:
    """A size that is known only at run time."""

    __slots__ = ("terms",)
    terms: tuple[tuple[Monomial, int], ...]

    def __add__(self, other: Size) -> Size:
        return _sum(_terms(self), _terms(other), 1)

    def __sub__(self, other: Size) -> Size:
        return _sum(_terms(self), _terms(other), -1)

    def __rsub__(self, other: Size) -> Size:
        return _sum(_terms(other), _terms(self), -1)

    def __mul__(self, other: Size) -> Size:
        product: dict[Monomial, int] = {}
        for left, a in _terms(self).items():
            for right, b in _terms(other).items():
                key = tuple(sorted(left + right))
                product[key] = product.get(key, 0) + a * b
        return _make(product)

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
        """The names of the sizes this one depends on."""
        return frozenset(name for monomial, _ in self.terms for name in monomial)

    @property
    def symbol(self) -> str | None:
        """The name, if this is one bare symbol."""
        if len(self.terms) == 1 and self.terms[0][1] == 1 and len(self.terms[0][0]) == 1:
            return self.terms[0][0][0]
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
            term = term * replacements.get(name, symbol(name))
        total = total + term
    return total


def product(shape: Shape) -> Size:
    """The number of elements of an array of this shape."""
    total: Size = 1
    for size in shape:
        total = total * size
    return total


def _terms(size: Size) -> dict[Monomial, int]:
    if isinstance(size, Dim):
        return dict(size.terms)
    return {(): size} if size else {}


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
