"""Statements: assignments, conditions on static values, plates, loops, return."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..diagnostics import Span
from ..frontend import program as p
from ..ir.dims import Dim
from ..ir.nodes import Node
from . import blocks, loops
from .arrays import select
from .assertions import hold
from .context import Context, equate, fail
from .errors import InvalidOperation, NotSupported
from .evaluate import evaluate
from .operators import truth
from .text import describe
from .values import Function


def execute_all(context: Context, body: Sequence[p.Statement]) -> None:
    """Run statements until one returns."""
    for statement in body:
        if context.scope.has_returned:
            return
        with context.at(statement.span):
            _execute(context, statement)


def _execute(context: Context, statement: p.Statement) -> None:
    match statement:
        case p.Assign(target, value):
            bind(context, target, evaluate(context, value))
        case p.ExpressionStatement(value):
            evaluate(context, value)
        case p.Return(value):
            if len(context.loops) > context.scope.loops:
                context.unroll(statement.span)
                fail(NotSupported(statement.span, "`return` inside a data-sized loop", "return after the loop"))
            context.scope.returned = None if value is None else evaluate(context, value)
            context.scope.has_returned = True
        case p.If(test, body, orelse):
            execute_all(context, body if truth(context, evaluate(context, test), test, "if") else orelse)
        case p.With(items, body):
            _with(context, items, body)
        case p.For(target, iterable, body):
            loops.loop(context, target, evaluate(context, iterable), body, statement)
        case p.Def(name, function):
            program = function.program
            scope = context.scope
            scope.variables[name] = Function(program.parameters, program, scope.variables, scope.captures, name)
        case p.Assert(test, message):
            hold(context, test, message)
        case p.Pass():
            pass
        case _:
            what = f"a {type(statement).__name__.lower()} statement"
            fail(NotSupported(statement.span, what, "write it with assignments and loops"))


def _with(context: Context, items: Sequence[tuple[p.Expression, p.Target | None]], body: Sequence[p.Statement]) -> None:
    with blocks.block(context):
        for expression, target in items:
            given = blocks.enter(context, evaluate(context, expression), expression)
            if target is not None:
                bind(context, target, given)
        execute_all(context, body)


def bind(context: Context, target: p.Target, value: Any) -> None:
    """target = value, with tuples taken apart."""
    if isinstance(target, p.NameTarget):
        context.scope.variables[target.name] = value
        return
    parts = _parts(context, value, len(target.items), target.span)
    for item, part in zip(target.items, parts, strict=True):
        bind(context, item, part)


def _parts(context: Context, value: Any, count: int, span: Span) -> Sequence[Any]:
    if isinstance(value, Node) and value.rank:
        if isinstance(value.shape[0], Dim):
            equate(value.shape[0], count, span)
        value = [select(value, 0, k) for k in range(value.shape[0])]
    if isinstance(value, (str, range, np.ndarray, dict)):
        value = list(value)
    if not isinstance(value, (tuple, list)):
        fail(InvalidOperation(span, f"{describe(value)} cannot be taken apart into {count} values"))
    if len(value) != count:
        fail(InvalidOperation(span, f"{len(value)} values for {count} names"))
    return value
