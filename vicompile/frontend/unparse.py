"""A Program as text, each statement with its line in the user's file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .program import (
    Apply,
    Assert,
    Assign,
    Attribute,
    Binary,
    BoolOp,
    Captured,
    Compare,
    Comprehension,
    Conditional,
    Def,
    DictExpr,
    Expression,
    ExpressionStatement,
    For,
    Formatted,
    FString,
    If,
    Index,
    Lambda,
    ListExpr,
    Literal,
    Name,
    NameTarget,
    Parameter,
    Pass,
    Program,
    Return,
    Slice,
    Statement,
    Static,
    Target,
    TupleExpr,
    Unary,
    With,
)


def unparse(program: Program) -> str:
    """The Program as Python-like text; operations are in parentheses, so that their order is plain."""
    line = program.span.line
    handlers = [(line, f"@{one.handler.word}({', '.join(sorted(one.handler.chosen()))})") for one in program.effects]
    rows = [*handlers, (line, f"def {program.name}({_parameters(program.parameters)}):"), *_body(program.body, 1)]
    width = len(str(max(line for line, _ in rows)))
    return "\n".join(f"{line:>{width}} | {text}" for line, text in rows)


def _body(statements: Iterable[Statement], depth: int) -> Iterator[tuple[int, str]]:
    for statement in statements:
        yield from _statement(statement, depth)


def _statement(statement: Statement, depth: int) -> Iterator[tuple[int, str]]:
    line, indent = statement.span.line, "    " * depth
    match statement:
        case Assign():
            yield line, f"{indent}{_target(statement.target)} = {_outer(statement.value)}"
        case ExpressionStatement():
            yield line, indent + _outer(statement.value)
        case For():
            yield line, f"{indent}for {_target(statement.target)} in {_outer(statement.iterable)}:"
            yield from _body(statement.body, depth + 1)
        case If():
            yield line, f"{indent}if {_outer(statement.test)}:"
            yield from _body(statement.body, depth + 1)
            if statement.orelse:
                yield statement.orelse[0].span.line, f"{indent}else:"
                yield from _body(statement.orelse, depth + 1)
        case With():
            items = [
                _outer(context) + (f" as {_target(target)}" if target else "") for context, target in statement.items
            ]
            yield line, f"{indent}with {', '.join(items)}:"
            yield from _body(statement.body, depth + 1)
        case Return():
            yield line, f"{indent}return" + (f" {_outer(statement.value)}" if statement.value else "")
        case Assert():
            yield (
                line,
                f"{indent}assert {_outer(statement.test)}" + (f", {statement.message!r}" * bool(statement.message)),
            )
        case Pass():
            yield line, f"{indent}pass"
        case Def():
            yield line, f"{indent}def {statement.name}({_parameters(statement.function.program.parameters)}):"
            yield from _body(statement.function.program.body, depth + 1)
        case _:
            raise AssertionError(f"unknown statement {type(statement).__name__}")


def _outer(expression: Expression) -> str:
    """Without the parentheses that only matter inside another expression."""
    text = _text(expression)
    return text[1:-1] if isinstance(expression, (Binary, BoolOp, Compare, Conditional, Lambda)) else text


def _text(expression: Expression) -> str:
    match expression:
        case Literal():
            return "..." if expression.value is ... else repr(expression.value)
        case Name() | Captured() | Static():
            return expression.name
        case Attribute():
            return f"{_text(expression.value)}.{expression.name}"
        case Slice():
            ends = [_text(one) if one else "" for one in (expression.start, expression.stop)]
            return ":".join(ends) + (f":{_text(expression.step)}" if expression.step else "")
        case Index():
            return f"{_text(expression.value)}[{_list(expression.items)}]"
        case Apply():
            keywords = [f"{name}={_outer(value)}" for name, value in expression.keywords]
            return f"{_text(expression.function)}({', '.join([*map(_outer, expression.args), *keywords])})"
        case Binary() | Compare():
            return f"({_text(expression.left)} {expression.op} {_text(expression.right)})"
        case Unary():
            return f"{expression.op}{' ' if expression.op == 'not' else ''}{_text(expression.operand)}"
        case BoolOp():
            return "(" + f" {expression.op} ".join(map(_text, expression.values)) + ")"
        case Conditional():
            return f"({_text(expression.body)} if {_text(expression.test)} else {_text(expression.orelse)})"
        case TupleExpr():
            return f"({_list(expression.items)}{',' if len(expression.items) == 1 else ''})"
        case ListExpr():
            return f"[{_list(expression.items)}]"
        case DictExpr():
            return "{" + ", ".join(f"{_text(k)}: {_outer(v)}" for k, v in zip(expression.keys, expression.values)) + "}"
        case FString():
            return f"f{''.join(map(_part, expression.parts))!r}"
        case Lambda():
            parameters = _parameters(expression.parameters)
            return f"(lambda{' ' if parameters else ''}{parameters}: {_text(expression.body)})"
        case Comprehension():
            return f"[{_outer(expression.element)} for {_target(expression.target)} in {_outer(expression.iterable)}]"
    raise AssertionError(f"unknown expression {type(expression).__name__}")


def _list(items: Iterable[Expression]) -> str:
    return ", ".join(map(_outer, items))


def _part(part: Literal | Formatted) -> str:
    if isinstance(part, Literal):
        return str(part.value).replace("{", "{{").replace("}", "}}")
    conversion = f"!{part.conversion}" if part.conversion else ""
    return "{" + _text(part.value) + conversion + (f":{part.spec}" if part.spec else "") + "}"


def _target(target: Target) -> str:
    if isinstance(target, NameTarget):
        return target.name
    return ", ".join(map(_target, target.items)) + ("," if len(target.items) == 1 else "")


def _parameters(parameters: Iterable[Parameter]) -> str:
    parts: list[str] = []
    kind = ""
    for one in parameters:
        if kind == "positional_only" and one.kind != kind:
            parts.append("/")
        if one.kind == "keyword_only" and kind != one.kind:
            parts.append("*")
        kind = one.kind
        parts.append(one.name + (f"={one.default!r}" if one.has_default else ""))
    return ", ".join([*parts, "/"] if kind == "positional_only" else parts)
