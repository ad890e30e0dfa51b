"""Fits and losses against exact posteriors."""

from __future__ import annotations

import math

import numpy as np
import pytest
from infer_models import coin, coin_guide, location, location_guide, location_posterior

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.infer import SVI, Trace_ELBO, elbo
from vicompile.optim import Adam

FLIPS = np.array([1.0] * 6 + [0.0] * 4)


def beta_moments(a, b):
    return a / (a + b), math.sqrt(a * b / (a + b + 1)) / (a + b)


def log_beta(a, b):
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


@pytest.mark.parametrize("seed", [0, 1, 2**63 + 5])
def test_at_the_exact_posterior_every_draw_gives_the_log_evidence(seed):
    log_evidence = log_beta(16, 14) - log_beta(10, 10)
    assert log_evidence == pytest.approx(-7.0693745, abs=1e-7)
    loss = elbo({"alpha_q": 16.0, "beta_q": 14.0}, coin, coin_guide, (FLIPS,), seed=seed)
    assert loss == pytest.approx(-log_evidence, abs=1e-11)


def test_coin_fit_reaches_the_posterior():
    svi = SVI(coin, coin_guide, Adam({"lr": 2e-3, "betas": (0.90, 0.999)}), Trace_ELBO(num_particles=20))
    state = svi.run(3000, FLIPS, seed=0).state
    # States far apart are nearly independent; their spread gives the standard error of their mean.
    means, sds = [], []
    for _ in range(30):
        result = svi.run(400, FLIPS, init_state=state)
        state = result.state
        mean, sd = beta_moments(result.params["alpha_q"], result.params["beta_q"])
        means.append(mean)
        sds.append(sd)
    exact_mean, exact_sd = beta_moments(16, 14)
    for found, exact in ((means, exact_mean), (sds, exact_sd)):
        assert abs(np.mean(found) - exact) < 4.5 * np.std(found, ddof=1) / math.sqrt(len(found))
        assert np.std(found, ddof=1) < 0.02


def test_the_tutorials_fit():
    svi = SVI(coin, coin_guide, Adam({"lr": 5e-4, "betas": (0.90, 0.999)}), loss=Trace_ELBO())
    for _ in range(2000):
        svi.step(FLIPS)
    mean, sd = beta_moments(vc.param("alpha_q"), vc.param("beta_q"))
    # What the tutorial prints is 0.532 +- 0.090; a tenth of the posterior's standard deviation around the exact answer.
    assert abs(mean - 16 / 30) < 0.009
    assert abs(sd - 0.0896029) < 0.009


def bernoulli_beta(data):
    p = vc.sample("p", dist.Beta(1.0, 1.0))
    with vc.plate("data", len(data)):
        vc.sample("x", dist.Bernoulli(p), obs=data)


def bernoulli_beta_guide(data):
    log_a = vc.param("log_a", math.log(4.0) + 0.17)
    log_b = vc.param("log_b", math.log(2.0) - 0.143)
    vc.sample("p", dist.Beta(np.exp(log_a), np.exp(log_b)))


def test_bernoulli_beta():
    data = np.array([0.0, 1.0, 1.0, 1.0])
    optimum = {"log_a": math.log(4.0), "log_b": math.log(2.0)}
    assert elbo(optimum, bernoulli_beta, bernoulli_beta_guide, (data,)) == pytest.approx(2.9957323, abs=1e-7)
    result = SVI(bernoulli_beta, bernoulli_beta_guide, Adam({"lr": 1e-3, "betas": (0.97, 0.999)})).run(10_000, data)
    for name, value in optimum.items():
        assert abs(result.params[name] - value) < 0.08


def poisson_gamma(data):
    rate = vc.sample("rate", dist.Gamma(1.0, 1.0))
    with vc.plate("data", len(data)):
        vc.sample("x", dist.Poisson(rate), obs=data)


