"""Every stage on every model of the corpus gives the same loss, and the gradient is that of the loss."""

import numpy as np
import pytest
from corpus.everything import CASES
from scipy import special
from support.stages import Evaluated

from vicompile.ir.verify import verify

_evaluated = {}


def evaluated(case):
    if case.name not in _evaluated:
        _evaluated[case.name] = Evaluated(case.model, case.guide, case.args, case.particles, kwargs=case.kwargs)
    return _evaluated[case.name]


cases = pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)


def test_the_corpus_is_large_enough():
    assert len(CASES) >= 25


@cases
def test_graphs_are_well_formed(case):
    unit = evaluated(case).unit
    verify([unit.objective.loss])
    verify([unit.loss, *unit.gradients])


@cases
def test_rewritten_graph_has_the_objectives_loss(case):
    one = evaluated(case)
    assert one.graph()[0] == pytest.approx(one.objective_loss(), rel=1e-11)


def _quantile_draw(concentration, normal, uniform, boost):
    """A draw at a fixed probability: what the implicit gradient is the derivative of."""
    return np.log(special.gammaincinv(concentration, special.ndtr(normal)))


@cases
def test_gradient_against_central_differences(case, monkeypatch):
    monkeypatch.setattr("vicompile.reference.gamma.log_standard_gamma", _quantile_draw)
    one = evaluated(case)
    # Central differences of step h are off by about h^2 and eps / h, relative to the size of the loss.
    np.testing.assert_allclose(
        one.graph()[1], one.central_differences(), rtol=2e-5, atol=1e-6 * (1 + abs(one.objective_loss()))
    )


@cases
def test_text_as_python_agrees_with_the_graph(case):
    one = evaluated(case)
    loss, gradient = one.graph()
    text_loss, text_gradient = one.python()
    assert text_loss == pytest.approx(loss, rel=1e-10)
    np.testing.assert_allclose(
        text_gradient, gradient, rtol=1e-10, atol=1e-10 * (1 + np.abs(gradient).max(initial=0.0))
    )


@cases
def test_machine_code_agrees_with_the_graph(case):
    one = evaluated(case)
    loss, gradient = one.graph()
    native_loss, native_gradient = one.native()
    assert native_loss == pytest.approx(loss, rel=1e-10)
    np.testing.assert_allclose(
        native_gradient, gradient, rtol=1e-10, atol=1e-10 * (1 + np.abs(gradient).max(initial=0.0))
    )
