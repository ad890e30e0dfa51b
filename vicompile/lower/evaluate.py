"""Expressions: from the Program's kinds to values. Static values are computed as Python would; anything else becomes nodes."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ..frontend import program as p
from ..ir import ops
from ..ir.dims import Dim
from ..ir.nodes import BOOL, Const, Index, Map, Node
from . import arrays
from .context import Context, describe, fail, static_size
from .errors import DynamicCondition, LoopValueUsedAfter, NotSupported, VariableNotSet
from .functions import ATTRIBUTES, METHODS, is_symbolic
from .trace import Check
from .values import FamilyName, Function, LoopResult, Plate

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": operator.pow, "//": operator.floordiv,
    "%": operator.mod, "@": operator.matmul, "&": operator.and_, "|": operator.or_, "^": operator.xor, "<<": operator.lshift, ">>": operator.rshift,
}  # fmt: skip
_ON_NODES: dict[str, Callable[[Any, Any], Any]] = {
    "+": ops.add, "-": ops.subtract, "*": ops.multiply, "/": ops.divide, "**": ops.power, "@": arrays.matmul, "&": ops.logical_and, "|": ops.logical_or,
}  # fmt: skip
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "is": operator.is_,
    "is not": operator.is_not, "in": lambda a, b: a in b, "not in": lambda a, b: a not in b,
}  # fmt: skip
_COMPARE_NODES: dict[str, Callable[[Any, Any], Any]] = {
    "==": ops.equal, "!=": ops.not_equal, "<": ops.less, "<=": ops.less_equal, ">": ops.greater, ">=": ops.greater_equal,
}  # fmt: skip


def evaluate(context: Context, e: p.Expression) -> Any:
    """The value of an expression."""
    with context.at(e.span):
        return _evaluate(context, e)


def _evaluate(context: Context, e: p.Expression) -> Any:
    match e:
        case p.Literal(value):
            return value
        case p.Static(value):
            return value
        case p.Name(name):
            return _variable(context, name, e)
        case p.Captured(name):
            return context.scope.captures[name]
        case p.Attribute(value, name):
            return _attribute(context, evaluate(context, value), name, e)
        case p.Index(value, items):
            return _index(context, evaluate(context, value), [_item(context, i) for i in items], e)
        case p.Apply():
            from .calls import call

            return call(context, e)
        case p.Binary(op, left, right):
            return binary(context, op, evaluate(context, left), evaluate(context, right), e)
        case p.Unary(op, operand):
            return _unary(context, op, evaluate(context, operand), e)
        case p.Compare(op, left, right):
            return _compare(context, op, evaluate(context, left), evaluate(context, right), e)
        case p.BoolOp(op, values):
            return _bool(context, op, values, e)
        case p.Conditional(test, body, orelse):
            return evaluate(
                context, body if truth(context, evaluate(context, test), test, "conditional expression") else orelse
            )
        case p.TupleExpr(items):
            return tuple(evaluate(context, i) for i in items)
        case p.ListExpr(items):
            return [evaluate(context, i) for i in items]
        case p.DictExpr(keys, values):
            return {evaluate(context, k): evaluate(context, v) for k, v in zip(keys, values, strict=True)}
        case p.FString(parts):
            return _fstring(context, parts)
        case p.Lambda(parameters, body):
            return Function(parameters, body, dict(context.scope.variables))
        case p.Comprehension(element, target, iterable):
            return _comprehension(context, element, target, iterable)
    fail(NotSupported(e.span, f"a {type(e).__name__.lower()}", "write it with plain statements"))


def _variable(context: Context, name: str, e: p.Expression) -> Any:
    try:
        value = context.scope.variables[name]
    except KeyError:
        fail(VariableNotSet(e.span, name))
    if isinstance(value, LoopResult):
        fail(LoopValueUsedAfter(e.span, name))
    return value


def _attribute(context: Context, value: Any, name: str, e: p.Expression) -> Any:
    if isinstance(value, (Node, np.ndarray)):
        if name in ATTRIBUTES:
            return ATTRIBUTES[name](value)
        if name in METHODS:
            return (METHODS[name], value)
        fail(NotSupported(e.span, f"the array attribute `{name}`", "use NumPy's functions, such as np.sum(x)"))
    return getattr(value, name)


def _item(context: Context, item: p.Expression) -> Any:
    if isinstance(item, p.Slice):
        return slice(
            *(None if part is None else evaluate(context, part) for part in (item.start, item.stop, item.step))
        )
    return evaluate(context, item)


def _index(context: Context, value: Any, items: list[Any], e: p.Expression) -> Any:
    if isinstance(value, (dict, str)):
        return value[items[0]]
    if isinstance(value, (list, tuple)) and len(items) == 1 and not isinstance(items[0], Node):
        item = items[0]
        return value[static_size(item, e.span) if isinstance(item, Dim) else item]
    if not isinstance(value, Node):
        value = context.node(value, e.span, "what is indexed")
    converted = [context.constant(i) if isinstance(i, (np.ndarray, list)) else i for i in items]
    result, checks = arrays.index(value, converted)
    for bound, size in checks:
        if not isinstance(bound, Node):
            context.trace.checks.append(Check("length", "", e.span, needed=bound, size=size))
        else:
            context.trace.checks.append(Check("index", "", e.span, value=bound, size=size))
    return result


def binary(context: Context, op: str, a: Any, b: Any, e: p.Expression) -> Any:
    """a op b"""
    if op == "%" and isinstance(a, str):
        return _percent(context, a, b, e)
    if op == "+" and any(isinstance(v, (str, FamilyName)) for v in (a, b)):
        return _join(a, b)
    if not (isinstance(a, Node) or isinstance(b, Node)):
        if isinstance(a, Dim) or isinstance(b, Dim):
            return _sizes(context, op, a, b, e)
        if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
            with np.errstate(all="ignore"):
                return _BINARY[op](a, b)
        return _BINARY[op](a, b)
    if op not in _ON_NODES:
        fail(NotSupported(e.span, f"the operator `{op}` on arrays", "use np.floor or elementwise arithmetic"))
    return _ON_NODES[op](_operand(context, a, e), _operand(context, b, e))


def _operand(context: Context, value: Any, e: p.Expression) -> Any:
    return context.node(value, e.span, "an operand")


def _sizes(context: Context, op: str, a: Any, b: Any, e: p.Expression) -> Any:
    if op in "+-*" and all(isinstance(v, (int, Dim)) and not isinstance(v, bool) for v in (a, b)):
        return _BINARY[op](a, b)
    if op in ("//", "%", "<<", ">>", "&", "|", "^"):
        whole = [static_size(v, e.span) if isinstance(v, Dim) else v for v in (a, b)]
        return _BINARY[op](*whole)
    return _ON_NODES[op](_operand(context, a, e), _operand(context, b, e))


def _unary(context: Context, op: str, value: Any, e: p.Expression) -> Any:
    if op == "not":
        return not truth(context, value, e, "not")
    if isinstance(value, Node):
        return {"-": lambda: -value, "+": lambda: value, "~": lambda: ops.logical_not(value)}[op]()  # type: ignore[operator]
    if isinstance(value, Dim):
        return 0 - value if op == "-" else value
    return {"-": operator.neg, "+": operator.pos, "~": operator.invert}[op](value)


def _compare(context: Context, op: str, a: Any, b: Any, e: p.Expression) -> Any:
    if op in ("is", "is not", "in", "not in"):
        return _COMPARE[op](a, b)
    if isinstance(a, Node) or isinstance(b, Node):
        if a is None or b is None or isinstance(a, str) or isinstance(b, str):
            return op == "!="
        return _COMPARE_NODES[op](_operand(context, a, e), _operand(context, b, e))
    if isinstance(a, Dim) or isinstance(b, Dim):
        difference = a - b
        if isinstance(difference, Dim):
            static_size(difference, e.span)
        return _COMPARE[op](difference, 0)
    return _COMPARE[op](a, b)


def _bool(context: Context, op: str, values: tuple[p.Expression, ...], e: p.Expression) -> Any:
    result: Any = None
    for k, expression in enumerate(values):
        value = evaluate(context, expression)
        if isinstance(value, Node):
            rest = [value, *(evaluate(context, v) for v in values[k + 1 :])]
            if all(isinstance(v, Node) and v.dtype == BOOL and v.shape == () for v in rest):
                return _all_nodes(op, rest)
            fail(NotSupported(expression.span, f"`{op}` on arrays", "use `&` or `|` with parentheses, as in NumPy"))
        result = value
        if truth(context, value, expression, op) != (op == "and"):
            return result
    return result


def _all_nodes(op: str, values: list[Any]) -> Any:
    result = values[0]
    for value in values[1:]:
        result = ops.logical_and(result, value) if op == "and" else ops.logical_or(result, value)
    return result


def truth(context: Context, value: Any, e: p.Expression, construct: str) -> bool:
    """The truth of a static value. CompileError if it is known only at run time."""
    if isinstance(value, Node):
        fail(DynamicCondition(e.span, construct=construct))
    if isinstance(value, Dim):
        return bool(static_size(value, e.span))
    return bool(value)


def _fstring(context: Context, parts: tuple[Any, ...]) -> Any:
    text: Any = ""
    for part in parts:
        if isinstance(part, p.Literal):
            piece: Any = str(part.value)
        else:
            value = evaluate(context, part.value)
            if loop_index(value):
                piece = family(value)
            elif isinstance(value, Node):
                fail(
                    NotSupported(
                        part.span,
                        "a name made from a value that is known only at run time",
                        "use the loop variable itself",
                    )
                )
            else:
                value = static_size(value, part.span) if isinstance(value, Dim) else value
                converted = (
                    {"": value, "s": str(value), "r": repr(value), "a": ascii(value)}[part.conversion]
                    if part.conversion
                    else value
                )
                piece = format(converted, part.spec)
        text = _join(text, piece)
    return text


def loop_index(value: Any) -> Index | None:
    """The loop variable that a value is, up to a constant: names made from it are as distinct as it is."""
    while isinstance(value, Map) and value.primitive in ("add", "sub") and isinstance(value.operands[1], Const):
        value = value.operands[0]
    return value if isinstance(value, Index) else None


def family(value: Any) -> FamilyName:
    """The text of a loop variable."""
    index = loop_index(value)
    assert index is not None
    return FamilyName("{}", (index,))


def _join(a: Any, b: Any) -> Any:
    """Two texts, of which either may depend on loop variables."""
    if isinstance(a, str) and isinstance(b, str):
        return a + b
    left = a if isinstance(a, FamilyName) else FamilyName(a.replace("{", "{{").replace("}", "}}"), ())
    right = b if isinstance(b, FamilyName) else FamilyName(b.replace("{", "{{").replace("}", "}}"), ())
    return FamilyName(left.template + right.template, left.indices + right.indices)


def _percent(context: Context, template: str, values: Any, e: p.Expression) -> Any:
    values = values if isinstance(values, tuple) else (values,)
    if not any(map(loop_index, values)):
        return template % tuple(static_size(v, e.span) if isinstance(v, Dim) else v for v in values)
    for code in ("%d", "%i", "%s"):
        template = template.replace(code, "{}")
    return format_family(context, template, values, e)


def format_family(context: Context, template: str, values: tuple[Any, ...], e: p.Expression) -> Any:
    """template.format(*values), where a loop variable leaves its {}."""
    if template.count("{}") != len(values) or template.count("{") != len(values):
        fail(
            NotSupported(
                e.span, "this format of a site name", 'use one plain {} for each value, as in "obs_{}".format(i)'
            )
        )
    pieces = template.split("{}")
    text: Any = pieces[0]
    for value, piece in zip(values, pieces[1:], strict=True):
        if loop_index(value):
            middle: Any = family(value)
        elif is_symbolic(value):
            fail(NotSupported(e.span, f"a site name made from {describe(value)}", "use the loop variable itself"))
        else:
            middle = str(value)
        text = _join(_join(text, middle), piece)
    return text


def _comprehension(context: Context, element: p.Expression, target: p.Target, iterable: p.Expression) -> list[Any]:
    from .loops import static_items
    from .statements import bind

    items = evaluate(context, iterable)
    rounds = None if isinstance(items, Plate) else static_items(items, iterable.span)
    if rounds is None:
        fail(
            NotSupported(
                iterable.span,
                "a list comprehension over a length that is known only at run time",
                "use array operations",
            )
        )
    kept = dict(context.scope.variables)
    results = []
    for item in rounds:
        bind(context, target, item)
        results.append(evaluate(context, element))
    context.scope.variables.clear()
    context.scope.variables.update(kept)
    return results