def poisson_gamma_guide(data):
    a = vc.param("a", 7.0 * math.exp(0.17), constraint=constraints.positive)
    b = vc.param("b", 4.0 / math.exp(0.143), constraint=constraints.positive)
    vc.sample("rate", dist.Gamma(a, b))


def test_poisson_gamma():
    data = np.array([1.0, 2.0, 3.0])
    assert elbo({"a": 7.0, "b": 4.0}, poisson_gamma, poisson_gamma_guide, (data,)) == pytest.approx(5.6097160, abs=1e-7)
    result = SVI(poisson_gamma, poisson_gamma_guide, Adam({"lr": 2e-4, "betas": (0.97, 0.999)})).run(25_000, data)
    assert abs(math.log(result.params["a"] / 7.0)) < 0.08
    assert abs(math.log(result.params["b"] / 4.0)) < 0.08


POINTS = np.array([[-0.1, 0.3], [0.0, 0.4], [0.2, 0.5], [0.1, 0.7]])
PRIOR_LOC, PRIOR_PRECISION, PRECISION = np.array([0.0, 0.5]), np.array([0.1, 0.1]), np.array([6.0, 4.0])
BEST_LOC, BEST_LOG_SCALE = np.array([0.0497925, 0.4751553]), np.array([-1.5911059, -1.3894096])


def normal_normal(points):
    with vc.plate("axes", 2, dim=-1):
        loc = vc.sample("loc", dist.Normal(PRIOR_LOC, PRIOR_PRECISION**-0.5))
        with vc.plate("points", len(points), dim=-2):
            vc.sample("x", dist.Normal(loc, PRECISION**-0.5), obs=points)


def normal_normal_guide(points):
    loc_q = vc.param("loc_q", BEST_LOC + 0.134)
    log_scale = vc.param("log_scale", BEST_LOG_SCALE - 0.14)
    with vc.plate("axes", 2, dim=-1):
        vc.sample("loc", dist.Normal(loc_q, np.exp(log_scale)))


def test_normal_normal():
    precision = PRIOR_PRECISION + 4 * PRECISION
    exact = (PRIOR_PRECISION * PRIOR_LOC + PRECISION * POINTS.sum(0)) / precision
    assert np.allclose(BEST_LOC, exact, atol=1e-7)
    assert np.allclose(BEST_LOG_SCALE, -0.5 * np.log(precision), atol=1e-7)
    result = SVI(normal_normal, normal_normal_guide, Adam({"lr": 1e-3, "betas": (0.95, 0.999)})).run(5000, POINTS)
    assert np.sum((result.params["loc_q"] - BEST_LOC) ** 2) < 0.05
    assert np.sum((result.params["log_scale"] - BEST_LOG_SCALE) ** 2) < 0.05


@pytest.mark.parametrize("count", [0, 1, 2, 25])
def test_the_exact_posterior_of_a_location_has_a_loss_without_noise(count):
    data = np.random.default_rng(3).normal(2.0, 1.0, count)
    mean, sd = location_posterior(data)
    losses = [elbo({"loc": mean, "scale": sd}, location, location_guide, (data,), seed=seed) for seed in range(4)]
    covariance = np.eye(count) + 100.0
    log_evidence = -0.5 * (
        data @ np.linalg.solve(covariance, data) + np.linalg.slogdet(covariance)[1] + count * math.log(2 * math.pi)
    )
    assert np.allclose(losses, -log_evidence, rtol=1e-11, atol=1e-9)


def test_stans_advi_example():
    def model(y):
        mu = vc.sample("mu", dist.Normal(1.5, 1.0))
        with vc.plate("y", len(y)):
            vc.sample("obs", dist.Normal(mu, 1.0), obs=y)

    def guide(y):
        vc.sample("mu", dist.Normal(vc.param("m", 1.88), vc.param("s", 1.0, constraint=constraints.positive)))

    loss = elbo({}, model, guide, (np.array([1.6, 1.4]),), num_particles=10_000)
    assert abs(loss - 3.0644771) < 0.1
