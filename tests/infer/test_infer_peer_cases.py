"""The peers' own cases with known answers: evidence, fits within the peers' budgets, gradients, and `vc.fit`.

Elsewhere: frozen parameters in test_infer_optimizers.py, the gradient of one particle in test_infer_gradients.py,
k-hat of bare weights in test_infer_psis.py, divergences of all families in test_distributions_kl_vectors.py, and
bounds in one dimension by quadrature in test_infer_objectives.py.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from peer_cases import CASES, Case, Run
from scipy.special import digamma

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.compiler import Pair
from vicompile.infer import SVI, Trace_ELBO, TraceMeanField_ELBO, elbo, elbo_by_site, psis_diagnostic
from vicompile.infer.psis import pareto_k
from vicompile.svi.driver import evaluate

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@every_case
def test_the_table_is_the_closed_form(case: Case):
    assert case.best.keys() == case.exact.keys()
    for name, value in case.exact.items():
        np.testing.assert_allclose(case.best[name], value, atol=1e-7)


@every_case
@pytest.mark.parametrize("seed", [0, 1, 2**63 + 5])
def test_at_the_posterior_every_draw_gives_the_evidence(case: Case, seed: int):
    loss = elbo(case.exact, case.model, case.guide, case.data, seed=seed)
    assert -loss == pytest.approx(case.evidence, abs=1e-7)
    # One draw like the next: what is left is rounding, or the table's digits.
    assert loss == pytest.approx(elbo(case.exact, case.model, case.guide, case.data, seed=seed + 1), rel=1e-12)


@pytest.mark.parametrize(
    ("case", "run"), [pytest.param(case, run, id=f"{case.name}-{run.name}") for case in CASES for run in case.runs]
)
def test_fits_end_at_the_optimum_within_the_budget(case: Case, run: Run):
    svi = SVI(case.model, case.guide, run.optimizer, run.loss)
    found = case.answers(svi.run(run.steps, *case.data, seed=1, progress_bar=False).params)
    best = case.answers(case.best)
    assert found.keys() == best.keys() == run.within.keys()
    for name, within in run.within.items():
        assert np.linalg.norm(found[name] - best[name]) < within, name


@every_case
def test_a_fit_without_tuning(case: Case):
    found = vc.fit(case.model, *case.data)
    assert found.converged
    assert found.quality == "good"
    noise = 4.0 * found.elbo_se + 1e-7
    assert -noise < case.evidence - found.elbo < case.gap + noise
    means, sds = found.mean(), found.std()
    for name, (mean, sd) in case.posterior.items():
        # 0.02 sds and 3 % are what `converged` promises; the moments' 4000 draws add as much.
        np.testing.assert_array_less(np.abs(means[name] - mean) / sd, 0.04, err_msg=name)
        np.testing.assert_allclose(sds[name], sd, rtol=0.05, err_msg=name)


# -- bounds and divergences ------------------------------------------------------------------------------------------


def stan_model(y):
    mu = vc.sample("mu", dist.Normal(1.5, 1.0))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Normal(mu, 1.0), obs=y)


def stan_guide(y):
    vc.sample("mu", dist.Normal(vc.param("m", 1.88), 1.0))


@pytest.mark.parametrize("loss", [Trace_ELBO(10_000), TraceMeanField_ELBO(10_000)])
def test_the_bound_of_stans_unit_test(loss):
    y = np.array([1.6, 1.4])
    assert -elbo({}, stan_model, stan_guide, (y,), loss=loss) == pytest.approx(-3.0644771, abs=0.1)


def test_the_divergence_in_that_bound_is_exact():
    y = np.array([1.6, 1.4])
    parts = elbo_by_site({}, stan_model, stan_guide, (y,), loss=TraceMeanField_ELBO(10_000))
    assert parts["mu"] == pytest.approx(-0.5 * 0.38**2, rel=1e-13)
    expected = -math.log(2.0 * math.pi) - 0.5 * np.sum((y - 1.88) ** 2 + 1.0)
    assert expected + parts["mu"] == pytest.approx(-3.0644771, abs=1e-7)
    # The variance of -(mu - 1.5)^2, the part of the likelihood that varies, is that of a scaled chi-square of one.
    assert abs(parts["y"] - expected) < 4.0 * math.sqrt((2.0 + 4.0 * 0.38**2) / 10_000)


def wide():
    vc.sample("z", dist.MultivariateNormal(np.ones(2), np.array([[2.0, 0.8], [0.8, 0.5]])))


def standard():
    vc.sample("z", dist.MultivariateNormal(vc.param("m", np.zeros(2)), np.eye(2)))


def standard_normal():
    vc.sample("z", dist.Normal(0.0, 1.0))


def normal_at_one():
    vc.sample("z", dist.Normal(vc.param("loc", 1.0), 1.0))


@pytest.mark.parametrize(
    ("model", "guide", "divergence", "within"),
    [(wide, standard, 3.21138, 2e-5), (standard_normal, normal_at_one, 0.5, 1e-12)],
)
def test_a_divergence_is_the_loss_without_data(model, guide, divergence, within):
    assert elbo({}, model, guide, (), loss=TraceMeanField_ELBO()) == pytest.approx(divergence, abs=within)
    # log q - log p is linear or quadratic in the draw, with a standard deviation of at most 5.
    assert elbo({}, model, guide, (), num_particles=200_000) == pytest.approx(divergence, abs=4 * 5 / math.sqrt(2e5))


def standard_vector():
    vc.sample("z", dist.Normal(np.zeros(3), 1.0).to_event(1))


def too_narrow():
    scale = vc.param("scale", 1.0, constraint=constraints.positive)
    vc.sample("z", dist.Normal(np.zeros(3), scale).to_event(1))


@pytest.mark.parametrize(("scale", "low", "high"), [(0.5, 0.7, 0.9), (0.95, 0.05, 0.2)])
def test_k_hat_of_a_guide_that_is_too_narrow(scale, low, high):
    """The tail of the weights has the shape 1 - scale^2."""
    assert low < 1.0 - scale**2 < high
    assert low < psis_diagnostic(0, {"scale": scale}, standard_vector, too_narrow, num_particles=50_000) < high


@pytest.mark.parametrize(
    ("scale", "expected"),
    [(0.5, 0.9080815512205151), (0.7, 0.6371459500343336), (0.9, 0.27494481323913184), (0.99, 0.08018355166699344)],
)
def test_k_hat_is_that_of_the_peers(scale, expected):
    """Pyro's and NumPyro's number for the same weights, of three dimensions and NumPy's generator."""
    z = np.random.default_rng(42).normal(0.0, scale, (50_000, 3))
    log_weights = np.sum(0.5 * z**2 * (scale**-2.0 - 1.0) + math.log(scale), axis=1)
    assert pareto_k(log_weights) == pytest.approx(expected, abs=1e-10)


