"""`explain`: every stage that a fit goes through, by name, as text."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.compiler import STAGES, Pair
from vicompile.frontend import parse
from vicompile.frontend.unparse import unparse


def model(x, y, kind="linear"):
    w = vc.sample("w", dist.Normal(0.0, 1.0))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Normal(w * x, 1.0), obs=y)


def guide(x, y, kind="linear"):
    vc.sample("w", dist.Normal(vc.param("loc", 0.0), vc.param("scale", 1.0, constraint=constraints.positive)))


X, Y = np.ones(4), np.zeros(4)
NAMES = ["frontend", "check", *(stage.name for stage in STAGES)]


@pytest.mark.parametrize("stage", NAMES)
def test_each_stage_alone_is_its_part_of_the_whole(stage):
    text = vc.explain(model, guide, X, Y, stage=stage)
    assert text.strip()
    assert text in vc.explain(model, guide, X, Y)


def test_the_whole_has_the_stages_in_their_order():
    headings = [line.split()[2] for line in vc.explain(model, guide, X, Y).splitlines() if line.startswith("-- ")]
    assert headings == NAMES


def test_emit_is_the_text_that_a_fit_compiles():
    text = vc.explain(model, guide, X, Y, stage="emit")
    assert text == Pair(model, guide).bind((X, Y), (X, Y), {}, {}).compiled.unit.text


def test_sites_and_arguments_are_told():
    arguments = vc.explain(model, guide, X, Y, stage="specialise")
    assert "x: float64[x.0 = 4]" in arguments
    assert "kind: static 'linear'" in arguments
    sites = vc.explain(model, guide, X, Y, stage="lower")
    assert "w: Normal, shape (), latent" in sites
    assert "observed, plates rows" in sites
    assert "scale: parameter, positive" in sites


def test_it_shows_itself_without_quotes_and_is_a_string():
    text = vc.explain(model, guide, X, Y, stage="check")
    assert isinstance(text, str)
    assert repr(text) == str(text) == "`model` and `guide` fit together."


def test_an_unknown_stage_is_told_with_the_known_ones():
    with pytest.raises(ValueError, match="frontend, check, specialise") as caught:
        vc.explain(model, guide, X, Y, stage="emitt")
    assert "emit" in str(caught.value)


def test_errors_are_those_of_a_fit():
    with pytest.raises(vc.DataError):
        vc.explain(model, guide, X)
    with pytest.raises(vc.CompileError):
        vc.explain(model, model, X, Y)


def test_it_loads_no_compiler():
    code = (
        "import sys; sys.path.insert(0, {!r}); import numpy as np; import vicompile as vc\n"
        "from test_explain_stages import model, guide\n"
        "vc.explain(model, guide, np.ones(3), np.ones(3))\n"
        "assert 'numba' not in sys.modules and 'llvmlite' not in sys.modules"
    ).format(__file__.rpartition("/")[0])
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def everything(a, /, b=2, *, c=None):
    def helper(u):
        return u**2 + 1

    total = 0.0
    for k, (one, two) in enumerate([(1, 2), (3, 4)]):
        total += one * two - k
    if a > 1 and not c:
        pass
    elif c is None:
        total = -total if b else helper(a)
    table = {"x": [v + 1 for v in (1, 2)], "y": (3,)}
    with vc.plate(f"p_{b:d}", 3) as index:
        vc.sample(f"z{b}", dist.Normal(table["x"][0] + a[1:, None], scale=1.0).to_event(1))
    square = lambda t: t @ t  # noqa: E731
    return square(a), index


def test_a_program_is_shown_with_the_lines_of_its_file():
    text = unparse(parse(everything))
    rows = [row.partition(" | ") for row in text.splitlines()]
    first = everything.__code__.co_firstlineno
    source = {int(number): code for number, _, code in rows}
    assert source[first] == "def everything(a, /, b=2, *, c=None):"
    assert source[first + 6].strip() == "total = total + ((one * two) - k)"
    assert "with vc.plate(f'p_{b:d}', 3) as index:" in text
    assert "a[1:, None]" in text
    compile("\n".join(code for _, _, code in rows), "<shown>", "exec")


def test_the_columns_of_a_table_share_its_length():
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame({"x": [1.0, 2.0, 3.0], "y": [0.5, 1.0, 2.0]})

    def of_table(table):
        slope = vc.sample("slope", dist.Normal(0.0, 1.0))
        with vc.plate("rows", len(table)):
            vc.sample("y", dist.Normal(slope * table["x"], 1.0), obs=table["y"])

    text = vc.explain(of_table, None, table, stage="specialise")
    assert text.count(" = 3]") == 2
