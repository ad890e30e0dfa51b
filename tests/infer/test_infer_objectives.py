"""Bounds of all objectives against quadrature and closed forms; fits to exact posteriors: test_infer_peer_cases.py."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from numpy.polynomial.hermite_e import hermegauss
from objective_targets import EVIDENCE, POSTERIOR, Q_LOC, Q_SCALE, Y, log_weights, one_mean, one_mean_guide
from peer_cases import NORMAL_NORMAL

from vicompile.infer import (
    SVI,
    CustomELBO,
    RenyiELBO,
    Trace_ELBO,
    TraceMeanField_ELBO,
)
from vicompile.optim import SGD, Adam, Minimize


def mean_log_weight(log_weights):
    return -np.mean(log_weights)


def without_variance(loss):
    params = SVI(NORMAL_NORMAL.model, NORMAL_NORMAL.guide, Adam(0.01), loss).run(3000, *NORMAL_NORMAL.data).params
    return max(np.abs(params[name] - value).max() for name, value in NORMAL_NORMAL.exact.items())


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


def test_a_minimiser_takes_other_objectives():
    """With many particles the bound hardly depends on the draws."""
    params = SVI(one_mean, one_mean_guide, Minimize(), TraceMeanField_ELBO(4000)).run(1, Y).params
    assert params["loc"] == pytest.approx(POSTERIOR.mean(), abs=0.1)
    assert params["scale"] == pytest.approx(POSTERIOR.std(), abs=0.1)
