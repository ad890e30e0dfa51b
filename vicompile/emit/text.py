"""The text of a kernel: one module that numba can compile and a person can read."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Sequence

from ..ir.dims import Size
from ..ir.primitives import primitives
from ..schedule.kernel import (
    Add,
    Apply,
    Buffer,
    Expression,
    Kernel,
    Let,
    Literal,
    Load,
    Loop,
    Name,
    Pointer,
    Statement,
    Store,
)

SIGNATURE = "int64(f8*, f8*, i8*, i8*, f8*, f8*)"
_COMMENT_COLUMN = 72
# Python's own functions; every other name that is called comes from the math library.
_BUILTIN = {"range", "min", "float", "int", "abs"}
_KERNEL_ONLY = {"minimum_int": "min({0}, {1})"}


def emit(kernel: Kernel) -> str:
    """The module that defines `kernel(params, noise, data, sizes, work, out)`."""
    lines = _block(kernel.body, 1)
    code = "\n".join(lines)
    called = sorted(set(re.findall(r"\b([a-z_0-9]+)\(", re.sub(r"#.*", "", code))) - _BUILTIN)
    imports = f"from vicompile.jit.mathlib import {', '.join(called)}\n\n\n" if called else ""
    layout = "".join(f"#   data[{k}]  {d.input.name}: {d.input.dtype}[{_shape(d.input.shape)}]{', packed' if d.packed else ''}\n"
                     for k, d in enumerate(kernel.data))  # fmt: skip
    header = f"# {kernel.name}: the loss in out[0], its gradient in out[1:]\n{layout}"
    return f"{header}{imports}def kernel(params, noise, data, sizes, work, out):\n{code}\n    return 0\n"


def _shape(shape: Sequence[Size]) -> str:
    return ", ".join(map(str, shape))


def _block(statements: Sequence[Statement], level: int) -> list[str]:
    lines: list[str] = []
    for statement in statements:
        if isinstance(statement, Loop):
            stop = expression(statement.stop)
            bounds = stop if statement.step == 1 else f"0, {stop}, {statement.step}"
            lines.append("    " * level + f"for {statement.variable} in range({bounds}):")
            lines += _block(statement.body, level + 1)
        else:
            lines += _with_origin(_printed(_statement(statement)), getattr(statement, "origin", None), level)
    return lines


def _statement(statement: Statement) -> str:
    match statement:
        case Let():
            return f"{statement.name} = {expression(statement.value)}"
        case Add():
            return f"{statement.name} += {expression(statement.value)}"
        case Store():
            sign = "+=" if statement.accumulate else "="
            return f"{statement.pointer}[{expression(statement.index)}] {sign} {expression(statement.value)}"
        case Pointer():
            offset = "" if statement.offset is None else f", {expression(statement.offset)}"
            return f"{statement.name} = {statement.how}({expression(statement.base)}{offset})"
        case Buffer():
            return f"{statement.name} = local_buffer({statement.length})"
    raise AssertionError(f"unknown statement {type(statement).__name__}")


def expression(e: Expression) -> str:
    """An expression as Python source, parenthesised generously: the printer removes what is not needed."""
    match e:
        case Literal():
            return _literal(e.value)
        case Name():
            return e.name
        case Load():
            return f"{e.pointer}[{expression(e.index)}]"
        case Apply():
            template = _KERNEL_ONLY.get(e.primitive) or primitives()[e.primitive].emit
            return "(" + template.format(*(_operand(a) for a in e.args)) + ")"
    raise AssertionError(f"unknown expression {type(e).__name__}")


def _operand(e: Expression) -> str:
    text = expression(e)
    return f"({text})" if text.startswith("-") else text


def _literal(value: float | int | bool) -> str:
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return {"inf": "1e400", "-inf": "-1e400"}.get(str(value), "(1e400 - 1e400)")
    return repr(value)


def _printed(source: str) -> str:
    with warnings.catch_warnings():
        # astor touches deprecated names of `ast` when it is imported on newer Pythons.
        warnings.simplefilter("ignore", DeprecationWarning)
        import astor

    text: str = astor.to_source(ast.parse(source), pretty_source="".join)
    return text.rstrip("\n")


def _with_origin(text: str, origin: object, level: int) -> list[str]:
    line = "    " * level + text
    return [line if origin is None else f"{line:<{_COMMENT_COLUMN}}  # {origin}"]
