"""Whether the text that was read is the text that Python loaded: an edited file must not be compiled in silence."""

from __future__ import annotations

import ast
import dis
from collections.abc import Iterator
from types import CodeType
from typing import Any

_OPERATORS = ("BINARY_OP", "COMPARE_OP", "UNARY_", "IS_OP", "CONTAINS_OP", "LOAD_CONST")
_COMPARED = {
    code for name, code in dis.opmap.items() if name.startswith(_OPERATORS) or (code in dis.haslocal and "FAST" in name)
}
_OF_ONE_VARIABLE = {code for name, code in dis.opmap.items() if name in ("LOAD_FAST", "LOAD_FAST_BORROW")}


def is_stale(tree: ast.FunctionDef | ast.Lambda, code: CodeType) -> bool:
    """Whether `tree`, compiled now, differs from the loaded `code` in its names, constants or operators, or their
    order.
    """
    fresh = _compile(tree, code.co_name)
    if fresh is None:
        return True
    now, then = [fresh, *_codes(fresh)], [code, *_codes(code)]
    # Names are compared together: a closure passes through the functions around the one that reads it.
    same_names = set().union(*map(_names, now)) == set().union(*map(_names, then))
    return not same_names or list(map(_essence, now)) != list(map(_essence, then))


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


def _essence(code: CodeType) -> tuple[Any, ...]:
    """What does not depend on where the function stands: how an outer name is loaded does (import, closure, global)."""
    raw = code.co_code
    # From Python 3.13 on a cell for an inner function is loaded like a variable, from behind the variables.
    steps = [
        (raw[at], raw[at + 1])
        for at in range(0, len(raw), 2)
        if raw[at] in _COMPARED and not (raw[at] in _OF_ONE_VARIABLE and raw[at + 1] >= code.co_nlocals)
    ]
    constants = [f"{type(one).__name__} {one!r}" for one in code.co_consts if not isinstance(one, CodeType)]
    return code.co_argcount, code.co_kwonlyargcount, code.co_varnames, constants, steps


def _names(code: CodeType) -> set[str]:
    return {*code.co_names, *code.co_freevars}
