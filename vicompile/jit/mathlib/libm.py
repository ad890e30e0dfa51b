"""The rare functions: scalar calls of the C library, one symbol each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir

from vicompile.jit.mathlib.lanes import DOUBLE, Real


def from_libm(symbol: str) -> Callable[..., Real]:
    """A formula that calls the C library's `symbol`."""

    def formula(*arguments: Real) -> Real:
        builder = arguments[0].builder
        return Real(
            builder, builder.call(_declared(builder.module, symbol, len(arguments)), [a.value for a in arguments])
        )

    return formula


def _declared(module: Any, symbol: str, arity: int) -> Any:
    found = module.globals.get(symbol)
    return found or ir.Function(module, ir.FunctionType(DOUBLE, [DOUBLE] * arity), symbol)
