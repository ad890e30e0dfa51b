"""Every automatic guide on every model: all stages agree, and the gradient is that of the loss."""

from functools import partial

import numpy as np
import pytest
from guided_models import LOCAL, MODELS
from support.stages import Evaluated

from vicompile.handlers import block
from vicompile.infer import autoguide
from vicompile.ir.verify import verify


def several(model):
    """Not one part for all sites of each model, but the first one alone."""
    first = {"supports": "factor", "dependent_bounds": "inside", "plates": "mu"}[model.__name__]
    guide = autoguide.AutoGuideList(model)
    guide.append(autoguide.AutoLowRankMultivariateNormal(block(model, hide=[first])))
    guide.append(autoguide.AutoNormal(block(model, expose=[first]), prefix="own"))
    return guide


def structured(model):
    kinds, others = {
        "supports": ({"factor": "mvn", "weights": "delta"}, {"whole": ["factor", "rate"]}),
        "dependent_bounds": ({}, {"above": {"width": "linear"}, "inside": ["width"]}),
        "plates": ({"effect": "mvn"}, {"effect": ["mu", "tau"], "simplex": ["effect"]}),
    }[model.__name__]
    return autoguide.AutoStructured(model, conditionals=kinds, dependencies=others)


GUIDES = {
    "AutoNormal": autoguide.AutoNormal,
    "AutoDelta": autoguide.AutoDelta,
    "AutoDiagonalNormal": autoguide.AutoDiagonalNormal,
    "AutoMultivariateNormal": autoguide.AutoMultivariateNormal,
    "AutoLowRankMultivariateNormal": autoguide.AutoLowRankMultivariateNormal,
    "AutoLaplaceApproximation": autoguide.AutoLaplaceApproximation,
    "AutoIAFNormal": partial(autoguide.AutoIAFNormal, num_flows=2, hidden_dims=[3, 4]),
    "AutoRealNVP": partial(autoguide.AutoRealNVP, num_flows=2, hidden_dims=[3], nonlinearity="tanh"),
    "AutoDAIS": partial(autoguide.AutoDAIS, K=2, base_dist="cholesky"),
    "several": several,
    "structured": structured,
}
ALL_SITES = ("AutoNormal", "AutoDelta")
JOINT = ("AutoDiagonalNormal", "AutoMultivariateNormal", "AutoLowRankMultivariateNormal")
SOME = ("AutoLaplaceApproximation", "AutoIAFNormal", "AutoRealNVP", "AutoDAIS", "several", "structured")
CASES = (
    [(name, kind) for name in MODELS for kind in ALL_SITES]
    + [(name, kind) for name in MODELS for kind in JOINT if name not in LOCAL]
    + [(name, kind) for name in ("supports", "dependent_bounds", "plates") for kind in SOME]
)
_known = {}


def evaluated(name, kind):
    if (name, kind) not in _known:
        model, args = MODELS[name]
        guide = GUIDES[kind](model)
        _known[name, kind] = Evaluated(model, guide, args, particles=2, machine_code=False, seed=3)
    return _known[name, kind]


cases = pytest.mark.parametrize(("name", "kind"), CASES)


@cases
def test_rewritten_graph_has_the_loss_of_the_objective(name, kind):
    one = evaluated(name, kind)
    verify([one.unit.objective.loss])
    verify([one.unit.loss, *one.unit.gradients])
    assert one.graph()[0] == pytest.approx(one.objective_loss(), rel=1e-11)


@cases
def test_gradient_against_central_differences(name, kind):
    step = 1e-5
    one = evaluated(name, kind)
    gradient = one.graph()[1]
    # Along a few directions: there are many parameters.
    for direction in np.random.default_rng(9).normal(size=(3, len(gradient))):
        ends = [one.objective_loss(one.flat + sign * step * direction) for sign in (1.0, -1.0)]
        allowed = 1e-6 * (1 + abs(ends[0]))
        assert gradient @ direction == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=2e-5, abs=allowed)


@cases
def test_no_draw_is_compared_with_a_bound_or_with_itself(name, kind):
    assert "inf" not in evaluated(name, kind).unit.text.split("def kernel")[1]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("supports", "AutoNormal"),
        ("batches", "AutoNormal"),
        ("dependent_bounds", "AutoDelta"),
        ("batches", "AutoDelta"),
        ("plates", "AutoDiagonalNormal"),
        ("supports", "AutoMultivariateNormal"),
        ("loop", "AutoLowRankMultivariateNormal"),
        ("supports", "AutoIAFNormal"),
        ("dependent_bounds", "AutoRealNVP"),
        ("supports", "several"),
        ("plates", "structured"),
        ("dependent_bounds", "AutoDAIS"),
    ],
)
def test_kernel_agrees_with_the_graph(name, kind):
    model, args = MODELS[name]
    one = Evaluated(model, GUIDES[kind](model), args, particles=2, seed=3)
    loss, gradient = one.graph()
    allowed = 1e-10 * (1 + np.abs(gradient).max())
    for found_loss, found_gradient in (one.python(), one.native()):
        assert found_loss == pytest.approx(loss, rel=1e-10)
        np.testing.assert_allclose(found_gradient, gradient, rtol=1e-10, atol=allowed)
