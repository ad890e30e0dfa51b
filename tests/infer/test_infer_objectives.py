"""Fits and bounds of all objectives against exact posteriors, quadrature and closed forms."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from numpy.polynomial.hermite_e import hermegauss
from objective_targets import EVIDENCE, POSTERIOR, Q_LOC, Q_SCALE, Y, log_weights, one_mean, one_mean_guide

import vicompile as vc
import vicompile.distributions as dist
from vicompile.infer import (
    ELBO,
    SVI,
    CustomELBO,
    RenyiELBO,
    Trace_ELBO,
    TraceMeanField_ELBO,
    elbo,
)
from vicompile.optim import SGD, Adam, Minimize

X = np.array([[-0.1, 0.3], [0.0, 0.4], [0.2, 0.5], [0.1, 0.7]])
LOC0, PRIOR, PRECISION = np.array([0.0, 0.5]), np.array([0.1, 0.1]), np.array([6.0, 4.0])
BEST_PRECISION = PRIOR + len(X) * PRECISION
BEST = (PRIOR * LOC0 + PRECISION * X.sum(0)) / BEST_PRECISION, -0.5 * np.log(BEST_PRECISION)


def normal_normal(x):
    loc = vc.sample("loc", dist.Normal(LOC0, PRIOR**-0.5).to_event(1))
    with vc.plate("data", len(x)):
        vc.sample("x", dist.Normal(loc, PRECISION**-0.5).to_event(1), obs=x)


def normal_normal_guide(x):
    loc, log_scale = vc.param("loc_q", BEST[0] + 0.134), vc.param("log_scale_q", BEST[1] - 0.14)
    vc.sample("loc", dist.Normal(loc, np.exp(log_scale)).to_event(1))


def test_the_optimum_is_the_one_of_the_table():
    np.testing.assert_allclose(BEST, [[0.0497925, 0.4751553], [-1.5911059, -1.3894096]], rtol=1e-6)


def mean_log_weight(log_weights):
    return -np.mean(log_weights)


@pytest.mark.parametrize(
    ("loss", "steps"),
    [
        (Trace_ELBO(), 5000),
        (Trace_ELBO(sticking_the_landing=True), 5000),
        (TraceMeanField_ELBO(), 3000),
        (RenyiELBO(num_particles=3), 2500),
        (RenyiELBO(num_particles=3, doubly_reparameterized=True), 2500),
        (RenyiELBO(alpha=0.5, num_particles=3), 2500),
        (CustomELBO(mean_log_weight, num_particles=2, sticking_the_landing=True), 2500),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, ELBO) else str(one),
)
def test_fits_reach_the_posterior(loss, steps):
    """The budget and tolerance of Pyro's own test."""
    found = SVI(normal_normal, normal_normal_guide, Adam(1e-3), loss).run(steps, X, seed=1).params
    assert np.sum((found["loc_q"] - BEST[0]) ** 2) < 0.05
    assert np.sum((found["log_scale_q"] - BEST[1]) ** 2) < 0.05


def without_variance(loss):
    svi = SVI(normal_normal, normal_normal_guide, Adam(0.01), loss)
    params = svi.run(3000, X).params
    return max(np.abs(params["loc_q"] - BEST[0]).max(), np.abs(params["log_scale_q"] - BEST[1]).max())


def test_gradients_without_variance_end_exactly_at_the_posterior():
    assert without_variance(Trace_ELBO(4, sticking_the_landing=True)) < 1e-9
    assert without_variance(RenyiELBO(num_particles=4, doubly_reparameterized=True)) < 1e-9
    assert without_variance(Trace_ELBO(4)) > 1e-4


# -- a bound in one dimension, where everything is known -------------------------------------------------------------


def losses(loss, count=20_000):
    """Independent losses at the initial parameters: a learning rate of zero moves nothing."""
    result = SVI(one_mean, one_mean_guide, SGD(0.0), loss).run(count, Y, seed=3)
    assert result.params["loc"] == Q_LOC
    return result.losses


def assert_mean(values, expected):
    assert abs(np.mean(values) - expected) < 4.0 * np.std(values, ddof=1) / math.sqrt(len(values))


def bound_by_quadrature(particles, alpha=0.0):
    nodes, weights = hermegauss(30)
    weights = weights / weights.sum()
    w = np.exp((1.0 - alpha) * log_weights(Q_LOC + Q_SCALE * nodes))
    places = np.array(list(itertools.product(range(len(nodes)), repeat=particles)))
    return np.sum(np.prod(weights[places], 1) * np.log(np.mean(w[places], 1))) / (1.0 - alpha)


