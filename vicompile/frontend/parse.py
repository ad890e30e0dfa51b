"""Stage 1, frontend: a Python function in, its Program out; or one CompileError with everything outside the fence."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from ..diagnostics import collect
from ..language.messages import peeled
from .bound import bound_arguments, underlying
from .effects import effects_of
from .errors import SourceChanged
from .expressions import Expressions
from .program import Program, Return, Statement
from .resolve import Names, bound_names
from .source import find_source, source_span
from .stale import is_stale
from .statements import Statements


def parse(function: Callable[..., Any]) -> Program:
    """Read the source of `function` into a Program.

    function: written with `def` or `lambda` in a file or notebook cell; decorators of this package are seen through,
        and so are bound methods, `functools.partial` and objects with `__call__`; handlers around it become the effects
        of the Program.
    Raises CompileError with all diagnostics of the function: no-source, not-a-function, bound-arguments,
    source-changed, unsupported-decorator, unsupported-construct, unknown-name, unknown-attribute.
    """
    handlers, function = peeled(function)
    carried = underlying(function)
    source = find_source(carried.function)
    bound = bound_arguments(source.function, carried, source_span(source)) if carried.function is not function else {}
    with collect() as report:
        names = Names(source.function, report)
        local = bound_names(source.tree)
        names.enter(local)
        expressions = Expressions(source.locator, names, report)
        parameters = expressions.signatures.outer(source.tree.args, source.function)
        body: tuple[Statement, ...]
        if isinstance(source.tree, ast.Lambda):
            value = expressions.read(source.tree.body)
            body = (Return(value, span=value.span),)
        else:
            body = Statements(expressions).body(source.tree.body)
        if not report.diagnostics and is_stale(source.tree, source.function.__code__):
            report.add(SourceChanged(source_span(source), source.function.__name__))
    effects = effects_of(handlers, names.captures)
    return Program(
        source.function.__name__,
        source.function if carried.function is function else function,
        source.locator.file,
        source_span(source),
        parameters,
        body,
        names.captures,
        names.statics,
        local,
        bound,
        effects,
    )
