"""What parse makes of the constructs it accepts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from vicompile.diagnostics import Record
from vicompile.frontend import (
    Apply,
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
    ExpressionStatement,
    For,
    Formatted,
    FString,
    If,
    Index,
    Lambda,
    ListExpr,
    Literal,
    Missing,
    Name,
    NameTarget,
    Pass,
    Return,
    Slice,
    Static,
    TupleExpr,
    TupleTarget,
    Unary,
    With,
    parse,
)

SCALE = 2.0
TABLE = {"a": 1}


def helper(x: Any) -> Any:
    return x


def statements(function: Any) -> list[Any]:
    return list(parse(function).body)


def value(function: Any) -> Any:
    """The expression of a function of one `return`."""
    (statement,) = parse(function).body
    assert isinstance(statement, Return)
    return statement.value


def test_the_signature() -> None:
    def model(a, /, b, c=SCALE, *, d, e=None):
        "A docstring is no statement."

    program = parse(model)
    assert [(one.name, one.kind, one.has_default, one.default) for one in program.parameters] == [
        ("a", "positional_only", False, None),
        ("b", "positional_or_keyword", False, None),
        ("c", "positional_or_keyword", True, 2.0),
        ("d", "keyword_only", False, None),
        ("e", "keyword_only", True, None),
    ]
    assert program.body == ()
    assert (program.name, program.function) == ("model", model)


def test_names_are_local_captured_or_static() -> None:
    inner = np.arange(3.0)

    def model(x):
        y = x
        return (y, inner, SCALE, np.pi, helper, np.exp, math, len)

    match statements(model):
        case [
            Assign(NameTarget("y"), Name("x")),
            Return(
                TupleExpr(
                    (
                        Name("y"),
                        Captured("inner"),
                        Captured("SCALE"),
                        Captured("np.pi"),
                        Static(a, "helper"),
                        Static(b, "np.exp"),
                        Static(c, "math"),
                        Static(d, "len"),
                    )
                )
            ),
        ]:
            assert (a, b, c, d) == (helper, np.exp, math, len)
        case other:
            raise AssertionError(other)
    program = parse(model)
    assert program.captures["inner"].get() is inner
    assert program.captures["inner"].origin == "closure"
    assert program.captures["np.pi"].get() == math.pi
    assert program.locals == {"x", "y"}


def test_a_capture_gives_the_current_value() -> None:
    rate = 1.0

    def model():
        return rate  # noqa: F821

    program = parse(model)
    assert program.captures["rate"].get() == 1.0
    rate = 2.0
    assert program.captures["rate"].get() == 2.0
    del rate
    with pytest.raises(Missing):
        program.captures["rate"].get()


def test_a_program_knows_when_a_function_was_replaced() -> None:
    def step(x):
        return x

    def model(x):
        return step(x) + len(x)

    program = parse(model)
    assert program.is_current()

    def step(x):  # noqa: F811
        return -x

    assert not program.is_current()


def test_a_name_bound_anywhere_is_local() -> None:
    def model(x):
        y = SCALE if x else 1.0  # noqa: F823
        for SCALE in (1, 2):
            y = SCALE
        return y

    match statements(model):
        case [Assign(_, Conditional(Name("x"), Name("SCALE"), Literal(1.0))), *_]:
            pass
        case other:
            raise AssertionError(other)


def test_assignments() -> None:
    def model(x):
        x += 1
        y: float = x
        z: float
        a = (b, c) = x, y
        [d, (e, f)] = a
        return b, c, d, e, f, z  # noqa: F821

    match statements(model)[:-1]:
        case [
            Assign(NameTarget("x"), Binary("+", Name("x"), Literal(1))),
            Assign(NameTarget("y"), Name("x")),
            Assign(NameTarget("a"), TupleExpr((Name("x"), Name("y")))),
            Assign(TupleTarget((NameTarget("b"), NameTarget("c"))), Name("a")),
            Assign(TupleTarget((NameTarget("d"), TupleTarget((NameTarget("e"), NameTarget("f"))))), Name("a")),
        ]:
            pass
        case other:
            raise AssertionError(other)


def test_a_chained_assignment_computes_its_value_once() -> None:
    def model(x):
        a = b = helper(x)
        return a, b

    calls = [statement for statement in statements(model) if isinstance(getattr(statement, "value", None), Apply)]
    assert len(calls) == 1


def test_blocks() -> None:
    def model(x, n):
        for i, _ in enumerate(range(n)):
            helper(i)
        with helper(x) as y, helper(n):
            pass
        if x:
            ...
        elif n:
            return y
        else:
            return

    match statements(model):
        case [
            For(
                TupleTarget((NameTarget("i"), NameTarget("_"))),
                Apply(Static(_, "enumerate"), (Apply(Static(_, "range"), (Name("n"),), ()),), ()),
                (ExpressionStatement(Apply(_, (Name("i"),), ())),),
            ),
            With(((Apply(), NameTarget("y")), (Apply(), None)), (Pass(),)),
            If(Name("x"), (Pass(),), (If(Name("n"), (Return(Name("y")),), (Return(None),)),)),
        ]:
            pass
        case other:
            raise AssertionError(other)


def test_operators() -> None:
    def model(x, y):
        return (x + y, x @ y, x**y, -x, not x, x & y, x is not y, x < y <= 1, (x and y) or x)

    match value(model).items:
        case (
            Binary("+", Name("x"), Name("y")),
            Binary("@"),
            Binary("**"),
            Unary("-", Name("x")),
            Unary("not", Name("x")),
            Binary("&"),
            Compare("is not", Name("x"), Name("y")),
            BoolOp("and", (Compare("<", Name("x"), Name("y")), Compare("<=", Name("y"), Literal(1)))),
            BoolOp("or", (BoolOp("and", (Name("x"), Name("y"))), Name("x"))),
        ):
            pass
        case other:
            raise AssertionError(other)


def test_containers_and_indexing() -> None:
    def model(x, i):
        return [x[i], x[1:, None, ..., ::2], {"a": i}, (x.shape[0],), TABLE["a"]]

    match value(model):
        case ListExpr(
            (
                Index(Name("x"), (Name("i"),)),
                Index(
                    Name("x"),
                    (Slice(Literal(1), None, None), Literal(None), Literal(value=dots), Slice(None, None, Literal(2))),
                ),
                DictExpr((Literal("a"),), (Name("i"),)),
                TupleExpr((Index(Attribute(Name("x"), "shape"), (Literal(0),)),)),
                Index(Captured("TABLE"), (Literal("a"),)),
            )
        ):
            assert dots is ...
        case other:
            raise AssertionError(other)


def test_calls_and_strings() -> None:
    def model(i, x):
        return (helper(i, key=x), f"x_{i}_{x!r:>3}", "y_{}".format(i))  # noqa: UP032

    match value(model).items:
        case (
            Apply(Static(_, "helper"), (Name("i"),), (("key", Name("x")),)),
            FString((Literal("x_"), Formatted(Name("i"), "", ""), Literal("_"), Formatted(Name("x"), "r", ">3"))),
            Apply(Attribute(Literal("y_{}"), "format"), (Name("i"),), ()),
        ):
            pass
        case other:
            raise AssertionError(other)


def test_functions_inside() -> None:
    def model(x):
        def shifted(y, by=1.0):
            z = x + y
            return z + by

        square = lambda z: z * x  # noqa: E731
        return [square(k) for k in (1, 2)]

    match statements(model):
        case [
            Def("shifted", function),
            Assign(NameTarget("square"), Lambda((_,), Binary("*", Name("z"), Name("x")))),
            Return(Comprehension(Apply(Name("square"), (Name("k"),), ()), NameTarget("k"), TupleExpr())),
        ]:
            inner = function.program
            assert inner.function is None
            assert inner.locals == {"y", "by", "z"}
            assert inner.parameters[1].default == 1.0
        case other:
            raise AssertionError(other)


def test_every_node_has_a_span_inside_the_function() -> None:
    def model(x, n):
        for i in range(n):
            helper(f"z_{i}", x[i] if x else {"a": -x}, key=[k for k in (1, 2)])  # noqa: C416
        return lambda y: (y, x < 1)

    program = parse(model)
    first = model.__code__.co_firstlineno
    pending: list[Any] = [program.body]
    count = 0
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            pending.extend(node)
        elif isinstance(node, Record):
            count += 1
            assert node.span.file == __file__
            assert first <= node.span.line <= node.span.end_line <= first + 4
            names = [name for name in node._fields if name not in ("span", "keyword_spans")]
            pending.extend(getattr(node, name) for name in names)
    assert count > 20


def test_nodes_are_compared_by_identity() -> None:
    def model():
        return (1, 1)

    first, second = value(model).items
    assert first != second
    assert len({first, second}) == 2
