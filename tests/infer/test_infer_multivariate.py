"""Fits of models with vectors and matrices, against exact posteriors and against other ways to write them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.infer import SVI, Trace_ELBO, elbo
from vicompile.optim import Adam

RNG = np.random.default_rng(20261126)
PRIOR = np.array([[1.0, 0.4, 0.1], [0.4, 0.9, -0.2], [0.1, -0.2, 1.2]])
NOISE = np.array([[0.8, 0.3, 0.0], [0.3, 0.6, 0.2], [0.0, 0.2, 0.5]])
ROWS = RNG.multivariate_normal([0.5, -0.3, 0.8], NOISE, size=2000)


def rows_model(y, prior, noise):
    mean = vc.sample("mean", dist.MultivariateNormal(0.0, prior))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.MultivariateNormal(mean, noise), obs=y)


def full_rank_guide(y, prior, noise):
    loc = vc.param("loc", np.zeros(3))
    root = vc.param("root", np.eye(3), constraint=constraints.lower_cholesky)
    vc.sample("mean", dist.MultivariateNormal(loc, scale_tril=root))


def exact_rows(y):
    """Mean and covariance of the posterior, and the log evidence."""
    precision = np.linalg.inv(PRIOR) + len(y) * np.linalg.inv(NOISE)
    covariance = np.linalg.inv(precision)
    mean = covariance @ np.linalg.inv(NOISE) @ y.sum(0)
    evidence = (
        stats.multivariate_normal(np.zeros(3), PRIOR).logpdf(mean)
        + stats.multivariate_normal(mean, NOISE).logpdf(y).sum()
        - stats.multivariate_normal(mean, covariance).logpdf(mean)
    )
    return mean, covariance, evidence


@pytest.mark.parametrize("count", [3, 2000])
def test_at_the_posterior_the_loss_is_the_log_evidence(count):
    y = ROWS[:count]
    mean, covariance, evidence = exact_rows(y)
    params = {"loc": mean, "root": np.linalg.cholesky(covariance)}
    loss = elbo(params, rows_model, full_rank_guide, (y, PRIOR, NOISE), seed=3)
    assert loss == pytest.approx(-evidence, rel=1e-11)


def settled(model, guide, args, functions, lr=0.003, particles=4, steps=6000):
    """The means of functions of the parameters over a settled run, their standard errors, and the mean loss.

    States far apart are nearly independent; their spread gives the standard error of their mean.
    """
    svi = SVI(model, guide, Adam(lr), Trace_ELBO(num_particles=particles))
    state = svi.run(steps, *args, seed=0, progress_bar=False).state
    seen, losses = [], []
    for _ in range(30):
        result = svi.run(500, *args, init_state=state, progress_bar=False)
        state = result.state
        seen.append([function(result.params) for function in functions])
        losses.append(np.mean(result.losses))
    means = [np.mean(values, axis=0) for values in zip(*seen)]
    errors = [np.std(values, axis=0, ddof=1) / np.sqrt(len(values)) for values in zip(*seen)]
    return means, errors, np.mean(losses)


def test_a_full_rank_guide_reaches_the_posterior():
    y = ROWS[:25]
    mean, covariance, evidence = exact_rows(y)
    functions = [lambda p: p["loc"], lambda p: p["root"] @ p["root"].T]
    means, errors, loss = settled(rows_model, full_rank_guide, (y, PRIOR, NOISE), functions)
    for found, error, expected in zip(means, errors, (mean, covariance)):
        assert (np.abs(found - expected) < 4.5 * error + 0.01 * np.abs(covariance).max()).all()
    assert -1e-3 < loss + evidence < 0.02


def shares_model(counts):
    share = vc.sample("share", dist.Dirichlet(np.array([1.5, 1.0, 2.0, 0.5])))
    vc.sample("counts", dist.Multinomial(60, share), obs=counts)


def shares_guide(counts):
    concentration = vc.param("concentration", np.full(4, 5.0), constraint=constraints.positive)
    vc.sample("share", dist.Dirichlet(concentration))


COUNTS = np.array([20.0, 3.0, 31.0, 6.0])


def log_dirichlet_integral(a):
    return special.gammaln(a).sum() - special.gammaln(a.sum())


def test_the_dirichlet_posterior():
    prior = np.array([1.5, 1.0, 2.0, 0.5])
    ways = special.gammaln(COUNTS.sum() + 1) - special.gammaln(COUNTS + 1).sum()
    evidence = ways + log_dirichlet_integral(prior + COUNTS) - log_dirichlet_integral(prior)
    for seed in range(3):
        loss = elbo({"concentration": prior + COUNTS}, shares_model, shares_guide, (COUNTS,), seed=seed)
        assert loss == pytest.approx(-evidence, abs=1e-10)
    functions = [lambda p: p["concentration"] / p["concentration"].sum(), lambda p: p["concentration"].sum()]
    means, errors, loss = settled(shares_model, shares_guide, (COUNTS,), functions, particles=10)
    exact = prior + COUNTS
    for found, error, expected in zip(means, errors, (exact / exact.sum(), exact.sum())):
        assert (np.abs(found - expected) < 4.5 * error).all()
    assert -1e-3 < loss + evidence < 0.02


def wishart_model(y, scale):
    precision = vc.sample("precision", dist.Wishart(6.0, scale))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.MultivariateNormal(0.0, precision_matrix=precision), obs=y)


def wishart_guide(y, scale):
    degrees = vc.param("degrees", 20.0, constraint=constraints.greater_than(2.0))
    root = vc.param("root", 0.2 * np.eye(3), constraint=constraints.lower_cholesky)
    vc.sample("precision", dist.Wishart(degrees, scale_tril=root))


def covariance_model(y, scale):
    covariance = vc.sample("covariance", dist.InverseWishart(6.0, scale))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.MultivariateNormal(0.0, covariance), obs=y)


def covariance_guide(y, scale):
    degrees = vc.param("degrees", 20.0, constraint=constraints.greater_than(2.0))
    scale_q = vc.param("scale", np.eye(3), constraint=constraints.positive_definite)
    vc.sample("covariance", dist.InverseWishart(degrees, scale_q))


def log_wishart_integral(c, scale):
    return 0.5 * c * (3 * np.log(2) + np.linalg.slogdet(scale)[1]) + special.multigammaln(0.5 * c, 3)


def test_the_wishart_posterior():
    y, scale = ROWS[:40] - ROWS.mean(0), 0.3 * PRIOR
    posterior = np.linalg.inv(np.linalg.inv(scale) + y.T @ y)
    degrees = 6.0 + len(y)
    constant = -0.5 * y.size * np.log(2 * np.pi)
    evidence = constant + log_wishart_integral(degrees, posterior) - log_wishart_integral(6.0, scale)
    exact = {"degrees": degrees, "root": np.linalg.cholesky(posterior)}
    for seed in range(3):
        loss = elbo(exact, wishart_model, wishart_guide, (y, scale), seed=seed)
        assert loss == pytest.approx(-evidence, abs=1e-9)
    # The inverse has the inverse scale: the same model in covariances.
    params = {"degrees": degrees, "scale": np.linalg.inv(posterior)}
    loss = elbo(params, covariance_model, covariance_guide, (y, np.linalg.inv(scale)), seed=5)
    assert loss == pytest.approx(-evidence, abs=1e-9)
    functions = [lambda p: p["degrees"] * p["root"] @ p["root"].T]
    means, errors, loss = settled(wishart_model, wishart_guide, (y, scale), functions, lr=0.001, steps=60_000)
    assert (np.abs(means[0] - degrees * posterior) < 4.5 * errors[0] + 0.01 * degrees * np.abs(posterior).max()).all()
    # The excess is the noise of the steps, in proportion to their size.
    assert -1e-3 < loss + evidence < 0.03


GROUPS = np.repeat(np.arange(30), 12)
X = RNG.normal(size=GROUPS.size)
EFFECTS = RNG.multivariate_normal([1.0, -0.5], [[0.5, 0.42], [0.42, 0.6]], size=30)
Y = EFFECTS[GROUPS, 0] + EFFECTS[GROUPS, 1] * X + 0.3 * RNG.normal(size=GROUPS.size)


def varying_model(x, y, group):
    mean = vc.sample("mean", dist.Normal(0.0, 2.0).expand([2]).to_event(1))
    scale = vc.sample("scale", dist.HalfNormal(1.0).expand([2]).to_event(1))
    correlation = vc.sample("correlation", dist.LKJCholesky(2, 2.0))
    with vc.plate("groups", 30):
        effect = vc.sample("effect", dist.MultivariateNormal(mean, scale_tril=scale[:, None] * correlation))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Normal(effect[group, 0] + effect[group, 1] * x, 0.3), obs=y)


def varying_guide(x, y, group):
    mean_loc = vc.param("mean_loc", np.zeros(2))
    mean_root = vc.param("mean_root", 0.1 * np.eye(2), constraint=constraints.lower_cholesky)
    vc.sample("mean", dist.MultivariateNormal(mean_loc, scale_tril=mean_root))
    scale_loc = vc.param("scale_loc", np.zeros(2))
    scale_width = vc.param("scale_width", np.full(2, 0.1), constraint=constraints.positive)
    vc.sample("scale", dist.LogNormal(scale_loc, scale_width).to_event(1))
    u_loc, u_width = vc.param("u_loc", 0.0), vc.param("u_width", 0.2, constraint=constraints.positive)
    base = dist.Normal(u_loc, u_width).expand([1])
    vc.sample("correlation", dist.TransformedDistribution(base, dist.transforms.CorrCholeskyTransform()))
    with vc.plate("groups", 30):
        loc = vc.param("effect_loc", np.zeros((30, 2)))
        root = vc.param("effect_root", np.tile(0.1 * np.eye(2), (30, 1, 1)), constraint=constraints.lower_cholesky)
        vc.sample("effect", dist.MultivariateNormal(loc, scale_tril=root))


def test_correlated_intercepts_and_slopes():
    result = SVI(varying_model, varying_guide, Adam(0.02)).run(6000, X, Y, GROUPS, seed=0, progress_bar=False)
    found = result.params
    # The effects themselves are all but known, so that the posterior of their covariance is near their own.
    own = np.corrcoef(EFFECTS.T)[0, 1]
    width = np.sqrt(1 / 30) * (1 - own**2)
    assert abs(np.tanh(found["u_loc"]) - own) < 3 * width
    np.testing.assert_allclose(np.exp(found["scale_loc"]), EFFECTS.std(0), rtol=0.25)
    np.testing.assert_allclose(found["mean_loc"], EFFECTS.mean(0), atol=0.15)
    errors = (found["effect_loc"] - EFFECTS) / 0.1
    assert np.sqrt(np.mean(errors**2)) < 1.5


def of_rows(y, noise):
    mean = vc.param("mean", np.zeros(3))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.MultivariateNormal(mean, noise), obs=y)


def in_a_loop(y, noise):
    mean = vc.param("mean", np.zeros(3))
    for i in vc.plate("rows", len(y)):
        vc.sample(f"y_{i}", dist.MultivariateNormal(mean, noise), obs=y[i])


def no_latents(y, noise):
    pass


def test_a_loop_over_rows_is_the_plate():
    params = {"mean": np.array([0.3, -0.2, 0.1])}
    expected = -stats.multivariate_normal(params["mean"], NOISE).logpdf(ROWS).sum()
    for model in (of_rows, in_a_loop):
        assert elbo(params, model, no_latents, (ROWS, NOISE)) == pytest.approx(expected, rel=1e-12)


def test_observed_shares_must_sum_to_one():
    def model(y):
        a = vc.param("a", np.ones(3), constraint=constraints.positive)
        with vc.plate("rows", len(y)):
            vc.sample("y", dist.Dirichlet(a), obs=y)

    def guide(y):
        pass

    with pytest.raises(vc.DataError, match=r"at index \[1\] of site `y` is .* outside the support: simplex"):
        SVI(model, guide, Adam(0.01)).run(1, np.array([[0.2, 0.3, 0.5], [0.2, 0.3, 0.6]]), progress_bar=False)
