"""What a name means: a local variable, data from outside, or part of the program."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

from ..diagnostics import Report, Span, nearest
from ..language.messages import peeled
from .captures import Capture, Missing, is_namespace, is_static
from .effects import Effect, effects_of
from .errors import UnknownAttribute, UnknownName
from .program import Attribute, Captured, Expression, Literal, Name, Static


def bound_names(tree: ast.FunctionDef | ast.Lambda) -> frozenset[str]:
    """The names that Python makes local to this function: parameters, and whatever is bound anywhere in its body."""
    return frozenset(_bound(tree))


def _bound(tree: ast.FunctionDef | ast.Lambda) -> Iterator[str]:
    arguments = tree.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg):
        if argument is not None:
            yield argument.arg
    pending: list[ast.AST] = list(tree.body) if isinstance(tree, ast.FunctionDef) else [tree.body]
    while pending:
        node = pending.pop()
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
                continue
            case ast.alias(name=name, asname=alias):
                yield alias or name.partition(".")[0]
            case (
                ast.ExceptHandler(name=str() as name)
                | ast.MatchAs(name=str() as name)
                | ast.MatchStar(name=str() as name)
            ):
                yield name
            case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                continue
            case _:
                pass
        pending.extend(ast.iter_child_nodes(node))


class Names:
    """Resolves the names of one function and of the functions inside it, and keeps what was captured."""

    def __init__(self, function: FunctionType, report: Report) -> None:
        self.captures: dict[str, Capture] = {}
        self.statics: dict[str, Capture] = {}
        self.effects: dict[str, tuple[Effect, ...]] = {}
        self._function, self._report = function, report
        self._cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
        self._scopes: list[frozenset[str]] = []
        self._reported: set[str] = set()

    def enter(self, names: frozenset[str]) -> None:
        """Open the scope of a function, lambda or comprehension."""
        self._scopes.append(names)

    def leave(self) -> None:
        """Close the innermost scope."""
        self._scopes.pop()

    def is_local(self, name: str) -> bool:
        """Whether `name` is a variable of this function or of one around it within the same source."""
        return any(name in scope for scope in self._scopes)

    def resolve(self, name: str, span: Span) -> Expression:
        """The expression that `name` stands for; a placeholder, after a diagnostic, if it stands for nothing."""
        if self.is_local(name):
            return Name(name, span=span)
        origin, get = self._outside(name)
        try:
            value = get()
        except Missing:
            self._unknown(name, span)
            return Literal(None, span=span)
        return self._keep(name, origin, get, value, span)

    def attribute(self, owner: Expression, name: str, span: Span) -> Expression:
        """`owner.name`, resolved at once on modules and classes."""
        if not isinstance(owner, Static) or not is_namespace(owner.value):
            return Attribute(owner, name, span=span)
        dotted = f"{owner.name}.{name}"
        base = self.statics[owner.name]

        def get() -> Any:
            try:
                return getattr(base.get(), name)
            except (AttributeError, ImportError) as error:
                raise Missing(dotted) from error

        try:
            value = get()
        except Missing:
            near = nearest(name, dir(owner.value))
            advice = f"`{owner.name}.{near}` exists" if near else ""
            self._report.add(UnknownAttribute(span, owner.name, name, advice))
            return Literal(None, span=span)
        return self._keep(dotted, base.origin, get, value, span)

    def _keep(self, name: str, origin: str, get: Callable[[], Any], value: Any, span: Span) -> Expression:
        static = is_static(value)
        kept = self.statics if static else self.captures
        if name not in kept:
            kept[name] = Capture(name, origin, get, value if static else None)
            self.effects[name] = effects_of(peeled(value)[0], self.captures, f"{name}.")
        return Static(value, name, self.effects[name], span=span) if static else Captured(name, span=span)

    def _outside(self, name: str) -> tuple[str, Callable[[], Any]]:
        cell = self._cells.get(name)
        if cell is not None:

            def from_cell() -> Any:
                try:
                    return cell.cell_contents
                except ValueError as error:
                    raise Missing(name) from error

            return "closure", from_cell
        module = self._function.__globals__

        def from_globals() -> Any:
            try:
                return module[name] if name in module else getattr(builtins, name)
            except AttributeError as error:
                raise Missing(name) from error

        return ("global" if name in module else "builtin"), from_globals

    def _unknown(self, name: str, span: Span) -> None:
        if name in self._reported:
            return
        self._reported.add(name)
        if name in self._cells:
            advice = f"`{name}` belongs to the function around this one, which has not given it a value yet"
        else:
            near = nearest(name, self._known())
            advice = f"`{near}` is known here" if near else "define it before the function is compiled"
        self._report.add(UnknownName(span, name, advice))

    def _known(self) -> Iterator[str]:
        for scope in self._scopes:
            yield from scope
        yield from self._cells
        yield from self._function.__globals__
        yield from dir(builtins)
