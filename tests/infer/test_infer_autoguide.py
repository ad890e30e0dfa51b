"""Fits with automatic guides against exact posteriors and optima."""

import numpy as np
import pytest
from scipy import special, stats

import vicompile as vc
import vicompile.distributions as dist
from vicompile.infer import SVI, Trace_ELBO, elbo
from vicompile.infer.autoguide import (
    AutoDelta,
    AutoDiagonalNormal,
    AutoLaplaceApproximation,
    AutoLowRankMultivariateNormal,
    AutoMultivariateNormal,
    AutoNormal,
    init_to_feasible,
)
from vicompile.optim import Adam

MEAN = np.array([1.0, -2.0, 0.5])
COVARIANCE = np.array([[2.0, 1.2, 0.3], [1.2, 1.5, -0.2], [0.3, -0.2, 0.8]])
X = np.random.default_rng(1).normal(size=(30, 2))
Y = X @ np.array([1.0, -0.5]) + np.random.default_rng(2).normal(size=30)


def gaussian(mean, covariance):
    vc.sample("x", dist.MultivariateNormal(mean, covariance))


def regression(x, y):
    weights = vc.sample("weights", dist.Normal(np.zeros(2), 3.0).to_event(1))
    offset = vc.sample("offset", dist.Normal(0.0, 3.0))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Normal(x @ weights + offset, 1.0), obs=y)


def posterior():
    """Mean and covariance of (weights, offset), and the log evidence."""
    design = np.column_stack([X, np.ones(len(X))])
    covariance = np.linalg.inv(design.T @ design + np.eye(3) / 9.0)
    evidence = stats.multivariate_normal(np.zeros(len(Y)), np.eye(len(Y)) + 9.0 * design @ design.T).logpdf(Y)
    return covariance @ design.T @ Y, covariance, evidence


def settled(svi, args, steps=1500, more=20):
    """The mean of each parameter over states far apart, and its standard error."""
    state = svi.run(steps, *args, seed=0).state
    found = []
    for _ in range(more):
        result = svi.run(150, *args, init_state=state)
        state = result.state
        found.append(result.params)
    values = {name: np.stack([one[name] for one in found]) for name in found[0]}
    return {name: (v.mean(0), v.std(0, ddof=1) / np.sqrt(more)) for name, v in values.items()}


def near(found, expected, error, most):
    """Within 4.5 standard errors, which must be small enough to tell anything."""
    assert np.max(error) < most
    np.testing.assert_array_less(np.abs(found - expected), 4.5 * error + 1e-12)


@pytest.mark.parametrize("seed", [0, 7])
def test_at_the_exact_posterior_every_draw_gives_the_log_evidence(seed):
    mean, covariance, evidence = posterior()
    params = {"auto_loc": mean, "auto_scale_tril": np.linalg.cholesky(covariance)}
    loss = elbo(params, regression, AutoMultivariateNormal(regression), (X, Y), seed=seed)
    assert loss == pytest.approx(-evidence, rel=1e-11)


def test_low_rank_is_exact_where_the_covariance_has_that_form():
    factor, scale = np.array([[0.5], [-1.0], [0.2]]), np.array([0.5, 1.0, 2.0])
    covariance = np.outer(scale, scale) * (np.eye(3) + factor @ factor.T)
    guide = AutoLowRankMultivariateNormal(gaussian, rank=1)
    params = {"auto_loc": MEAN, "auto_cov_factor": factor, "auto_scale": scale}
    assert elbo(params, gaussian, guide, (MEAN, covariance), seed=3) == pytest.approx(0.0, abs=1e-11)
    np.testing.assert_allclose(guide.get_posterior(params).covariance_matrix, covariance)


def test_multivariate_normal_fit_reaches_the_posterior():
    mean, covariance, _ = posterior()
    guide = AutoMultivariateNormal(regression)
    svi = SVI(regression, guide, Adam(0.005), Trace_ELBO(num_particles=10))
    found = settled(svi, (X, Y))
    near(found["auto_loc"][0], mean, found["auto_loc"][1], 0.02)
    near(found["auto_scale_tril"][0], np.linalg.cholesky(covariance), found["auto_scale_tril"][1], 0.02)


