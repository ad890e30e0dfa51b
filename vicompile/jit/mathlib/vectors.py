"""Loops over vectors of doubles, each built as one function of the module that uses it.

numba's own loops take it tens of milliseconds each to compile. Vectors are pointers; a result may lie where an operand
does.
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
POINTER = DOUBLE.as_pointer()
_FLAGS = ("contract", "nsz", "reassoc")
_KINDS = {
    "vector": (pointer_to(types.float64), POINTER),
    "number": (types.float64, DOUBLE),
    "word": (types.int64, WORD),
}


def _emitted(module: Any, name: str, kinds: list[Any], result: Any, body: Callable[..., Any]) -> Any:
    full = f"vicompile.{name}"
    found = module.globals.get(full)
    if found is not None:
        return found
    function = ir.Function(module, ir.FunctionType(result, kinds), full)
    function.linkage = "internal"
    for attribute in ("noinline", "nounwind"):
        function.attributes.add(attribute)
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    value = body(builder, *function.args)
    if value is None:
        builder.ret_void()
    else:
        builder.ret(value)
    return function


def operation(name: str, kinds: str, result: str, body: Callable[..., Any]) -> Any:
    """A numba intrinsic: body(builder, *arguments) builds its code. kinds: of its arguments; result: or "nothing"."""
    chosen = [_KINDS[kind] for kind in kinds.split()]
    returned, native = _KINDS[result] if result != "nothing" else (types.void, ir.VoidType())

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        function = _emitted(builder.module, name, [kind for _, kind in chosen], native, body)
        value = builder.call(function, list(values))
        return context.get_dummy_value() if result == "nothing" else value

    arguments = ", ".join("abcdefgh"[: len(chosen)])
    # numba reads the parameters of an intrinsic, and gives no other way to state how many there are.
    namespace: dict[str, Any] = {"signature": returned(*(kind for kind, _ in chosen)), "generate": generate}
    exec(f"def {name}(typing_context, {arguments}):\n    return signature, generate\n", namespace)
    return intrinsic(namespace[name])


def _folded(builder: Any, count: Any, start: Any, fold: Callable[[Any, Any], Any]) -> Any:
    """start, folded with each index: fold(result so far, index)."""
    result = cgutils.alloca_once_value(builder, start)
    with cgutils.for_range(builder, count) as turn:
        builder.store(fold(builder.load(result), turn.index), result)
    return builder.load(result)


def _at(builder: Any, pointer: Any, index: Any) -> Any:
    return builder.load(builder.gep(pointer, [index]))


def _dot(builder: Any, a: Any, b: Any, count: Any) -> Any:
    """The sum of the products of `count` elements."""

    def fold(so_far: Any, k: Any) -> Any:
        product = builder.fmul(_at(builder, a, k), _at(builder, b, k), flags=_FLAGS)
        return builder.fadd(so_far, product, flags=_FLAGS)

    return _folded(builder, count, DOUBLE(0.0), fold)


def _total(builder: Any, a: Any, count: Any) -> Any:
    """The sum of `count` elements."""
    zero = DOUBLE(0.0)
    return _folded(builder, count, zero, lambda so_far, k: builder.fadd(so_far, _at(builder, a, k), flags=_FLAGS))


def _largest(builder: Any, a: Any, count: Any) -> Any:
    """The largest absolute value of `count` elements; NaNs do not count."""

    def fold(most: Any, k: Any) -> Any:
        one = _at(builder, a, k)
        size = builder.select(builder.fcmp_ordered("<", one, DOUBLE(0.0)), builder.fneg(one), one)
        return builder.select(builder.fcmp_ordered(">", size, most), size, most)

    return _folded(builder, count, DOUBLE(0.0), fold)


def _combine(builder: Any, out: Any, alpha: Any, a: Any, beta: Any, b: Any, count: Any) -> None:
    """out = alpha a + beta b."""
    with cgutils.for_range(builder, count) as turn:
        left = builder.fmul(alpha, _at(builder, a, turn.index), flags=_FLAGS)
        right = builder.fmul(beta, _at(builder, b, turn.index), flags=_FLAGS)
        builder.store(builder.fadd(left, right, flags=_FLAGS), builder.gep(out, [turn.index]))


def _scale(builder: Any, out: Any, alpha: Any, a: Any, count: Any) -> None:
    """out = alpha a."""
    with cgutils.for_range(builder, count) as turn:
        product = builder.fmul(alpha, _at(builder, a, turn.index), flags=_FLAGS)
        builder.store(product, builder.gep(out, [turn.index]))


def _not_finite(builder: Any, place: Any, count: Any) -> Any:
    """-1 where any of the `count` doubles at an address is NaN or infinite, else 0."""
    first = builder.inttoptr(place, WORD.as_pointer())
    all_ones = WORD(0x7FF0000000000000)

    def fold(found: Any, k: Any) -> Any:
        exponent = builder.and_(_at(builder, first, k), all_ones)
        return builder.or_(found, builder.sext(builder.icmp_signed("==", exponent, all_ones), WORD))

    return _folded(builder, count, WORD(0), fold)


dot = operation("dot", "vector vector word", "number", _dot)
total = operation("total", "vector word", "number", _total)
largest = operation("largest", "vector word", "number", _largest)
combine = operation("combine", "vector number vector number vector word", "nothing", _combine)
scale = operation("scale", "vector number vector word", "nothing", _scale)
not_finite = operation("not_finite", "word word", "word", _not_finite)
