"""Loops over vectors of doubles, built as code directly: numba's own take it tens of milliseconds each to compile.

Vectors are pointers; a result may lie where an operand does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils as untyped_cgutils
from numba.core import types
from numba.extending import intrinsic

from vicompile.jit.mathlib.pointers import pointer_to

cgutils: Any = untyped_cgutils
DOUBLE, WORD = ir.DoubleType(), ir.IntType(64)
_VECTOR = pointer_to(types.float64)


def _folded(builder: Any, count: Any, start: Any, fold: Callable[[Any, Any], Any]) -> Any:
    """start, folded with each index: fold(result so far, index)."""
    result = cgutils.alloca_once_value(builder, start)
    with cgutils.for_range(builder, count) as turn:
        builder.store(fold(builder.load(result), turn.index), result)
    return builder.load(result)


def _at(builder: Any, pointer: Any, index: Any) -> Any:
    return builder.load(builder.gep(pointer, [index]))


def _dot(typing_context: Any, a: Any, b: Any, count: Any) -> Any:
    """The sum of the products of `count` elements."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        a, b, count = values

        def fold(total: Any, k: Any) -> Any:
            return builder.fadd(total, builder.fmul(_at(builder, a, k), _at(builder, b, k)))

        return _folded(builder, count, DOUBLE(0.0), fold)

    return types.float64(_VECTOR, _VECTOR, types.int64), generate


def _total(typing_context: Any, a: Any, count: Any) -> Any:
    """The sum of `count` elements."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        a, count = values
        return _folded(builder, count, DOUBLE(0.0), lambda total, k: builder.fadd(total, _at(builder, a, k)))

    return types.float64(_VECTOR, types.int64), generate


def _largest(typing_context: Any, a: Any, count: Any) -> Any:
    """The largest absolute value of `count` elements; NaNs do not count."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        a, count = values

        def fold(most: Any, k: Any) -> Any:
            one = _at(builder, a, k)
            size = builder.select(builder.fcmp_ordered("<", one, DOUBLE(0.0)), builder.fneg(one), one)
            return builder.select(builder.fcmp_ordered(">", size, most), size, most)

        return _folded(builder, count, DOUBLE(0.0), fold)

    return types.float64(_VECTOR, types.int64), generate


def _combine(typing_context: Any, out: Any, alpha: Any, a: Any, beta: Any, b: Any, count: Any) -> Any:
    """out = alpha a + beta b."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        out, alpha, a, beta, b, count = values
        with cgutils.for_range(builder, count) as turn:
            left = builder.fmul(alpha, _at(builder, a, turn.index))
            right = builder.fmul(beta, _at(builder, b, turn.index))
            builder.store(builder.fadd(left, right), builder.gep(out, [turn.index]))
        return context.get_dummy_value()

    numbers = types.float64
    return types.void(_VECTOR, numbers, _VECTOR, numbers, _VECTOR, types.int64), generate


def _scale(typing_context: Any, out: Any, alpha: Any, a: Any, count: Any) -> Any:
    """out = alpha a."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        out, alpha, a, count = values
        with cgutils.for_range(builder, count) as turn:
            builder.store(builder.fmul(alpha, _at(builder, a, turn.index)), builder.gep(out, [turn.index]))
        return context.get_dummy_value()

    return types.void(_VECTOR, types.float64, _VECTOR, types.int64), generate


def _not_finite(typing_context: Any, address: Any, count: Any) -> Any:
    """-1 where any of the `count` doubles at an address is NaN or infinite, else 0."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        first = builder.inttoptr(values[0], WORD.as_pointer())
        all_ones = WORD(0x7FF0000000000000)

        def fold(found: Any, k: Any) -> Any:
            exponent = builder.and_(_at(builder, first, k), all_ones)
            return builder.or_(found, builder.sext(builder.icmp_signed("==", exponent, all_ones), WORD))

        return _folded(builder, values[1], WORD(0), fold)

    return types.int64(types.int64, types.int64), generate


dot: Any = intrinsic(_dot)
total: Any = intrinsic(_total)
largest: Any = intrinsic(_largest)
combine: Any = intrinsic(_combine)
scale: Any = intrinsic(_scale)
not_finite: Any = intrinsic(_not_finite)
