"""A kernel as lines of code that mean the right thing, before they are made to read well."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ..diagnostics import Record
from ..ir.primitives import primitives
from ..schedule.expressions import ZERO
from ..schedule.kernel import (
    NARROW,
    WIDEN,
    Add,
    Apply,
    Block,
    Buffer,
    Expression,
    Invoke,
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

# Python's own functions; every other name that is called comes from the math library.
_BUILTIN = {"range", "min", "max", "float", "int", "abs"}
_KERNEL_ONLY = {
    "minimum_int": "min({0}, {1})",
    "multiply_add": "multiply_add({0}, {1}, {2})",
    "maximum_int": "max({0}, {1})",
    NARROW: "float32({0})",
    WIDEN: "float({0})",
}


class Line(Record):
    """One line of code: how deep it stands, the code, and where in the user's source it comes from."""

    level: int
    code: str
    origin: Any = None


class Draft(Record):
    """The lines of a kernel's body, and the functions of the math library that they call."""

    kernel: Kernel
    lines: tuple[Line, ...]
    called: tuple[str, ...]

    @property
    def code(self) -> str:
        """All that decides the machine code: no layout, no comments, so that moving a model in its file changes
        nothing.
        """
        return "\n".join(f"{line.level} {line.code}" for line in self.lines)


def draft(kernel: Kernel) -> Draft:
    """Write the kernel as lines of Python."""
    lines = tuple(_lines(kernel.body, 1))
    names = {name for line in lines for name in re.findall(r"\b([a-z_0-9]+)\(", line.code)}
    return Draft(kernel, lines, tuple(sorted(names - _BUILTIN)))


def _lines(statements: Sequence[Statement], level: int) -> Iterator[Line]:
    for statement in statements:
        if isinstance(statement, Loop):
            stop = expression(statement.stop)
            stop = stop[1:-1] if isinstance(statement.stop, Apply) else stop
            bounds = stop if statement.step == 1 else f"0, {stop}, {statement.step}"
            yield Line(level, f"for {statement.variable} in range({bounds}):")
            yield from _lines(statement.body, level + 1)
        else:
            yield Line(level, _statement(statement), getattr(statement, "origin", None))


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
            kind = "float32_" if statement.is_single else ""
            return f"{statement.name} = local_{kind}buffer({statement.length})"
        case Invoke():
            blocks = (statement.out, statement.operands[0], statement.operands[-1])
            parts = [
                *map(_address, blocks),
                statement.scratch,
                *(expression(block.stride) for block in blocks),
                *(expression(block.step) for block in blocks),
                expression(statement.lanes),
                *map(expression, statement.sizes),
                str(statement.variant),
            ]
            return f"invoke({statement.helper}, ({', '.join(parts)}))"
    raise AssertionError(f"unknown statement {type(statement).__name__}")


def _address(block: Block) -> str:
    return block.pointer if block.offset == ZERO else f"advance({block.pointer}, {expression(block.offset)})"


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
    # The smallest whole number has no literal of its own: the minus sign is an operator.
    return "(-9223372036854775807 - 1)" if value == -(2**63) and isinstance(value, int) else repr(value)
