"""Turns a formula over `Real` into a numba intrinsic.

The formula's code is put ONCE into each LLVM module that uses it, as an internal `alwaysinline` function: a kernel that
calls `exp` twenty times pays for building it once, and LLVM still sees straight code in the loop body.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.core.errors import TypingError
from numba.extending import intrinsic

from vicompile.jit.mathlib.lanes import DOUBLE, SINGLE, Real

Formula = Callable[..., Real]


def emit_once(
    module: Any, name: str, formula: Formula, arity: int, *, inline: bool = True, element: Any = DOUBLE
) -> Any:
    """The LLVM function `name` in `module`, built from the formula at the first request."""
    full = f"vicompile.{name}" if element == DOUBLE else f"vicompile.{name}.single"
    found = module.globals.get(full)
    if found is not None:
        return found
    function = ir.Function(module, ir.FunctionType(element, [element] * arity), full)
    function.linkage = "internal"
    for attribute in ("alwaysinline" if inline else "noinline", "nounwind"):
        function.attributes.add(attribute)
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    builder.ret(formula(*(Real(builder, argument) for argument in function.args)).value)
    return function


def call(name: str, formula: Formula, *arguments: Real, inline: bool = True) -> Real:
    """Call another formula from inside a formula."""
    builder = arguments[0].builder
    element = SINGLE if arguments[0].is_single else DOUBLE
    function = emit_once(builder.module, name, formula, len(arguments), inline=inline, element=element)
    return Real(builder, builder.call(function, [argument.value for argument in arguments]))


def elementwise(name: str, formula: Formula, arity: int = 1, *, inline: bool = True, has_single: bool = False) -> Any:
    """A numba intrinsic of `arity` numbers (float64; integers and booleans are converted) that returns float64.

    Of float32 alone it returns float32, computed so where the formula `has_single` form, and in float64 elsewhere.
    """

    def typing(typing_context: Any, given: Any) -> Any:
        for argument in given:
            if not isinstance(argument, types.Float | types.Integer | types.Boolean | types.IntegerLiteral):
                raise TypingError(f"{name} needs numbers, not {argument}")

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            element = SINGLE if is_single and has_single else DOUBLE
            function = emit_once(builder.module, name, formula, arity, inline=inline, element=element)
            if not is_single or has_single:
                return builder.call(function, list(args))
            wide = builder.call(function, [builder.fpext(one, DOUBLE) for one in args])
            return builder.fptrunc(wide, SINGLE)

        is_single = all(argument == types.float32 for argument in given)
        kind = types.float32 if is_single else types.float64
        return kind(*[kind] * arity), codegen

    # numba reads the parameters of an intrinsic, and gives no other way to state how many there are.
    wrappers: dict[int, Callable[..., Any]] = {
        1: lambda typing_context, a: typing(typing_context, (a,)),
        2: lambda typing_context, a, b: typing(typing_context, (a, b)),
        3: lambda typing_context, a, b, c: typing(typing_context, (a, b, c)),
        4: lambda typing_context, a, b, c, d: typing(typing_context, (a, b, c, d)),
    }
    wrapper = wrappers[arity]
    wrapper.__name__ = wrapper.__qualname__ = name
    return intrinsic(wrapper)
