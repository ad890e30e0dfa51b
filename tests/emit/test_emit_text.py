"""The emitted text: readable, traceable, valid Python."""

import ast
import math

import pytest
from corpus.everything import CASES

import vicompile as vc
import vicompile.distributions as dist
from vicompile.compiler.compiled import run_stages
from vicompile.emit.draft import expression
from vicompile.frontend import parse
from vicompile.infer import elbo
from vicompile.ir.primitives import primitives
from vicompile.schedule.kernel import Apply, Literal, Load, Name
from vicompile.specialise import gather_arguments


def text_of(case):
    programs = parse(case.model), parse(case.guide)
    unit, _ = run_stages(*programs, gather_arguments([(p, case.args, case.kwargs) for p in programs]))
    return unit.text


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_every_statement_that_computes_names_its_line(case):
    text = text_of(case)
    ast.parse(text)
    lines = [line for line in text.splitlines() if "# " in line and "models.py:" in line]
    assert lines
    for line in lines:
        assert int(line.rsplit(":", 1)[1]) > 0


def test_the_same_model_gives_the_same_text():
    assert text_of(CASES[0]) == text_of(CASES[0])


def test_text_does_not_depend_on_the_data():
    import dataclasses

    import numpy as np

    case = next(c for c in CASES if c.name == "logistic_regression")
    longer = dataclasses.replace(case, args=(np.zeros((50, 7)), np.zeros(50)))
    assert text_of(case) == text_of(longer)


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (Literal(1.5), "1.5"),
        (Literal(float("inf")), "1e400"),
        (Literal(float("-inf")), "-1e400"),
        (Load("x", Apply("add", (Name("i"), Literal(1)))), "x[(i + 1)]"),
        (Apply("sub", (Literal(1.0), Literal(-2.0))), "(1.0 - (-2.0))"),
        (Apply("mul", (Apply("add", (Name("a"), Name("b"))), Name("c"))), "((a + b) * c)"),
    ],
)
def test_expressions(tree, text):
    assert expression(tree) == text


def test_nan_is_written_as_something_that_is_nan():
    value = eval(expression(Literal(float("nan"))))
    assert value != value


def test_every_primitive_can_be_written():
    for row in primitives().values():
        count = row.emit.count("{")
        names = tuple(Name(f"a{k}") for k in range(count))
        ast.parse(expression(Apply(row.name, names)), mode="eval")


def with_a_line_break_in_a_name(y):
    vc.sample("two\nlines\r\u2028", dist.Normal(vc.param("a\nb", 0.5), 1.0), obs=y)


def no_latents(y):
    pass


def test_names_with_line_breaks_stay_in_their_comments():
    y = 1.5
    expected = 0.5 * (y - 0.5) ** 2 + 0.5 * math.log(2 * math.pi)
    assert elbo({}, with_a_line_break_in_a_name, no_latents, (y,)) == pytest.approx(expected, rel=1e-14)
    text = str(vc.explain(with_a_line_break_in_a_name, no_latents, y, stage="emit"))
    assert r"# two\nlines\r\u2028, test_emit_text.py:" in text
    ast.parse(text)
