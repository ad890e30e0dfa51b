"""Philox4x32-10 as a numba intrinsic, for tests against the known answers.

The formula is that of vicompile/jit/mathlib/counter_based.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.core.errors import TypingError
from numba.extending import intrinsic

from vicompile.jit.mathlib.counter_based import LOW, rounds
from vicompile.jit.mathlib.lanes import WORD, Bits

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
