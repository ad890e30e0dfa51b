"""Whether the text that was read is the text that Python loaded: an edited file must not be compiled in silence."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import CodeType
from typing import Any


def is_stale(tree: ast.FunctionDef | ast.Lambda, code: CodeType) -> bool:
    """Whether `tree`, compiled now, differs from the loaded `code` in its names, its constants or its instructions."""
    fresh = _compile(tree, code.co_name)
    if fresh is None:
        return True
    if _shape(fresh) != _shape(code):
        return True
    closed = code.co_freevars or fresh.co_freevars or code.co_cellvars
    # Closure variables are read by other instructions once the function stands alone, so only plain functions compare.
    return not closed and fresh.co_code != code.co_code


def _compile(tree: ast.FunctionDef | ast.Lambda, name: str) -> CodeType | None:
    module: ast.Module | ast.Expression
    if isinstance(tree, ast.Lambda):
        module = ast.Expression(tree)
    else:
        undecorated = ast.FunctionDef(**{**{part: getattr(tree, part) for part in tree._fields}, "decorator_list": []})
        module = ast.Module([ast.copy_location(undecorated, tree)], [])
    mode = "eval" if isinstance(tree, ast.Lambda) else "exec"
    try:
        outer = compile(module, "<check>", mode, dont_inherit=True)
    except (SyntaxError, ValueError):
        return None
    return next((part for part in _codes(outer) if part.co_name == name), None)


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _shape(code: CodeType) -> tuple[Any, ...]:
    constants = sorted(
        f"{type(one).__name__} {one!r}" for one in code.co_consts if one is not None and not isinstance(one, CodeType)
    )
    names = set(code.co_names) | set(code.co_freevars) | set(code.co_cellvars) | set(code.co_varnames)
    return code.co_argcount, code.co_kwonlyargcount, names, constants, [_shape(one) for one in _codes(code)]
