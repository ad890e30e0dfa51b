"""Finding a function's source text and its syntax tree, in files, notebook cells and inside other functions."""

from __future__ import annotations

import ast
import inspect
import linecache
from collections.abc import Callable
from tokenize import TokenError
from types import BuiltinFunctionType, CodeType, FunctionType
from typing import Any, NamedTuple

from ..diagnostics import CompileError, Diagnostic, Span
from .errors import NoSource, NotAFunction, SourceChanged, UnsupportedDecorator
from .locate import Locator

_PACKAGE = __name__.partition(".")[0]


class Source(NamedTuple):
    """A function with its syntax tree, and the way from the tree to the file."""

    # A FunctionType; a checker would take an attribute of that type for a method.
    function: Any
    tree: ast.FunctionDef | ast.Lambda
    locator: Locator


def find_source(function: Callable[..., Any]) -> Source:
    """The source of a function that carries no arguments, below the decorators of the language.

    Raises CompileError (no-source, source-changed, not-a-function, unsupported-decorator).
    """
    plain = _plain_function(function)
    code = plain.__code__
    linecache.checkcache(code.co_filename)
    lines = linecache.getlines(code.co_filename, plain.__globals__)
    if len(lines) < code.co_firstlineno or code.co_firstlineno < 1:
        raise CompileError(NoSource(None, plain.__name__, _why_no_source(code.co_filename)))
    source = _lambda(plain, lines) if plain.__name__ == "<lambda>" else _def(plain, lines)
    if plain is not function and not _is_transparent(function, plain):
        raise CompileError(UnsupportedDecorator(source_span(source), plain.__name__))
    return source


def source_span(source: Source) -> Span:
    """The `def` and the name; the whole of a lambda."""
    if isinstance(source.tree, ast.Lambda):
        return source.locator.span(source.tree)
    return source.locator.head(source.tree)


def _plain_function(function: Callable[..., Any]) -> FunctionType:
    problem: Diagnostic
    if isinstance(function, type):
        problem = NotAFunction(None, f"the class `{function.__name__}`", "pass a function")
    elif isinstance(function, BuiltinFunctionType):
        problem = NoSource(None, function.__name__, "it is not written in Python")
    else:
        inner: Any = inspect.unwrap(function) if callable(function) else function
        if isinstance(inner, FunctionType):
            return inner
        problem = NotAFunction(
            None, f"a value of type `{type(function).__name__}`", "pass a function written with `def`, or a method"
        )
    raise CompileError(problem)


def _is_transparent(outer: Any, plain: FunctionType) -> bool:
    """Whether all wrappers between `outer` and `plain` are this package's own, which change nothing."""
    while outer is not plain:
        home = getattr(outer, "__globals__", {}).get("__name__") or type(outer).__module__
        if home.partition(".")[0] != _PACKAGE:
            return False
        outer = outer.__wrapped__
    return True


def _why_no_source(file: str) -> str:
    if file in ("<stdin>", "<string>"):
        return "it was typed at a prompt or made by `exec`"
    return f"`{file}` is not there"


def _def(function: FunctionType, lines: list[str]) -> Source:
    code = function.__code__
    first = code.co_firstlineno
    try:
        block = inspect.getblock(lines[first - 1 :])
        # An indented function is parsed inside a class: dedenting would move the columns.
        indented = block[0][:1].isspace()
        if indented:
            block = ["class _:\n", *block]
        outer: Any = ast.parse("".join(block))
        tree = outer.body[0].body[0] if indented else outer.body[0]
    except (SyntaxError, TokenError, IndexError, AttributeError):
        tree = None
    if isinstance(tree, ast.AsyncFunctionDef):
        raise CompileError(NotAFunction(None, f"the async function `{function.__name__}`", "write it with plain `def`"))
    if not isinstance(tree, ast.FunctionDef) or tree.name != code.co_name or not _same_names(tree, code):
        here = Span(code.co_filename, first, 1, first, len(lines[first - 1].rstrip()) + 1)
        raise CompileError(SourceChanged(here, function.__name__))
    return Source(function, tree, Locator(code.co_filename, block, first - (2 if indented else 1)))


def _lambda(function: FunctionType, lines: list[str]) -> Source:
    code = function.__code__
    try:
        module = ast.parse("".join(lines))
    except SyntaxError:
        module = ast.Module([], [])
    positions = set(code.co_positions())
    found = [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.Lambda) and node.lineno == code.co_firstlineno and _same_names(node, code)
    ]
    if len(found) > 1:
        found = [node for node in found if _position(node.body) in positions]
    if len(found) != 1:
        why = "it is not alone on its line" if found else "its line holds no such lambda"
        raise CompileError(NoSource(None, "lambda", why))
    return Source(function, found[0], Locator(code.co_filename, lines, 0))


def _position(node: ast.expr) -> tuple[int | None, ...]:
    return (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset)


def _same_names(tree: ast.FunctionDef | ast.Lambda, code: CodeType) -> bool:
    """Whether the tree has the code's parameters: a cheap sign that the file was not edited since."""
    arguments = tree.args
    written = [one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return tuple(written) == code.co_varnames[: len(written)]
