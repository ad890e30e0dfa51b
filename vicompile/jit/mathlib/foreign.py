"""Calls of functions that are known by their address: kernels, the helpers of `vicompile.jit.linalg`, BLAS and LAPACK.

Nothing of them is a symbol of the object, so that it stays free of all libraries but the mathematics library.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils as untyped_cgutils
from numba.core import types
from numba.core.errors import TypingError
from numba.extending import intrinsic

from vicompile.jit.mathlib.pointers import pointer_to

cgutils: Any = untyped_cgutils
WORD, INT32, BYTE = ir.IntType(64), ir.IntType(32), ir.IntType(8)


def _values(context: Any, builder: Any, kind: Any, value: Any) -> list[tuple[Any, Any]]:
    """The members of a tuple with their types; whole numbers as int64."""
    found = []
    for k, member in enumerate(kind):
        one = builder.extract_value(value, k)
        if isinstance(member, types.Integer):
            one, member = context.cast(builder, one, member, types.int64), types.int64
        found.append((member, one))
    return found


def _invoke(typing_context: Any, helper: Any, arguments: Any) -> Any:
    """Call the helper whose address is helper[0] with the arguments, a tuple of pointers and whole numbers; before the
    first whole number it is given `helper` itself, where it finds the addresses of the routines that it calls.
    """

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        result = cgutils.alloca_once_value(builder, WORD(0))
        error = cgutils.alloca_once(builder, BYTE.as_pointer())
        pairs = _values(context, builder, signature.args[1], values[1])
        pointers = [value for kind, value in pairs if isinstance(kind, types.CPointer)]
        given = [result, error, *pointers, values[0], *(v for kind, v in pairs if kind is types.int64)]
        kind = ir.FunctionType(INT32, [value.type for value in given])
        builder.call(builder.inttoptr(builder.load(values[0]), kind.as_pointer()), given)
        return context.get_dummy_value()

    return types.void(helper, arguments), generate


def _call_at(typing_context: Any, address: Any, arguments: Any) -> Any:
    """Result of the native function at `address`; integers and addresses travel in the same registers."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        result = cgutils.alloca_once_value(builder, WORD(0))
        error = cgutils.alloca_once(builder, BYTE.as_pointer())
        kind = ir.FunctionType(INT32, [result.type, error.type] + [WORD] * len(arguments))
        given = [builder.extract_value(values[1], k) for k in range(len(arguments))]
        fault = builder.call(builder.inttoptr(values[0], kind.as_pointer()), [result, error, *given])
        return builder.or_(builder.sext(fault, WORD), builder.load(result))

    return types.int64(address, arguments), generate


def _fortran(returns_info: bool) -> Any:
    """An intrinsic that calls a Fortran routine: letters, whole numbers (int32) and numbers travel by reference."""

    def typing(typing_context: Any, address: Any, letters: Any, arguments: Any) -> Any:
        if not isinstance(letters, types.StringLiteral):
            raise TypingError(f"the options of a routine are a literal text, not {letters}")
        text = letters.literal_value

        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            given = [cgutils.alloca_once_value(builder, BYTE(ord(letter))) for letter in text]
            for kind, value in _values(context, builder, signature.args[2], values[2]):
                if isinstance(kind, types.CPointer):
                    given.append(value)
                elif kind is types.int64:
                    given.append(cgutils.alloca_once_value(builder, builder.trunc(value, INT32)))
                else:
                    given.append(cgutils.alloca_once_value(builder, value))
            info = cgutils.alloca_once_value(builder, INT32(0))
            if returns_info:
                given.append(info)
            kind = ir.FunctionType(ir.VoidType(), [value.type for value in given])
            builder.call(builder.inttoptr(values[0], kind.as_pointer()), given)
            return builder.sext(builder.load(info), WORD)

        return types.int64(types.int64, letters, arguments), generate

    return typing


def _lapack(typing_context: Any, address: Any, letters: Any, arguments: Any) -> Any:
    """`lapack(address, "LN", (n, pointer, ...))` calls a routine of LAPACK and returns its `info`."""
    return _fortran(True)(typing_context, address, letters, arguments)


def _blas(typing_context: Any, address: Any, letters: Any, arguments: Any) -> Any:
    """`blas(address, "LN", (n, pointer, ...))` calls a routine of BLAS and returns 0."""
    return _fortran(False)(typing_context, address, letters, arguments)


def _packed(typing_context: Any, source: Any, stride: Any, count: Any, room: Any) -> Any:
    """The `count` elements at this stride, next to each other: where they are, or copied to `room`."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        source, stride, count, room = values
        is_packed = builder.icmp_signed("==", stride, WORD(1))
        with builder.if_then(builder.not_(is_packed)), cgutils.for_range(builder, count) as turn:
            element = builder.load(builder.gep(source, [builder.mul(turn.index, stride)]))
            builder.store(element, builder.gep(room, [turn.index]))
        return builder.select(is_packed, source, room)

    pointer = pointer_to(types.float64)
    return pointer(pointer, types.int64, types.int64, pointer), generate


def _unpacked(typing_context: Any, room: Any, count: Any, target: Any, stride: Any) -> Any:
    """Copy `count` elements to a target with this stride, unless they are there already, which a stride of 1 means."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        room, count, target, stride = values
        with (
            builder.if_then(builder.icmp_signed("!=", stride, WORD(1))),
            cgutils.for_range(builder, count) as turn,
        ):
            element = builder.load(builder.gep(room, [turn.index]))
            builder.store(element, builder.gep(target, [builder.mul(turn.index, stride)]))
        return context.get_dummy_value()

    pointer = pointer_to(types.float64)
    return types.void(pointer, types.int64, pointer, types.int64), generate


call_at: Any = intrinsic(_call_at)
invoke: Any = intrinsic(_invoke)
lapack: Any = intrinsic(prefer_literal=True)(_lapack)
blas: Any = intrinsic(prefer_literal=True)(_blas)
packed: Any = intrinsic(_packed)
unpacked: Any = intrinsic(_unpacked)
