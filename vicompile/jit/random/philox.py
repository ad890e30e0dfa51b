"""Philox4x32-10 and the two kinds of draws made of it, as numba intrinsics that vectorise.

The formulas are those of vicompile/jit/mathlib/counter_based.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.core.errors import TypingError
from numba.extending import intrinsic

from vicompile.jit.mathlib.counter_based import LOW, Words, normals, rounds, uniforms
from vicompile.jit.mathlib.define import elementwise
from vicompile.jit.mathlib.elementary import ROUNDER, TWO_52
from vicompile.jit.mathlib.lanes import DOUBLE, WORD, Bits, Real

tuple_of: Any = types.UniTuple


def _emit_once(module: Any, name: str, arity: int, result: Any, body: Callable[..., list[Any]]) -> Any:
    full = f"vicompile.{name}"
    found = module.globals.get(full)
    if found is not None:
        return found
    function = ir.Function(module, ir.FunctionType(result, [WORD] * arity), full)
    function.linkage = "internal"
    function.attributes.add("alwaysinline")
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    packed = ir.Constant(result, ir.Undefined)
    for position, value in enumerate(body(*(Bits(builder, argument) for argument in function.args))):
        packed = builder.insert_value(packed, value, position)
    builder.ret(packed)
    return function


def _integers(name: str, given: tuple[Any, ...]) -> None:
    for argument in given:
        if not isinstance(argument, types.Integer | types.IntegerLiteral):
            raise TypingError(f"{name} needs integers, not {argument}")


@intrinsic
def philox4x32(typing_context: Any, c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Any:
    """The four 32-bit words of Philox4x32-10 for one counter and key, as uint64 numbers."""
    _integers("philox4x32", (c0, c1, c2, c3, k0, k1))

    def body(c0: Bits, c1: Bits, c2: Bits, c3: Bits, k0: Bits, k1: Bits) -> list[Any]:
        return [(word & LOW).value for word in rounds((c0, c1, c2, c3), k0, k1)]

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.call(_emit_once(builder.module, "philox4x32", 6, ir.ArrayType(WORD, 4), body), list(args))

    return tuple_of(types.uint64, 4)(*[types.uint64] * 6), codegen


def _pair_of(name: str, draw: Callable[[Words, Bits], tuple[Real, Real]]) -> Any:
    def body(c0: Bits, c1: Bits, c2: Bits, c3: Bits, seed: Bits) -> list[Any]:
        return [number.value for number in draw((c0, c1, c2, c3), seed)]

    def typing(typing_context: Any, c0: Any, c1: Any, c2: Any, c3: Any, seed: Any) -> Any:
        _integers(name, (c0, c1, c2, c3, seed))

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.call(_emit_once(builder.module, name, 5, ir.ArrayType(DOUBLE, 2), body), list(args))

        return tuple_of(types.float64, 2)(*[types.uint64] * 5), codegen

    typing.__name__ = name
    return intrinsic(typing)


normal_pair = _pair_of("normal_pair", normals)
uniform_pair = _pair_of("uniform_pair", uniforms)


def _floor_ratio(numerator: Real, denominator: Real, reciprocal: Real) -> Real:
    shifted = numerator.times_plus(reciprocal, ROUNDER)
    nearest = shifted.exact_sub(ROUNDER)
    too_large = (numerator - nearest * denominator).below(0.0)
    return nearest.where(too_large, nearest.exact_sub(1.0), nearest)


# floor_ratio(numerator, denominator, 1 / denominator): integer division in doubles, for integer vectors cannot divide.
# Exact for non-negative integers below 2**50.
floor_ratio = elementwise("floor_ratio", _floor_ratio, 3)


def _whole(typing_context: Any, number: Any) -> Any:
    """A non-negative integer below 2**52, given as a double, as uint64; vectorises on every CPU level."""
    if not isinstance(number, types.Float):
        raise TypingError(f"whole needs a float, not {number}")

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return (Real(builder, args[0]).exact_add(TWO_52).bits() & 0x000FFFFFFFFFFFFF).value

    return types.uint64(types.float64), codegen


_whole.__name__ = "whole"
whole: Any = intrinsic(_whole)
