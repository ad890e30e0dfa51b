"""How results of each type are kept in memory, and how elements meet in one place.

Whole numbers and truth values are kept as floats, a truth value as 0.0 or 1.0.
"""

from __future__ import annotations

from typing import Any

from ..ir.combine import start
from ..ir.nodes import BOOL, FLOAT, INT, Scatter
from .dependence import Operation
from .kernel import NARROW, Add, Apply, Expression, Let, Literal, Load, Name, Statement, Store

# The sum of the rows of one block, where they are float32.
SHORT_START = Apply(NARROW, (Literal(0.0),))


def starting_value(op: Operation) -> Literal:
    """What an accumulator starts from."""
    return Literal(start(op.combine if isinstance(op, Scatter) else "add", op.dtype))


def start_in_memory(op: Operation) -> Literal:
    """The same in an array: whole numbers are kept as doubles, of which the largest must come back as one."""
    first = starting_value(op)
    return Literal(min(float(first.value), 2.0**63 - 1024.0)) if op.dtype == INT else first


def _met(op: Scatter, a: Expression, b: Expression) -> Expression:
    """Two elements that meet in one place."""
    name = {"mul": "mul", "max": "maximum", "min": "minimum"}[op.combine]
    return Apply(f"{name}_int" if op.dtype == INT and name != "mul" else name, (a, b))


def combined(op: Scatter, name: str, value: Expression, origin: Any) -> Statement:
    """One more element for a variable."""
    return Add(name, value, origin) if op.combine == "add" else Let(name, _met(op, Name(name), value), origin)


def combined_store(op: Scatter, name: str, index: Expression, value: Expression, origin: Any) -> Store:
    """One more element for a place in an array."""
    if op.combine == "add":
        return Store(name, index, value, accumulate=True, origin=origin)
    old = loaded(Load(name, index), op.dtype)
    return Store(name, index, stored(_met(op, old, value), op.dtype), origin=origin)


def stored(value: Expression, dtype: str) -> Expression:
    """A value as it is stored."""
    return value if dtype == FLOAT else Apply("to_float", (value,))


def loaded(value: Expression, dtype: str) -> Expression:
    """What was stored, as it was."""
    if dtype == INT:
        return Apply("to_int", (value,))
    return truth(value) if dtype == BOOL else value


def truth(value: Expression) -> Expression:
    """Truth values are kept as 0.0 and 1.0."""
    return Apply("not_equal", (value, Literal(0.0)))