@pytest.mark.parametrize("alpha", [0.0, 0.5, 2.0, -1.0])
@pytest.mark.parametrize("particles", [1, 2, 3])
def test_the_mean_of_a_bound_is_its_integral(alpha, particles):
    assert_mean(losses(RenyiELBO(alpha, particles)), -bound_by_quadrature(particles, alpha))


def test_the_importance_weighted_bound_rises_to_the_evidence():
    bounds = [bound_by_quadrature(particles) for particles in (1, 2, 3)]
    assert bounds == sorted(bounds)
    found = [-np.mean(losses(RenyiELBO(0.0, particles), 2000)) for particles in (1, 4, 16, 256)]
    assert found == sorted(found)
    assert bounds[-1] < EVIDENCE
    assert found[-1] == pytest.approx(EVIDENCE, abs=0.01)


@pytest.mark.parametrize("alpha", [-0.5, 0.5])
def test_the_bound_of_many_particles_has_a_closed_form(alpha):
    """Renyi's divergence of two normals (Li and Turner 2016; Gil et al. 2013)."""
    p, q = POSTERIOR.std() ** 2, Q_SCALE**2
    mixed = alpha * p + (1.0 - alpha) * q
    divergence = np.log(math.sqrt(p) / Q_SCALE) + np.log(p / mixed) / (2.0 * (alpha - 1.0))
    divergence += alpha * (Q_LOC - POSTERIOR.mean()) ** 2 / (2.0 * mixed)
    found = losses(RenyiELBO(alpha, 20_000), 50)
    # The bias of a logarithm of a mean falls with the number of particles.
    assert np.mean(found) == pytest.approx(-(EVIDENCE - divergence), abs=4.0 * np.std(found) / math.sqrt(50) + 1e-4)


def test_one_particle_is_the_elbo():
    plain = losses(Trace_ELBO(), 100)
    np.testing.assert_allclose(losses(RenyiELBO(0.7, 1), 100), plain, rtol=1e-12)
    np.testing.assert_allclose(losses(CustomELBO(mean_log_weight), 100), plain, rtol=1e-12)


def test_analytic_divergences_keep_the_mean():
    exact = -bound_by_quadrature(1)
    sampled, analytic = losses(Trace_ELBO()), losses(TraceMeanField_ELBO())
    assert_mean(sampled, exact)
    assert_mean(analytic, exact)


def stan_model(y):
    mu = vc.sample("mu", dist.Normal(1.5, 1.0))
    vc.sample("y", dist.Normal(mu, 1.0).expand([len(y)]).to_event(1), obs=y)


def stan_guide(y):
    vc.sample("mu", dist.Normal(vc.param("m", 1.88), 1.0))


@pytest.mark.parametrize("loss", [Trace_ELBO(10_000), TraceMeanField_ELBO(10_000)])
def test_the_bound_of_stans_unit_test(loss):
    assert elbo({}, stan_model, stan_guide, (np.array([1.6, 1.4]),), loss=loss) == pytest.approx(3.0644771, abs=0.1)


def bernoulli_beta(x):
    p = vc.sample("p", dist.Beta(1.0, 1.0))
    with vc.plate("data", len(x)):
        vc.sample("x", dist.Bernoulli(p), obs=x)


def bernoulli_beta_guide(x):
    a, b = vc.param("log_a", math.log(4.0) + 0.17), vc.param("log_b", math.log(2.0) - 0.143)
    vc.sample("p", dist.Beta(np.exp(a), np.exp(b)))


def test_the_beta_and_its_prior():
    found = SVI(bernoulli_beta, bernoulli_beta_guide, Adam(1e-3, betas=(0.97, 0.999)), TraceMeanField_ELBO(10)).run(
        5000, np.array([0.0, 1.0, 1.0, 1.0])
    )
    assert found.params["log_a"] == pytest.approx(math.log(4.0), abs=0.08)
    assert found.params["log_b"] == pytest.approx(math.log(2.0), abs=0.08)


def test_a_minimiser_takes_other_objectives():
    """With many particles the bound hardly depends on the draws."""
    params = SVI(one_mean, one_mean_guide, Minimize(), TraceMeanField_ELBO(4000)).run(1, Y).params
    assert params["loc"] == pytest.approx(POSTERIOR.mean(), abs=0.1)
    assert params["scale"] == pytest.approx(POSTERIOR.std(), abs=0.1)
