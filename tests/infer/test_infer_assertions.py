"""`assert` in models: about structure when compiled, about lengths when data is bound."""

import numpy as np
import pytest
from asserting_models import about_values, guide, model, of_m

import vicompile as vc
from vicompile.infer import SVI
from vicompile.optim import Adam


def run(n, columns=2, rows=None, **kwargs):
    x, y = np.ones((rows or n, columns)), np.ones(n)
    return SVI(model, guide, Adam(0.01)).run(2, x, y, seed=0, progress_bar=False, **kwargs).losses


def test_assertions_that_hold_cost_no_kernels():
    run(5)
    before = vc.compile_count()
    assert run(7).shape == (2,)
    assert vc.compile_count() == before
    model(np.ones((3, 2)), np.ones(3))


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        ({"n": 5, "columns": 3}, r"`x` \(3\) and what the program says \(2\) do not agree"),
        ({"n": 5, "rows": 4}, r"`x` \(4\) and axis 0 of `y` \(5\) do not agree"),
        ({"n": 1}, "at least 2 elements, and it has 1"),
        ({"n": 5, "flavour": "third"}, "the assertion does not hold: there are two flavours"),
    ],
)
def test_assertions_that_do_not_hold(settings, what):
    with pytest.raises((vc.CompileError, vc.DataError), match=what) as raised:
        run(**settings)
    assert "asserting_models.py" in str(raised.value)


def test_an_assertion_about_values_is_refused():
    with pytest.raises(vc.CompileError, match="assert"):
        SVI(about_values, of_m, Adam(0.01)).run(2, 1.0, seed=0, progress_bar=False)
