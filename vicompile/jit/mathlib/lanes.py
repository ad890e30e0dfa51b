"""A thin arithmetic notation over llvmlite, in which the formulas of this room are written.

A `Real` is one LLVM double (or a vector of doubles); `+ - * /` emit instructions on it. Two kinds of arithmetic are
kept apart: ordinary operations carry the flags `contract nsz`; exact ones (`exact_add`, `exact_sub`), on whose every
rounding a formula relies, carry `nsz` alone - not nothing, because numba adds the caller's flags, `reassoc` among them,
to every instruction that has none. Nothing ever carries `nnan` or `ninf`: infinities and NaN keep their meaning.
There are no branches, only `select`, so that a loop over any of these functions turns into vector code.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, Union

from llvmlite import ir

DOUBLE = ir.DoubleType()
WORD = ir.IntType(64)
FLAGS = ("contract", "nsz")
EXACT = ("nsz",)
# Taken once in two thousand times: LLVM turns selects into jumps from odds of about one in a hundred down.
RARE = (1, 2000)

Number = Union[int, float, "Real"]


class Bits:
    """A 64-bit pattern (or a vector of them); only operations that every CPU level has in vector form."""

    def __init__(self, builder: Any, value: Any) -> None:
        self.builder = builder
        self.value = value

    def _with(self, value: Any) -> Bits:
        return Bits(self.builder, value)

    def _word(self, other: int | Bits) -> Any:
        return other.value if isinstance(other, Bits) else _splat(self.value.type, other & 0xFFFFFFFFFFFFFFFF)

    def __add__(self, other: int | Bits) -> Bits:
        return self._with(self.builder.add(self.value, self._word(other)))

    def __sub__(self, other: int | Bits) -> Bits:
        return self._with(self.builder.sub(self.value, self._word(other)))

    def __mul__(self, other: int | Bits) -> Bits:
        return self._with(self.builder.mul(self.value, self._word(other)))

    def __and__(self, other: int | Bits) -> Bits:
        return self._with(self.builder.and_(self.value, self._word(other)))

    def __or__(self, other: int | Bits) -> Bits:
        return self._with(self.builder.or_(self.value, self._word(other)))

    def __xor__(self, other: int | Bits) -> Bits:
        return self._with(self.builder.xor(self.value, self._word(other)))

    def __lshift__(self, count: int | Bits) -> Bits:
        return self._with(self.builder.shl(self.value, self._word(count)))

    def __rshift__(self, count: int | Bits) -> Bits:
        return self._with(self.builder.lshr(self.value, self._word(count)))

    def is_nonzero(self) -> Any:
        """The condition that some bit is set."""
        return self.builder.icmp_unsigned("!=", self.value, self._word(0))

    def as_real(self) -> Real:
        """The same bits read as a double."""
        return Real(self.builder, self.builder.bitcast(self.value, _like(self.value.type, DOUBLE)))


class Real:
    """A double (or a vector of doubles) under construction."""

    def __init__(self, builder: Any, value: Any) -> None:
        self.builder = builder
        self.value = value

    def _with(self, value: Any) -> Real:
        return Real(self.builder, value)

    def of(self, other: Number) -> Real:
        """`other` as a Real of this shape."""
        return other if isinstance(other, Real) else self._with(_splat(self.value.type, float(other)))

    def __add__(self, other: Number) -> Real:
        return self._with(self.builder.fadd(self.value, self.of(other).value, flags=FLAGS))

    def __sub__(self, other: Number) -> Real:
        return self._with(self.builder.fsub(self.value, self.of(other).value, flags=FLAGS))

    def __rsub__(self, other: Number) -> Real:
        return self.of(other) - self

    def __mul__(self, other: Number) -> Real:
        return self._with(self.builder.fmul(self.value, self.of(other).value, flags=FLAGS))

    def __truediv__(self, other: Number) -> Real:
        return self._with(self.builder.fdiv(self.value, self.of(other).value, flags=FLAGS))

    def __rtruediv__(self, other: Number) -> Real:
        return self.of(other) / self

    __radd__ = __add__
    __rmul__ = __mul__

    def exact_add(self, other: Number) -> Real:
        """A sum whose rounding matters: never fused, never reordered."""
        return self._with(self.builder.fadd(self.value, self.of(other).value, flags=EXACT))

    def exact_sub(self, other: Number) -> Real:
        """A difference whose rounding matters: never fused, never reordered."""
        return self._with(self.builder.fsub(self.value, self.of(other).value, flags=EXACT))

    def exact_times(self, other: Number) -> Real:
        """A product whose rounding matters: never fused into a sum."""
        return self._with(self.builder.fmul(self.value, self.of(other).value, flags=EXACT))

    def times_plus(self, factor: Number, addend: Number) -> Real:
        """self * factor + addend, fused where the CPU can."""
        function = _intrinsic(self.builder, "fmuladd", self.value.type, 3)
        return self._with(self.builder.call(function, [self.value, self.of(factor).value, self.of(addend).value]))

    def below(self, other: Number) -> Any:
        """The condition self < other, false for NaN."""
        return self.builder.fcmp_ordered("<", self.value, self.of(other).value)

    def above(self, other: Number) -> Any:
        """The condition self > other, false for NaN."""
        return self.builder.fcmp_ordered(">", self.value, self.of(other).value)

    def equals(self, other: Number) -> Any:
        """The condition self == other, false for NaN."""
        return self.builder.fcmp_ordered("==", self.value, self.of(other).value)

    def at_most(self, bound: float) -> Real:
        """The smaller of both, where it is rarely the bound; NaN stays NaN."""
        return self.rarely(self.above(bound), bound, self)

    def at_least(self, bound: float) -> Real:
        """The larger of both, where it is rarely the bound; NaN stays NaN."""
        return self.rarely(self.below(bound), bound, self)

    def where(self, condition: Any, then: Number, otherwise: Number) -> Real:
        """`then` where the condition holds, else `otherwise`; both are computed."""
        return self._with(self.builder.select(condition, self.of(then).value, self.of(otherwise).value))

    def rarely(self, condition: Any, then: Number, otherwise: Number) -> Real:
        """`where` with a condition that hardly ever holds.

        Vector code selects as ever. Scalar code jumps instead, so that nothing waits for the comparison.
        """
        chosen = self.where(condition, then, otherwise)
        module = self.builder.module
        weights = [ir.MetaDataString(module, "branch_weights"), *(ir.Constant(ir.IntType(32), w) for w in RARE)]
        chosen.value.set_metadata("prof", module.add_metadata(weights))
        return chosen

    def bits(self) -> Bits:
        """The bit pattern."""
        return Bits(self.builder, self.builder.bitcast(self.value, _like(self.value.type, WORD)))

    def absolute(self) -> Real:
        """The value without its sign."""
        return (self.bits() & 0x7FFFFFFFFFFFFFFF).as_real()

    def with_sign_of(self, other: Real) -> Real:
        """This value, which must not be negative, with the sign bit of `other`."""
        return (self.bits() | (other.bits() & 0x8000000000000000)).as_real()

    def square_root(self) -> Real:
        """The correctly rounded square root."""
        return self._with(self.builder.call(_intrinsic(self.builder, "sqrt", self.value.type, 1), [self.value]))

    def polynomial(self, coefficients: Sequence[Number]) -> Real:
        """Sum of coefficients[k] * self**k, in pairs (Estrin): one evaluation does not wait on one long chain."""
        terms: list[Number] = list(coefficients)
        power = self
        while len(terms) > 1:
            paired: list[Number] = []
            for k in range(0, len(terms) - 1, 2):
                paired.append(power.times_plus(terms[k + 1], terms[k]))
            if len(terms) % 2:
                paired.append(terms[-1])
            terms = paired
            if len(terms) > 1:
                power = power * power
        return self.of(terms[0])

    def square_polynomial(self, coefficients: Sequence[float], addend: Real | None = None) -> Real:
        """addend + self**2 * (sum of coefficients[k] * self**k), the addend joining where it delays nothing."""
        square = self * self
        first, *others = (self.polynomial(coefficients[k : k + 2]) for k in range(0, len(coefficients), 2))
        start = square * first if addend is None else square.times_plus(first, addend)
        return (square * square).times_plus(square.polynomial(others), start)


def _like(shape: Any, element: Any) -> Any:
    return ir.VectorType(element, shape.count) if isinstance(shape, ir.VectorType) else element


def _splat(shape: Any, number: float) -> Any:
    if isinstance(shape, ir.VectorType):
        return ir.Constant(shape, [ir.Constant(shape.element, number)] * shape.count)
    return ir.Constant(shape, number)


def _intrinsic(builder: Any, name: str, shape: Any, arity: int) -> Any:
    suffix = f"v{shape.count}f64" if isinstance(shape, ir.VectorType) else "f64"
    full = f"llvm.{name}.{suffix}"
    found = builder.module.globals.get(full)
    return found or ir.Function(builder.module, ir.FunctionType(shape, [shape] * arity), full)


def bits_of(number: float) -> int:
    """The bit pattern of a double, as an integer."""
    return int(struct.unpack("<Q", struct.pack("<d", number))[0])
