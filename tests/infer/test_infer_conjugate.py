"""Fits and losses against exact posteriors, within their own noise; the peers' cases: test_infer_peer_cases.py."""

from __future__ import annotations

import math

import numpy as np
import pytest
from infer_models import coin, coin_guide, location, location_guide, location_posterior

from vicompile.infer import SVI, Trace_ELBO, elbo
from vicompile.optim import Adam

FLIPS = np.array([1.0] * 6 + [0.0] * 4)


def beta_moments(a, b):
    return a / (a + b), math.sqrt(a * b / (a + b + 1)) / (a + b)


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
