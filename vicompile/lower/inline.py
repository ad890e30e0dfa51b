"""The user's own functions: their bodies stand in place of their calls."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..diagnostics import CompileError, Label, Span
from ..frontend import program as p
from ..specialise.helpers import program_of
from .context import MAX_INLINE_DEPTH, Context, fail
from .errors import NotSupported
from .evaluate import evaluate
from .values import Function, Scope


def inline(context: Context, function: Any, args: list[Any], keywords: Mapping[str, Any], e: p.Apply) -> Any:
    """The body of a function of the user's module."""
    if len(context.scopes) > MAX_INLINE_DEPTH:
        fail(NotSupported(e.span, f"the recursion of `{function.__name__}`", "write the recursion as a loop"))
    if function not in context.helpers:
        program_of(function)  # tells what is wrong with its source, if anything is
        advice = "call it by the name under which its module defines it"
        fail(NotSupported(e.span, f"the call of `{function.__name__}`, which is found only at run time", advice))
    program, captures = context.helpers[function]
    bound = inspect.signature(function).bind(*args, **keywords)
    bound.apply_defaults()
    variables = {name: _default(context, value) for name, value in bound.arguments.items()}
    with _called_from(e.span):
        return run_body(context, program, Scope(variables, captures))


def _default(context: Context, value: Any) -> Any:
    return context.constant(value) if isinstance(value, np.ndarray) and value.ndim else value


def inline_local(
    context: Context, function: Function, args: list[Any], keywords: Mapping[str, Any], span: Span | None = None
) -> Any:
    """The body of a local function or lambda. TypeError for arguments that do not fit."""
    if len(context.scopes) > MAX_INLINE_DEPTH:
        place = span or function.body.span
        fail(NotSupported(place, f"the recursion of `{function.name}`", "write the recursion as a loop"))
    given = _bind(function, args, keywords)
    if isinstance(function.body, p.Program):
        around = {name: value for name, value in function.scope.items() if name not in function.body.locals}
        return run_body(context, function.body, Scope({**around, **given}, function.captures))
    context.scopes.append(Scope({**function.scope, **given}, function.captures, loops=len(context.loops)))
    try:
        return evaluate(context, function.body)
    finally:
        context.scopes.pop()


def _bind(function: Function, args: list[Any], keywords: Mapping[str, Any]) -> dict[str, Any]:
    positional = [q.name for q in function.parameters if q.kind != "keyword_only"]
    named = {q.name for q in function.parameters if q.kind != "positional_only"}
    given = dict(zip(positional, args))
    wrong = [k for k in keywords if k not in named or k in given]
    if len(args) > len(positional) or wrong:
        raise TypeError(f"`{function.name}` takes ({', '.join(q.name for q in function.parameters)})")
    given = {q.name: q.default for q in function.parameters if q.has_default} | given | dict(keywords)
    missing = [q.name for q in function.parameters if q.name not in given]
    if missing:
        raise TypeError(f"`{function.name}` misses the argument `{missing[0]}`")
    return given


@contextmanager
def _called_from(span: Span) -> Iterator[None]:
    """Errors inside a helper tell which call they come from, the innermost one."""
    try:
        yield
    except CompileError as error:
        label = Label(span, "in this call")
        told = [d if d.secondary else d.replaced(secondary=(label,)) for d in error.diagnostics]
        raise type(error)(told) from None


def run_body(context: Context, program: p.Program, scope: Scope) -> Any:
    """Run the statements of a function in a fresh scope; its return value."""
    from .statements import execute_all

    scope.loops = len(context.loops)
    context.scopes.append(scope)
    try:
        execute_all(context, program.body)
    except RecursionError:
        advice = "write the recursion as a loop"
        raise CompileError(NotSupported(program.span, f"the recursion of `{program.name}`", advice)) from None
    finally:
        context.scopes.pop()
    return scope.returned
