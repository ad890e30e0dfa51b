"""Expressions: from the Program's kinds to values. Static values are computed as Python would; others become nodes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..frontend import program as p
from ..ir.nodes import BOOL, Node
from ..specialise import AttributeTree, Table
from . import operators
from .context import Context, fail
from .errors import InvalidOperation, LoopValueUsedAfter, NotSupported, VariableNotSet
from .functions import ATTRIBUTES, METHODS
from .indexing import subscript
from .names import formatted, fstring
from .objects import of_object, of_table
from .operators import truth
from .text import describe
from .values import Function, LoopResult, Method


def evaluate(context: Context, e: p.Expression) -> Any:
    """The value of an expression."""
    with context.at(e.span):
        return _evaluate(context, e)


def _evaluate(context: Context, e: p.Expression) -> Any:
    match e:
        case p.Literal(value) | p.Static(value):
            return value
        case p.Name(name):
            return _variable(context, name, e)
        case p.Captured(name):
            return context.scope.captures[name]
        case p.Attribute(value, name):
            return attribute(context, evaluate(context, value), name, e)
        case p.Index(value, items):
            return subscript(context, evaluate(context, value), [_item(context, i) for i in items], e)
        case p.Apply():
            from .calls import call

            return call(context, e)
        case p.Binary(op, left, right):
            return operators.binary(context, op, evaluate(context, left), evaluate(context, right), e)
        case p.Unary(op, operand):
            return operators.unary(context, op, evaluate(context, operand), e)
        case p.Compare(op, left, right):
            return operators.compare(context, op, evaluate(context, left), evaluate(context, right), e)
        case p.BoolOp(op, values):
            return _bool(context, op, values)
        case p.Conditional(test, body, orelse):
            taken = truth(context, evaluate(context, test), test, "conditional expression")
            return evaluate(context, body if taken else orelse)
        case p.TupleExpr(items):
            return tuple(evaluate(context, i) for i in items)
        case p.ListExpr(items):
            return [evaluate(context, i) for i in items]
        case p.DictExpr(keys, values):
            return {evaluate(context, k): evaluate(context, v) for k, v in zip(keys, values, strict=True)}
        case p.FString(parts):
            return fstring([_piece(context, part) for part in parts])
        case p.Lambda(parameters, body):
            return Function(parameters, body, context.scope.variables, context.scope.captures)
        case p.Comprehension(element, target, iterable):
            return _comprehension(context, element, target, iterable)
    fail(NotSupported(e.span, f"a {type(e).__name__.lower()}", "write it with plain statements"))


def _piece(context: Context, part: p.Literal | p.Formatted) -> Any:
    return str(part.value) if isinstance(part, p.Literal) else formatted(part, evaluate(context, part.value))


def _variable(context: Context, name: str, e: p.Expression) -> Any:
    try:
        value = context.scope.variables[name]
    except KeyError:
        fail(VariableNotSet(e.span, name))
    if isinstance(value, LoopResult):
        fail(LoopValueUsedAfter(e.span, name))
    return value


def attribute(context: Context, value: Any, name: str, e: p.Expression) -> Any:
    """value.name"""
    if isinstance(value, Node):
        if name in ATTRIBUTES:
            return ATTRIBUTES[name](value)
        if name in METHODS:
            return Method(name, METHODS[name], value)
        fail(NotSupported(e.span, f"the array attribute `{name}`", "use NumPy's functions, such as np.sum(x)"))
    if isinstance(value, AttributeTree):
        return of_object(value, name, e)
    if isinstance(value, Table):
        return of_table(context, value, name, e)
    inside = type(value).__module__.startswith(("vicompile.lower", "vicompile.ir"))
    if inside or not hasattr(value, name):
        fail(InvalidOperation(e.span, f"{describe(value)} has no attribute `{name}`"))
    return getattr(value, name)


def _item(context: Context, item: p.Expression) -> Any:
    if isinstance(item, p.Slice):
        parts = (item.start, item.stop, item.step)
        return slice(*(None if part is None else evaluate(context, part) for part in parts))
    return evaluate(context, item)


def _bool(context: Context, op: str, values: tuple[p.Expression, ...]) -> Any:
    result: Any = None
    for k, expression in enumerate(values):
        result = evaluate(context, expression)
        if k == len(values) - 1:
            break
        if isinstance(result, Node):
            rest = [result, *(evaluate(context, v) for v in values[k + 1 :])]
            if all(isinstance(v, Node) and v.dtype == BOOL and v.shape == () for v in rest):
                return operators.all_of(op, rest)
            advice = "use `&` or `|` with parentheses, as in NumPy"
            fail(NotSupported(expression.span, f"`{op}` on arrays", advice))
        if truth(context, result, expression, op) != (op == "and"):
            break
    return result


def _comprehension(context: Context, element: p.Expression, target: p.Target, iterable: p.Expression) -> list[Any]:
    from .loops import needed_items
    from .statements import bind

    items = evaluate(context, iterable)
    rounds = needed_items(items, iterable.span)
    if rounds is None:
        what = "a list comprehension over a length that is known only at run time"
        fail(NotSupported(iterable.span, what, "use array operations"))
    results = []
    with own_variables(context):
        for item in rounds:
            bind(context, target, item)
            results.append(evaluate(context, element))
    return results


@contextmanager
def own_variables(context: Context) -> Iterator[None]:
    """Variables set inside are gone afterwards."""
    scope = context.scope
    outside = scope.variables
    scope.variables = dict(outside)
    try:
        yield
    finally:
        scope.variables = outside
