"""Which pointers of a kernel can meet: none. Told to LLVM, so that it vectorises loops without asking at run time.

Every named pointer of a kernel has memory of its own: the parameters, the noise, each data array, each output and each
array of the workspace. Loads and stores through one are marked as never touching what is behind another. Pointers that
are only read share one mark.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from llvmlite import ir

# The marks of each pointer list all others: beyond this number they would cost more than they bring.
MOST_SCOPES = 64


class Scopes:
    """The marks for one kernel; `stored` are the names of the pointers that it writes through."""

    def __init__(self, module: Any, stored: set[str]) -> None:
        self._lists: dict[str, tuple[Any, Any]] = {}
        names = sorted(stored)
        self._is_used = len(names) <= MOST_SCOPES
        if not self._is_used:
            return
        domain = module.add_metadata([ir.MetaDataString(module, "vicompile")])
        scopes = {name: module.add_metadata([ir.MetaDataString(module, name), domain]) for name in ("", *names)}
        for name in scopes:
            others = [scope for other, scope in scopes.items() if other != name]
            self._lists[name] = module.add_metadata([scopes[name]]), module.add_metadata(others)

    def mark(self, instruction: Any, pointer: str) -> None:
        """Mark a load or a store through a pointer."""
        if self._is_used:
            own, others = self._lists.get(pointer) or self._lists[""]
            instruction.set_metadata("alias.scope", own)
            instruction.set_metadata("noalias", others)


def stored_pointers(function: ast.FunctionDef) -> set[str]:
    """The names of the pointers that a kernel's text writes through."""
    found = set()
    for statement in statements_of(function.body):
        match statement:
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name))]):
                found.add(name)
            case ast.AugAssign(target=ast.Subscript(value=ast.Name(id=name))):
                found.add(name)
    return found


def statements_of(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements of a kernel, those inside loops too, without a look at their expressions."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.For):
            yield from statements_of(statement.body)
