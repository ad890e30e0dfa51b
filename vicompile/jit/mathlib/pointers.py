"""Raw pointers inside kernels: from an address, moved by elements, or to a local buffer.

numba's CPointer type supports `p[i]` and `p[i] = v` already; these intrinsics only make such pointers.
Nothing is checked here: the emitter proves its indices.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.core.errors import TypingError
from numba.extending import intrinsic

ALIGNMENT = 64
pointer_to: Any = types.CPointer


def _address_to(element: types.Type, name: str) -> Any:
    """An intrinsic that reads an integer address as a pointer to `element`."""

    def typing(typing_context: Any, address: Any) -> Any:
        if not isinstance(address, types.Integer):
            raise TypingError(f"{name} needs an integer address, not {address}")

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.inttoptr(args[0], context.get_value_type(signature.return_type))

        return pointer_to(element)(address), codegen

    typing.__name__ = name
    return intrinsic(typing)


float64_at = _address_to(types.float64, "float64_at")
float32_at = _address_to(types.float32, "float32_at")
int64_at = _address_to(types.int64, "int64_at")


def _advance(typing_context: Any, pointer: Any, count: Any) -> Any:
    """The pointer `count` elements further on."""
    if not isinstance(pointer, types.CPointer) or not isinstance(count, types.Integer):
        raise TypingError(f"advance needs a pointer and an integer, not {pointer} and {count}")

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        steps = context.cast(builder, args[1], signature.args[1], types.int64)
        return builder.gep(args[0], [steps])

    return pointer(pointer, count), codegen


_advance.__name__ = "advance"
advance: Any = intrinsic(_advance)


def _float32_in(typing_context: Any, pointer: Any, count: Any) -> Any:
    """The memory `count` elements further on, as float32."""
    if not isinstance(pointer, types.CPointer) or not isinstance(count, types.Integer):
        raise TypingError(f"float32_in needs a pointer and an integer, not {pointer} and {count}")

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        steps = context.cast(builder, args[1], signature.args[1], types.int64)
        # An address of its own: see `advanced` in `jit.direct`.
        size = ir.Constant(steps.type, context.get_abi_sizeof(context.get_value_type(pointer.dtype)))
        address = builder.add(builder.ptrtoint(args[0], steps.type), builder.mul(steps, size))
        return builder.inttoptr(address, context.get_value_type(signature.return_type))

    return pointer_to(types.float32)(pointer, count), codegen


_float32_in.__name__ = "float32_in"
float32_in: Any = intrinsic(_float32_in)


def _float32(typing_context: Any, number: Any) -> Any:
    """The number rounded to float32."""
    if not isinstance(number, types.Number | types.Boolean):
        raise TypingError(f"float32 needs a number, not {number}")

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return context.cast(builder, args[0], signature.args[0], types.float32)

    return types.float32(number), codegen


_float32.__name__ = "float32"
float32: Any = intrinsic(_float32)


def _buffer_of(element: types.Type, bits: Any, name: str) -> Any:
    """An intrinsic that reserves a constant number of elements on the stack of the function."""

    def typing(typing_context: Any, count: Any) -> Any:
        if not isinstance(count, types.IntegerLiteral) or count.literal_value < 1:
            raise TypingError(f"{name} needs a positive literal length, not {count}")
        length = count.literal_value

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            # In the entry block: an alloca inside a loop would grow the stack at every turn.
            with builder.goto_entry_block():
                area = builder.alloca(ir.ArrayType(bits, length))
                area.align = ALIGNMENT
                return builder.bitcast(area, bits.as_pointer())

        return pointer_to(element)(count), codegen

    typing.__name__ = name
    return intrinsic(prefer_literal=True)(typing)


local_buffer = _buffer_of(types.float64, ir.DoubleType(), "local_buffer")
local_float32_buffer = _buffer_of(types.float32, ir.FloatType(), "local_float32_buffer")
local_int64_buffer = _buffer_of(types.int64, ir.IntType(64), "local_int64_buffer")
