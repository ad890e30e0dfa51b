"""Fits and refusals with discrete likelihoods and distributions made from distributions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.diagnostics import CompileError, DataError
from vicompile.infer import SVI, elbo
from vicompile.infer.nonfinite import NonFiniteLossError
from vicompile.optim import Adam

RNG = np.random.default_rng(20261128)


# -- zero-inflated Poisson regression, end to end --------------------------------------------------------------------


def zero_inflated(x, y):
    intercept = vc.param("intercept", 0.0)
    slope = vc.param("slope", 0.0)
    gate = vc.param("gate", 0.5, constraint=constraints.unit_interval)
    with vc.plate("data", len(y)):
        vc.sample("y", dist.ZeroInflatedPoisson(gate, np.exp(intercept + slope * x)), obs=y)


def no_guide(x, y):
    pass


def test_zero_inflated_poisson_regression_has_the_maximum_of_the_likelihood():
    x = RNG.normal(size=400)
    y = RNG.poisson(np.exp(0.7 + 0.5 * x)) * (RNG.random(400) > 0.3)
    fit = SVI(zero_inflated, no_guide, Adam(0.02)).run(3000, x, y, seed=0, progress_bar=False)

    def loss(theta):
        rate, gate = np.exp(theta[0] + theta[1] * x), 1.0 / (1.0 + np.exp(-theta[2]))
        return -dist.ZeroInflatedDistribution(dist.Poisson(rate), gate).log_prob(y).sum()

    best = optimize.minimize(loss, np.zeros(3), method="BFGS", options={"gtol": 1e-8})
    found = [fit.params["intercept"], fit.params["slope"], np.log(fit.params["gate"] / (1 - fit.params["gate"]))]
    np.testing.assert_allclose(found, best.x, atol=2e-5)
    assert fit.losses[-1] == pytest.approx(best.fun, rel=1e-9)


# -- mixtures --------------------------------------------------------------------------------------------------------


def mixture(y):
    weights = vc.param("weights", np.array([0.5, 0.5]), constraint=constraints.simplex)
    locs = vc.param("locs", np.array([-1.0, 1.0]))
    with vc.plate("data", len(y)):
        vc.sample("y", dist.MixtureSameFamily(dist.Categorical(weights), dist.Normal(locs, 1.0)), obs=y)


def general(y):
    weights = vc.param("weights", np.array([0.5, 0.5]), constraint=constraints.simplex)
    locs = vc.param("locs", np.array([-1.0, 1.0]))
    for i in range(len(y)):
        components = [dist.Normal(locs[0], 1.0), dist.Normal(locs[1], 1.0)]
        vc.sample(f"y_{i}", dist.Mixture(dist.Categorical(weights), components), obs=y[i])


def empty(y):
    pass


def test_both_mixtures_fit_alike():
    y = np.where(RNG.random(300) < 0.3, RNG.normal(-2.0, 1.0, 300), RNG.normal(2.0, 1.0, 300))
    fits = [SVI(m, empty, Adam(0.03)).run(1500, y, seed=0, progress_bar=False) for m in (mixture, general)]
    np.testing.assert_allclose(fits[0].params["locs"], fits[1].params["locs"], rtol=1e-8)
    np.testing.assert_allclose(fits[0].params["weights"], fits[1].params["weights"], rtol=1e-8)
    # at the maximum each location is the mean that its responsibilities give
    locs, weights = fits[0].params["locs"], fits[0].params["weights"]
    share = weights * np.exp(-0.5 * (y[:, None] - locs) ** 2)
    share /= share.sum(1, keepdims=True)
    np.testing.assert_allclose((share * y[:, None]).sum(0) / share.sum(0), locs, atol=1e-4)
    np.testing.assert_allclose(share.mean(0), weights, atol=1e-4)


# -- beta-binomial and its collapsed form ----------------------------------------------------------------------------


def beta_of_binomial(y):
    p = vc.sample("p", dist.Beta(0.5, 1.5))
    vc.sample("y", dist.Binomial(10, p), obs=y)


def its_posterior(y):
    vc.sample("p", dist.Beta(vc.param("a", 3.5), vc.param("b", 8.5)))


def test_the_exact_posterior_has_the_beta_binomial_as_its_bound():
    svi = SVI(beta_of_binomial, its_posterior, Adam(0.0))
    for seed in range(3):
        loss = svi.run(1, 3, seed=seed, progress_bar=False).losses[0]
        assert -loss == pytest.approx(dist.BetaBinomial(0.5, 1.5, 10).log_prob(3), rel=1e-12)


# -- refusals --------------------------------------------------------------------------------------------------------


def categories(y):
    logits = vc.param("logits", np.zeros(3))
    for i in range(len(y)):
        vc.sample(f"y_{i}", dist.Categorical(logits=logits), obs=y[i])


def binomials(y, n):
    p = vc.param("p", 0.5, constraint=constraints.unit_interval)
    for i in range(len(y)):
        vc.sample(f"y_{i}", dist.BetaBinomial(p, 1.0, n[i]), obs=y[i])


def no_guide_of_two(y, n):
    pass


def binomial_rows(y, n):
    p = vc.param("p", 0.5, constraint=constraints.unit_interval)
    for i in range(len(n)):
        vc.sample(f"y_{i}", dist.Binomial(n[i], p).expand((2,)).to_event(1), obs=y[i])


def test_categories_outside_of_the_table_are_refused():
    svi = SVI(categories, empty, Adam(0.1))
    assert np.isfinite(svi.run(1, np.array([0, 1, 2]), progress_bar=False).losses).all()
    with pytest.raises(DataError, match=r"at index \[1\] of site `y_\{\}` is 3.*whole number from 0 to 2"):
        svi.run(1, np.array([0, 3, 2]), progress_bar=False)
    with pytest.raises(DataError, match=r"at index \[0\]"):
        svi.run(1, np.array([-1, 1, 2]), progress_bar=False)
    with pytest.raises(DataError, match=r"at index \[2\]"):
        svi.run(1, np.array([0.0, 1.0, 1.5]), progress_bar=False)


def test_each_round_has_its_own_bound():
    svi = SVI(binomials, no_guide_of_two, Adam(0.1))
    assert np.isfinite(svi.run(1, np.array([3, 1]), np.array([5, 1]), progress_bar=False).losses).all()
    with pytest.raises(DataError, match=r"at index \[1\].*whole number from 0 to 1"):
        svi.run(1, np.array([3, 2]), np.array([5, 1]), progress_bar=False)


def test_the_bound_of_a_round_holds_for_its_whole_row():
    svi = SVI(binomial_rows, no_guide_of_two, Adam(0.1))
    n = np.array([5, 1])
    assert np.isfinite(svi.run(1, np.array([[3, 5], [1, 0]]), n, progress_bar=False).losses).all()
    with pytest.raises(DataError, match=r"at index \[1, 0\].*whole number from 0 to 1"):
        svi.run(1, np.array([[3, 5], [2, 0]]), n, progress_bar=False)


def counted(y):
    probs = vc.param("probs", np.full(3, 1.0 / 3.0), constraint=constraints.simplex)
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Multinomial(4, probs), obs=y)


def test_counts_that_do_not_sum_to_the_total_are_refused():
    svi = SVI(counted, empty, Adam(0.1))
    assert np.isfinite(svi.run(1, np.array([[1, 1, 2], [4, 0, 0]]), progress_bar=False).losses).all()
    with pytest.raises(DataError, match=r"at index \[1\].*with sum 4"):
        svi.run(1, np.array([[1, 1, 2], [4, 1, 0]]), progress_bar=False)


def one_too_many(y):
    weights = vc.param("weights", np.full(3, 1.0 / 3.0), constraint=constraints.simplex)
    vc.sample("y", dist.Mixture(dist.Categorical(weights), [dist.Normal(), dist.Normal(1.0)]), obs=y)


def latent_category(y):
    vc.sample("k", dist.Categorical(np.array([0.5, 0.5])))


def draws_it(y):
    vc.sample("k", dist.Categorical(np.array([0.3, 0.7])))


def test_faults_of_a_model_are_told():
    with pytest.raises((CompileError, DataError), match="3 categories, but 2 components"):
        SVI(one_too_many, empty, Adam(0.1)).run(1, 0.5, progress_bar=False)
    with pytest.raises(CompileError, match="draws site `k` from Categorical, which has no pathwise gradient"):
        SVI(latent_category, draws_it, Adam(0.1)).run(1, 0.5, progress_bar=False)


def unnormalised(y):
    weights = vc.param("weights", np.array([1.0, 2.0]), constraint=constraints.positive)
    with vc.plate("data", len(y)):
        vc.sample("y", dist.Categorical(weights), obs=y)


def test_weights_that_are_no_probabilities_stop_the_fit():
    with pytest.raises(NonFiniteLossError, match=r"`probs` of `Categorical` is \[1., 2.\], expected simplex"):
        SVI(unnormalised, empty, Adam(0.1)).run(2, np.array([0, 1]), progress_bar=False)


def with_unit(y):
    x = vc.sample("x", dist.Normal(0.0, 1.0))
    vc.sample("unit", dist.Unit(-0.5 * x**2), obs=y)


def with_factor(y):
    x = vc.sample("x", dist.Normal(0.0, 1.0))
    vc.factor("unit", -0.5 * x**2)


def normal_guide(y):
    vc.sample("x", dist.Normal(0.3, 0.5))


def test_unit_is_a_factor():
    found = [elbo({}, m, normal_guide, (np.zeros(0),), num_particles=5, seed=1) for m in (with_unit, with_factor)]
    np.testing.assert_allclose(found[0], found[1], rtol=1e-12)
