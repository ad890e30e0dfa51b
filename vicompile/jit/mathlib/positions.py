"""A random permutation of 0, 1, ..., size - 1, one element at a time: the indices of a subsampled plate.

The formula and its sources are those of `vicompile.reference.positions`, which gives the same numbers: a Feistel
network, passed again until its result is a position. Not branch-free: how often it is passed depends on the values.
The constants are repeated here because this room's text is part of the key of a compiled kernel.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.core.errors import TypingError
from numba.extending import intrinsic

from vicompile.jit.mathlib.lanes import DOUBLE, WORD, Bits

LEAST_BITS = 10
STEP = 0x9E3779B97F4A7C15
# The first bits of pi.
KEYS = (
    0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0,
    0x082EFA98EC4E6C89, 0x452821E638D01377, 0xBE5466CF34E90C6C,
)  # fmt: skip
FIRST, SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def _function(module: Any) -> Any:
    """The LLVM function, put once into each module that uses it."""
    found = module.globals.get("vicompile.random_position")
    if found is not None:
        return found
    function = ir.Function(module, ir.FunctionType(WORD, [WORD, WORD, DOUBLE, DOUBLE]), "vicompile.random_position")
    function.linkage = "internal"
    function.attributes.add("nounwind")
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    position, size, first, second = function.args
    keys = [Bits(builder, builder.bitcast(number, WORD)) for number in (first, second)]
    bits = _bits(builder, size)
    low_bits = bits >> 1
    high_bits = bits - low_bits
    entry = builder.basic_block
    turn, after = function.append_basic_block("turn"), function.append_basic_block("after")
    builder.branch(turn)
    builder.position_at_end(turn)
    value = builder.phi(WORD)
    following = _once(Bits(builder, value), low_bits, high_bits, keys).value
    value.add_incoming(position, entry)
    value.add_incoming(following, turn)
    builder.cbranch(builder.icmp_unsigned("<", following, size), after, turn)
    builder.position_at_end(after)
    builder.ret(following)
    return function


def _bits(builder: Any, size: Any) -> Bits:
    """How many bits the network permutes: enough for size - 1."""
    needed = builder.sub(WORD(64), builder.ctlz(builder.sub(size, WORD(1)), ir.IntType(1)(0)))
    enough = builder.icmp_unsigned(">", needed, WORD(LEAST_BITS))
    return Bits(builder, builder.select(enough, needed, WORD(LEAST_BITS)))


def _once(value: Bits, low_bits: Bits, high_bits: Bits, keys: list[Bits]) -> Bits:
    one = value & 0 | 1
    for turn, constant in enumerate(KEYS):
        low = value & ((one << low_bits) - 1)
        high = value >> low_bits
        mixed = low * STEP + (keys[turn % 2] ^ constant)
        mixed = (mixed ^ (mixed >> 30)) * FIRST
        mixed = (mixed ^ (mixed >> 27)) * SECOND
        mixed = mixed ^ (mixed >> 31)
        value = (low << high_bits) | (high ^ (mixed >> ((one << 6) - high_bits)))
        low_bits, high_bits = high_bits, low_bits
    return value


@intrinsic
def random_position(typing_context: Any, position: Any, size: Any, first: Any, second: Any) -> Any:
    """Where a random permutation of 0, ..., size - 1 sends `position`; the two numbers in (0, 1) choose it."""
    if not all(isinstance(one, types.Integer | types.IntegerLiteral) for one in (position, size)):
        raise TypingError(f"random_position needs a whole position and size, not {position} and {size}")

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.call(_function(builder.module), list(args))

    return types.int64(types.int64, types.int64, types.float64, types.float64), codegen
