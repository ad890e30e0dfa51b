"""Other objectives than the ELBO on models of the corpus: every stage computes the same numbers."""

import numpy as np
import pytest
from corpus.everything import CASES
from support.stages import Evaluated

import vicompile as vc
from vicompile.infer import CustomELBO, RenyiELBO, Trace_ELBO, TraceMeanField_ELBO
from vicompile.ir.verify import verify

# The last two draw gammas, whose gradient is that of a quantile.
NAMES = [
    "logistic_regression",
    "eight_schools",
    "scaled_and_masked",
    "gaps_in_loop",
    "local_latents",
    "kalman_filter",
    "negative_binomial_regression",
    "dirichlet_and_counts",
]


def tail_adaptive(log_weights):
    reached = np.mean(log_weights[None, :] >= log_weights[:, None], 1)
    weights = vc.stop_gradient((1.0 / reached) / np.sum(1.0 / reached))
    return -np.sum(weights * log_weights)


LOSSES = {
    "sticking": Trace_ELBO(2, sticking_the_landing=True),
    "weighted": Trace_ELBO(2, kl_weight=0.3),
    "mean field": TraceMeanField_ELBO(2),
    "importance weighted": RenyiELBO(num_particles=3),
    "renyi": RenyiELBO(alpha=0.5, num_particles=3),
    "doubly": RenyiELBO(num_particles=3, doubly_reparameterized=True),
    "custom": CustomELBO(tail_adaptive, num_particles=4, sticking_the_landing=True),
}
WITHOUT_DETACHED = ("weighted", "mean field", "importance weighted", "renyi")
by_case = pytest.mark.parametrize("case", [c for c in CASES if c.name in NAMES], ids=lambda c: c.name)
by_loss = pytest.mark.parametrize("name", LOSSES)


def evaluated(case, name, **keywords):
    loss = LOSSES[name]
    return Evaluated(case.model, case.guide, case.args, loss.num_particles, kwargs=case.kwargs, loss=loss, **keywords)


def assert_equal(found, expected):
    assert found[0] == pytest.approx(expected[0], rel=1e-10)
    within = 1e-10 * (1 + np.abs(expected[1]).max(initial=0.0))
    np.testing.assert_allclose(found[1], expected[1], rtol=1e-10, atol=within)


def test_all_names_are_cases():
    assert set(NAMES) <= {c.name for c in CASES}


@by_loss
@by_case
def test_stages_agree(case, name):
    one = evaluated(case, name, machine_code=False)
    verify([one.unit.loss, *one.unit.gradients])
    found = one.graph()
    assert found[0] == pytest.approx(one.objective_loss(), rel=1e-11)
    assert_equal(one.python(), found)


@pytest.mark.parametrize("name", WITHOUT_DETACHED)
@pytest.mark.parametrize("case", [c for c in CASES if c.name in NAMES[:6]], ids=lambda c: c.name)
def test_gradients_are_differences_of_the_loss(case, name):
    one = evaluated(case, name, machine_code=False)
    tolerance = 1e-6 * (1 + abs(one.objective_loss()))
    np.testing.assert_allclose(one.graph()[1], one.central_differences(), rtol=2e-5, atol=tolerance)


@pytest.mark.parametrize("name", ["sticking", "weighted", "mean field", "custom"])
def test_a_subsample_of_a_part_of_the_sites(name):
    case = next(c for c in CASES if c.name == "subsampled_groups")
    one = evaluated(case, name, machine_code=False)
    assert_equal(one.python(), one.graph())


@by_loss
def test_machine_code(name):
    case = next(c for c in CASES if c.name == "logistic_regression")
    one = evaluated(case, name)
    assert_equal(one.native(), one.graph())


@pytest.mark.parametrize("name", ["importance weighted", "doubly", "mean field", "custom"])
def test_single_precision_is_near(name):
    case = next(c for c in CASES if c.name == "long_logistic_regression")
    double, single = (evaluated(case, name, dtype=dtype) for dtype in ("float64", "float32"))
    (loss, gradient), (near_loss, near_gradient) = double.native(), single.native()
    assert near_loss == pytest.approx(loss, rel=1e-5)
    np.testing.assert_allclose(near_gradient, gradient, rtol=1e-3, atol=1e-3 * np.abs(gradient).max())
    assert near_loss != loss
