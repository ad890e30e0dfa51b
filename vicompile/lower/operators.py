"""Operators: on plain values what Python does, on sizes polynomials, on anything with a node in it new nodes."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..frontend import program as p
from ..ir import linalg, ops
from ..ir.dims import Dim
from ..ir.nodes import BOOL, INT, Index, Node
from ..ir.walk import topological
from ..specialise import AttributeTree, Table, is_length
from . import arrays
from .context import Context, fail, static_size
from .errors import DynamicCondition, InvalidOperation, NotSupported
from .functions import is_symbolic
from .names import join, percent
from .text import describe
from .values import FamilyName

Binary = Callable[[Any, Any], Any]

_BINARY: dict[str, Binary] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": operator.pow,
    "//": operator.floordiv, "%": operator.mod, "@": operator.matmul, "&": operator.and_, "|": operator.or_,
    "^": operator.xor, "<<": operator.lshift, ">>": operator.rshift,
}  # fmt: skip
_ON_NODES: dict[str, Binary] = {
    "+": ops.add, "-": ops.subtract, "*": ops.multiply, "/": ops.divide, "**": ops.power, "@": linalg.matmul,
    "&": ops.logical_and, "|": ops.logical_or,
}  # fmt: skip
_COMPARE: dict[str, Binary] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_COMPARE_NODES: dict[str, Binary] = {
    "==": ops.equal, "!=": ops.not_equal, "<": ops.less, "<=": ops.less_equal, ">": ops.greater,
    ">=": ops.greater_equal,
}  # fmt: skip
_ADVICE = {
    "//": "write np.floor(a / b)",
    "%": "write a - b * np.floor(a / b)",
    "&": "compare first, as in (a > 0) & (b > 0)",
    "|": "compare first, as in (a > 0) | (b > 0)",
    "~": "compare first, as in ~(a > 0)",
}


def binary(context: Context, op: str, a: Any, b: Any, e: p.Expression) -> Any:
    """a op b"""
    a, b = (v.matrix if isinstance(v, Table) else v for v in (a, b))
    if op == "%" and isinstance(a, str):
        return percent(context, a, b, e)
    if op == "+" and any(isinstance(v, (str, FamilyName)) for v in (a, b)):
        return join(a, b)
    if isinstance(a, Node) or isinstance(b, Node):
        return _on_nodes(context, op, a, b, e)
    if isinstance(a, Dim) or isinstance(b, Dim):
        return _on_sizes(context, op, a, b, e)
    if any(isinstance(v, np.ndarray) for v in (a, b)) and (is_symbolic(a) or is_symbolic(b)):
        return _on_nodes(context, op, a, b, e)
    with np.errstate(all="ignore"):
        return _BINARY[op](a, b)


def _on_nodes(context: Context, op: str, a: Any, b: Any, e: p.Expression) -> Any:
    left, right = (context.node(v, e.span, f"what `{op}` is applied to") for v in (a, b))
    if op not in _ON_NODES or (op in "&|" and INT in (left.dtype, right.dtype)):
        advice = _ADVICE.get(op, "use elementwise arithmetic")
        fail(NotSupported(e.span, f"the operator `{op}` on {describe(left if left.rank else right)}", advice))
    if op == "+" and left.dtype == right.dtype == BOOL:
        return ops.logical_or(left, right)  # as NumPy does
    return _ON_NODES[op](left, right)


def _on_sizes(context: Context, op: str, a: Any, b: Any, e: p.Expression) -> Any:
    if all(isinstance(v, (int, Dim)) for v in (a, b)):
        if op in "+-*":
            return _BINARY[op](a, b)
        if op == "**" and isinstance(a, Dim) and isinstance(b, int) and 0 <= b <= 4:
            power: Any = 1
            for _ in range(b):
                power = power * a
            return power
        if op not in _ON_NODES or op in "&|":
            return _BINARY[op](static_size(a, e.span), static_size(b, e.span))
    if op == "*" and any(isinstance(v, (list, tuple, str)) for v in (a, b)):
        return _repeated(context, b, a, e) if isinstance(a, Dim) else _repeated(context, a, b, e)
    return _on_nodes(context, op, a, b, e)


def _repeated(context: Context, values: Any, count: Any, e: p.Expression) -> Any:
    """`[0.0] * n`: a list in Python, here the array that is made from it."""
    if any(map(is_length, count.symbols)):
        if len(values) == 1 and not isinstance(values, str):
            return arrays.full((count,), context.node(values[0], e.span, "what is repeated"))
        fail(
            NotSupported(e.span, f"{describe(values)} repeated as often as the data is long", "use np.full or np.zeros")
        )
    return static_size(count, e.span)


def unary(context: Context, op: str, value: Any, e: p.Expression) -> Any:
    """op value"""
    if op == "not":
        return not truth(context, value, e, "not")
    if isinstance(value, Table):
        value = value.matrix
    if isinstance(value, Node):
        if op == "~":
            if value.dtype == INT:
                fail(NotSupported(e.span, "`~` on whole numbers", _ADVICE["~"]))
            return ops.logical_not(value)
        return ops.negative(value) if op == "-" else value
    if isinstance(value, Dim):
        if op == "~":
            static_size(value, e.span)
        return 0 - value if op == "-" else value
    python: dict[str, Callable[[Any], Any]] = {"-": operator.neg, "+": operator.pos, "~": operator.invert}
    return python[op](value)


def compare(context: Context, op: str, a: Any, b: Any, e: p.Expression) -> Any:
    """a op b"""
    if op in ("is", "is not"):
        if a is not b and all(isinstance(v, (AttributeTree, Table)) for v in (a, b)):
            fail(NotSupported(e.span, f"the comparison `{op}` of two objects", "compare attributes of theirs"))
        same = a is b or (isinstance(a, Dim) and isinstance(b, int) and static_size(a, e.span) is b)
        return same == (op == "is")
    if op in ("in", "not in"):
        return _contains(a, b, e) == (op == "in")
    a, b = (v.matrix if isinstance(v, Table) else v for v in (a, b))
    if isinstance(a, Node) or isinstance(b, Node):
        if op in ("==", "!=") and any(v is None or isinstance(v, (str, FamilyName)) for v in (a, b)):
            return op == "!="
        left, right = (context.node(v, e.span, f"what `{op}` is applied to") for v in (a, b))
        return _COMPARE_NODES[op](left, right)
    if isinstance(a, (int, Dim)) and isinstance(b, (int, Dim)):
        difference = a - b
        return _COMPARE[op](static_size(difference, e.span), 0)
    if is_symbolic(a) or is_symbolic(b):
        if not any(isinstance(v, Dim) for v in (a, b)):
            fail(NotSupported(e.span, "this comparison of containers with arrays in them", "compare their elements"))
        a, b = static_size(a, e.span), static_size(b, e.span)
    return _COMPARE[op](a, b)


def _contains(item: Any, container: Any, e: p.Expression) -> bool:
    if isinstance(container, dict):
        return static_size(item, e.span) in container
    if isinstance(container, (AttributeTree, Table)):
        fail(NotSupported(e.span, f"`in` of {describe(container)}", "tell by an argument what it has"))
    if isinstance(item, Node) or isinstance(container, Node) or is_symbolic(container):
        fail(DynamicCondition(e.span, construct="in"))
    return bool(static_size(item, e.span) in container)


def all_of(op: str, values: Sequence[Any]) -> Any:
    """`and` or `or` of single conditions."""
    result = values[0]
    for value in values[1:]:
        result = ops.logical_and(result, value) if op == "and" else ops.logical_or(result, value)
    return result


def truth(context: Context, value: Any, e: p.Expression, construct: str) -> bool:
    """The truth of a static value. CompileError if it is known only at run time."""
    if isinstance(value, Node):
        if any(isinstance(below, Index) for below in topological([value])):
            context.unroll(e.span)
        fail(DynamicCondition(e.span, construct=construct))
    if isinstance(value, FamilyName):
        fail(InvalidOperation(e.span, "the name of a site cannot be a condition"))
    if isinstance(value, (AttributeTree, Table)):
        advice = "compare it with None, or look at an attribute or at its length"
        fail(NotSupported(e.span, f"{describe(value)} as a condition", advice))
    return bool(static_size(value, e.span))
