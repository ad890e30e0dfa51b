"""Statements: from Python's syntax tree to the Program's."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .expressions import BINARY, Expressions
from .fence import reject
from .program import (
    Assert,
    Assign,
    Binary,
    Def,
    ExpressionStatement,
    For,
    If,
    LocalFunction,
    Name,
    NameTarget,
    Pass,
    Program,
    Return,
    Statement,
    Target,
    With,
)
from .resolve import bound_names


class Statements:
    """Reads statements, reporting what is outside the fence and leaving it out."""

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions
        self._read = expressions.read
        self._locator, self._names, self._report = expressions.locator, expressions.names, expressions.report

    def body(self, nodes: list[ast.stmt]) -> tuple[Statement, ...]:
        """A function's body, without its docstring."""
        match nodes:
            case [ast.Expr(value=ast.Constant(value=str())), *rest]:
                return self.block(rest)
        return self.block(nodes)

    def block(self, nodes: list[ast.stmt]) -> tuple[Statement, ...]:
        """The statements of an inner block."""
        return tuple(statement for node in nodes for statement in self._statement(node))

    def _statement(self, node: ast.stmt) -> Iterator[Statement]:
        span = self._locator.span(node)
        match node:
            case ast.Expr(value=ast.Constant(value=value)) if value is Ellipsis:
                yield Pass(span=span)
            case ast.Expr(value=value):
                yield ExpressionStatement(self._read(value), span=span)
            case ast.Assign():
                yield from self._assign(node)
            case ast.AugAssign():
                yield from self._augmented(node)
            case ast.AnnAssign(target=target, value=value):
                if value is not None:
                    yield Assign(self._expressions.target(target), self._read(value), span=span)
            case ast.For(target=target, iter=iterable, body=body, orelse=orelse):
                if orelse:
                    advice = "put those statements after the loop"
                    self._expressions.refuse(self._locator.head(node), "a `for` loop with `else`", advice)
                yield For(self._expressions.target(target), self._read(iterable), self.block(body), span=span)
            case ast.If(test=test, body=body, orelse=orelse):
                yield If(self._read(test), self.block(body), self.block(orelse), span=span)
            case ast.With(items=items, body=body):
                contexts = tuple((self._read(one.context_expr), self._bound(one.optional_vars)) for one in items)
                yield With(contexts, self.block(body), span=span)
            case ast.Return(value=value):
                yield Return(None if value is None else self._read(value), span=span)
            case ast.Assert(test=test, msg=message):
                text = message.value if isinstance(message, ast.Constant) else ""
                yield Assert(self._read(test), str(text), span=span)
            case ast.Pass():
                yield Pass(span=span)
            case ast.FunctionDef(name=name):
                yield Def(name, self._local_function(node), span=span)
            case _:
                reject(self._report, node, self._locator.head(node))

    def _bound(self, node: ast.expr | None) -> Target | None:
        return None if node is None else self._expressions.target(node)

    def _assign(self, node: ast.Assign) -> Iterator[Statement]:
        span = self._locator.span(node)
        value = self._read(node.value)
        targets = [self._expressions.target(target) for target in node.targets]
        first = next((target for target in targets if isinstance(target, NameTarget)), targets[0])
        yield Assign(first, value, span=span)
        others = [target for target in targets if target is not first]
        if others and not isinstance(first, NameTarget):
            self._expressions.refuse(span, "a chained assignment to tuples", "assign to one name first")
        elif isinstance(first, NameTarget):
            # The value must be computed once: it may be a draw.
            for other in others:
                yield Assign(other, Name(first.name, span=first.span), span=span)

    def _augmented(self, node: ast.AugAssign) -> Iterator[Statement]:
        span = self._locator.span(node)
        target = self._expressions.target(node.target)
        value = self._read(node.value)
        if isinstance(target, NameTarget) and isinstance(node.target, ast.Name):
            before = self._names.resolve(target.name, target.span)
            yield Assign(target, Binary(BINARY[type(node.op)], before, value, span=span), span=span)

    def _local_function(self, node: ast.FunctionDef) -> LocalFunction:
        head = self._locator.head(node)
        for decorator in node.decorator_list:
            self._expressions.refuse(self._locator.span(decorator), "a decorator on a local function", "leave it out")
        parameters = self._expressions.signatures.local(node.args)
        names = bound_names(node)
        self._names.enter(names)
        body = self.body(node.body)
        self._names.leave()
        captures, statics = self._names.captures, self._names.statics
        program = Program(node.name, None, self._locator.file, head, parameters, body, captures, statics, names)
        return LocalFunction(program)
