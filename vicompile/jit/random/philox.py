"""Philox4x32-10 and the two kinds of draws made of it, as numba intrinsics that vectorise.

Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011). Counters and keys are integers of
which the low 32 bits count. One counter gives four 32-bit words, that is two 64-bit ones: two uniforms, or two normals.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.core.errors import TypingError
from numba.extending import intrinsic

from vicompile.jit.mathlib import coefficients as table
from vicompile.jit.mathlib.define import elementwise
from vicompile.jit.mathlib.elementary import ROUNDER, TWO_52, log_of_normal
from vicompile.jit.mathlib.lanes import DOUBLE, WORD, Bits, Real, bits_of

ROUNDS = 10
MULTIPLIER_0, MULTIPLIER_1 = 0xD2511F53, 0xCD9E8D57
KEY_STEP_0, KEY_STEP_1 = 0x9E3779B9, 0xBB67AE85
LOW = 0xFFFFFFFF
# (k + 1/2) / 2**52 for k in [0, 2**52): symmetric, and never 0 or 1.
BELOW_ONE = 1.0 - 2.0**-53

Words = tuple[Bits, Bits, Bits, Bits]


def rounds(c: Words, k0: Bits, k1: Bits) -> Words:
    """The four output words; only their low 32 bits mean something."""
    c0, c1, c2, c3 = c
    for _ in range(ROUNDS):
        # Masked just before the product: LLVM sees a 32 x 32 -> 64 bit multiplication and drops the mask.
        product0 = (c0 & LOW) * MULTIPLIER_0
        product1 = (c2 & LOW) * MULTIPLIER_1
        c0, c1, c2, c3 = (product1 >> 32) ^ c1 ^ k0, product1, (product0 >> 32) ^ c3 ^ k1, product0
        k0, k1 = k0 + KEY_STEP_0, k1 + KEY_STEP_1
    return c0, c1, c2, c3


def uniforms(c: Words, seed: Bits) -> tuple[Real, Real]:
    """Two uniforms strictly inside (0, 1), with 52 bits each."""
    w0, w1, w2, w3 = rounds(c, seed, seed >> 32)
    return _unit((w0 << 32) | (w1 & LOW)), _unit((w2 << 32) | (w3 & LOW))


def _unit(word: Bits) -> Real:
    return ((word >> 12) | bits_of(1.0)).as_real().exact_sub(BELOW_ONE)


def normals(c: Words, seed: Bits) -> tuple[Real, Real]:
    """Two independent standard normals (Box-Muller)."""
    first, second = uniforms(c, seed)
    radius = (log_of_normal(first) * -2.0).square_root()
    sine, cosine = turn(second)
    return radius * cosine, radius * sine


def turn(part: Real) -> tuple[Real, Real]:
    """sin and cos of 2 pi * part, for part in [0, 1]."""
    quarters = part * 4.0
    shifted = quarters.exact_add(ROUNDER)
    rest = quarters - shifted.exact_sub(ROUNDER)
    z = rest * rest
    sine = rest * z.polynomial(table.SIN)
    cosine = z.times_plus(z.polynomial(table.COS), 1.0)
    n = shifted.bits()
    odd = (n & 1).is_nonzero()
    sign_of_sine = (n & 2) << 62
    sign_of_cosine = ((n + 1) & 2) << 62
    return (
        (rest.where(odd, cosine, sine).bits() ^ sign_of_sine).as_real(),
        (rest.where(odd, sine, cosine).bits() ^ sign_of_cosine).as_real(),
    )


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

    return types.UniTuple(types.uint64, 4)(*[types.uint64] * 6), codegen


def _pair_of(name: str, draw: Callable[[Words, Bits], tuple[Real, Real]]) -> Any:
    def body(c0: Bits, c1: Bits, c2: Bits, c3: Bits, seed: Bits) -> list[Any]:
        return [number.value for number in draw((c0, c1, c2, c3), seed)]

    def typing(typing_context: Any, c0: Any, c1: Any, c2: Any, c3: Any, seed: Any) -> Any:
        _integers(name, (c0, c1, c2, c3, seed))

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.call(_emit_once(builder.module, name, 5, ir.ArrayType(DOUBLE, 2), body), list(args))

        return types.UniTuple(types.float64, 2)(*[types.uint64] * 5), codegen

    typing.__name__ = name
    return intrinsic(typing)


normal_pair = _pair_of("normal_pair", normals)
uniform_pair = _pair_of("uniform_pair", uniforms)


def _floor_ratio(numerator: Real, denominator: Real, reciprocal: Real) -> Real:
    shifted = numerator.times_plus(reciprocal, ROUNDER)
    nearest = shifted.exact_sub(ROUNDER)
    too_large = (numerator - nearest * denominator).below(0.0)
    return nearest.where(too_large, nearest.exact_sub(1.0), nearest)


# floor_ratio(numerator, denominator, 1 / denominator): integer division in doubles, because integer vectors cannot divide.
# Exact for non-negative integers below 2**50.
floor_ratio = elementwise("floor_ratio", _floor_ratio, 3)


@intrinsic
def whole(typing_context: Any, number: Any) -> Any:
    """A non-negative integer below 2**52, given as a double, as uint64; vectorises on every CPU level."""
    if not isinstance(number, types.Float):
        raise TypingError(f"whole needs a float, not {number}")

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return (Real(builder, args[0]).exact_add(TWO_52).bits() & 0x000FFFFFFFFFFFFF).value

    return types.uint64(types.float64), codegen