def test_laplace_approximation_of_a_gaussian_is_exact():
    mean, covariance, _ = posterior()
    guide = AutoLaplaceApproximation(regression)
    params = SVI(regression, guide, Adam(0.02)).run(3000, X, Y).params
    np.testing.assert_allclose(params["auto_loc"], mean, atol=1e-6)
    np.testing.assert_allclose(guide.get_posterior(params).covariance_matrix, covariance, rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize("kind", [AutoNormal, AutoDiagonalNormal])
def test_independent_normals_reach_their_optimum(kind):
    """Of a Gaussian target: its mean, and the scales of its precision's diagonal."""
    guide = kind(gaussian)
    svi = SVI(gaussian, guide, Adam(0.005), Trace_ELBO(num_particles=10))
    found = settled(svi, (MEAN, COVARIANCE))
    prefix = "x_auto" if kind is AutoNormal else "auto"
    near(found[f"{prefix}_loc"][0], MEAN, found[f"{prefix}_loc"][1], 0.03)
    best = np.diag(np.linalg.inv(COVARIANCE)) ** -0.5
    near(found[f"{prefix}_scale"][0], best, found[f"{prefix}_scale"][1], 0.03)


def test_points_reach_the_maximum_of_the_density():
    def model(flips):
        share = vc.sample("share", dist.Beta(3.0, 2.0))
        with vc.plate("flips", len(flips)):
            vc.sample("flip", dist.Bernoulli(share), obs=flips)

    flips = np.array([1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0])
    guide = AutoDelta(model)
    result = SVI(model, guide, Adam(0.05)).run(800, flips)
    mode = (3 + 5 - 1) / (3 + 2 + 7 - 2)
    assert result.params["share_auto_loc"] == pytest.approx(mode, abs=1e-4)
    assert guide.median(result.params)["share"] == result.params["share_auto_loc"]
    assert result.losses[-1] == pytest.approx(-stats.beta(8, 4).logpdf(mode) - log_evidence(flips), abs=1e-6)


def log_evidence(flips):
    heads = flips.sum()
    return special.betaln(3 + heads, 2 + len(flips) - heads) - special.betaln(3, 2)


def test_log_normal_posterior_is_found_on_the_unconstrained_scale():
    """The logarithm of `rate` has a normal posterior, so that the guide can be exact."""

    def model(y):
        rate = vc.sample("rate", dist.LogNormal(0.5, 1.0))
        with vc.plate("rows", len(y)):
            vc.sample("y", dist.LogNormal(np.log(rate), 2.0), obs=y)

    y = np.exp(np.array([0.3, 1.0, -0.4, 2.0]))
    precision = 1.0 + len(y) / 4.0
    loc = (0.5 + np.log(y).sum() / 4.0) / precision
    params = {"rate_auto_loc": loc, "rate_auto_scale": precision**-0.5}
    guide = AutoNormal(model)
    losses = [elbo(params, model, guide, (y,), seed=seed) for seed in (0, 1)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-12)
    quantiles = guide.quantiles(params, [0.05, 0.5, 0.95], y)["rate"]
    np.testing.assert_allclose(quantiles, stats.lognorm(precision**-0.5, scale=np.exp(loc)).ppf([0.05, 0.5, 0.95]))


def test_local_sites_of_batches_are_learned_for_the_whole_plate():
    def model(y, size):
        with vc.plate("rows", len(y), subsample_size=size) as index:
            theta = vc.sample("theta", dist.Normal(0.0, 1.0))
            vc.sample("y", dist.Normal(theta, 0.5), obs=y[index])

    y = np.linspace(-2.0, 2.0, 8)
    guide = AutoNormal(model, init_loc_fn=init_to_feasible)
    svi = SVI(model, guide, Adam(0.02), Trace_ELBO(num_particles=5))
    found = settled(svi, (y, 2), steps=4000)
    assert found["theta_auto_loc"][0].shape == (8,)
    near(found["theta_auto_loc"][0], y / (1.0 + 0.25), found["theta_auto_loc"][1], 0.05)
    near(found["theta_auto_scale"][0], np.full(8, 0.2**0.5), found["theta_auto_scale"][1], 0.05)
    params = {name: value for name, (value, _) in found.items()}
    assert guide.median(params)["theta"].shape == (8,)
    assert guide.sample_posterior(0, params, sample_shape=(3, 2))["theta"].shape == (3, 2, 8)


def test_pyros_steps_start_where_the_run_starts():
    vc.clear_param_store()
    vc.set_rng_seed(5)
    guide = AutoNormal(regression)
    svi = SVI(regression, guide, Adam(0.01))
    losses = [svi.step(X, Y) for _ in range(3)]
    np.testing.assert_array_equal(losses, SVI(regression, guide, Adam(0.01)).run(3, X, Y, seed=5).losses)
    vc.clear_param_store()