# -- gradients -------------------------------------------------------------------------------------------------------


def gradient(model, guide, args, particles, step=0):
    fit = Pair(model, guide).bind(args, args, {}, {}, particles)
    result = evaluate(fit.problem, fit.initial_params(), seed=7, step=step)
    return {slot.name: slot.read(result.gradient) for slot in fit.slots}


def test_the_gradient_of_a_divergence():
    assert gradient(standard_normal, normal_at_one, (), 200_000)["loc"] == pytest.approx(1.0, abs=0.01)


X = np.array([-0.5, 2.0])


def one_of(x):
    with vc.plate("d", len(x), subsample_size=1) as i:
        z = vc.sample("z", dist.Normal(0.0, 1.0))
        vc.sample("x", dist.Normal(z, 1.0), obs=x[i])


def one_of_guide(x):
    loc = vc.param("loc", np.zeros(len(x)))
    scale = vc.param("scale", 1.0, constraint=constraints.positive)
    with vc.plate("d", len(x), subsample_size=1) as i:
        vc.sample("z", dist.Normal(loc[i], scale))


def test_gradients_of_single_elements_are_rescaled():
    """Of all elements: (0.5, -2) and 2; a batch of one of the two counts twice, and so does its noise."""
    seen = set()
    for step in range(8):
        found = gradient(one_of, one_of_guide, (X,), 50_000, step)
        chosen = int(np.flatnonzero(found["loc"])[0])
        expected = np.zeros(2)
        expected[chosen] = 2.0 * [0.5, -2.0][chosen]
        assert np.all(np.abs(found["loc"] - expected) < 0.12)
        assert abs(found["scale"] - 2.0) < 0.12
        seen.add(chosen)
    assert seen == {0, 1}


def beta_binomial(y):
    p = vc.sample("p", dist.Beta(vc.param("a", 0.5), vc.param("b", 1.5)))
    vc.sample("y", dist.Binomial(10, p), obs=y)


def its_posterior(y):
    vc.sample("p", dist.Beta(vc.param("a", 0.5) + y, vc.param("b", 1.5) + 10 - y))


def collapsed(y):
    vc.sample("y", dist.BetaBinomial(vc.param("a", 0.5), vc.param("b", 1.5), 10), obs=y)


def nothing(y):
    pass


def test_a_collapsed_beta_has_the_density_and_the_gradients_of_the_whole():
    """With the posterior as the guide, wherever the parameters are, the bound is the evidence for every draw."""
    y, losses = 3.0, []
    for model, guide in ((beta_binomial, its_posterior), (collapsed, nothing)):
        losses.append(elbo({}, model, guide, (y,)))
        found = gradient(model, guide, (y,), 1)
        total = digamma(0.5 + 1.5) - digamma(0.5 + 1.5 + 10)
        assert -found["a"] == pytest.approx(digamma(0.5 + y) - digamma(0.5) + total, rel=1e-9)
        assert -found["b"] == pytest.approx(digamma(1.5 + 10 - y) - digamma(1.5) + total, rel=1e-9)
    assert losses[0] == pytest.approx(losses[1], rel=1e-12)
