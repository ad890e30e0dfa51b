"""Short buffers on the stack: LLVM sees that they do not overlap, and keeps them in vector registers where it can."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic


@intrinsic(prefer_literal=True)
def stack_doubles(typing_context: Any, length: Any) -> Any:
    """Pointer to `length` (a literal) uninitialised doubles that live as long as the function, 64-byte aligned."""
    if not isinstance(length, types.IntegerLiteral):
        return None
    count = length.literal_value

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        with builder.goto_entry_block():
            buffer = builder.alloca(ir.ArrayType(ir.DoubleType(), count))
            buffer.align = 64
            return builder.bitcast(buffer, ir.DoubleType().as_pointer())

    return types.CPointer(types.float64)(length), generate
