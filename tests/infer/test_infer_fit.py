"""`vc.fit` from end to end: exact where the posterior is Gaussian, told where it is not."""

import numpy as np
import pytest
from scipy import stats

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.infer.fitting import ladder

RNG = np.random.default_rng(7)
X = np.column_stack([np.ones(60), 1e3 * RNG.normal(size=60), 1e-3 * RNG.normal(size=60)])
X[:, 2] += 1e-7 * X[:, 1]
Y = X @ np.array([0.3, 2e-3, 800.0]) + RNG.normal(size=60)
WIDTHS = np.array([2.0, 1e-2, 1e4])


def regression(x, y):
    beta = vc.sample("beta", dist.Normal(np.zeros(3), WIDTHS).to_event(1))
    vc.deterministic("first", 2.0 * beta[0])
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Normal(x @ beta, 1.0), obs=y)


def exact():
    precision = X.T @ X + np.diag(WIDTHS**-2.0)
    covariance = np.linalg.inv(precision)
    return covariance @ X.T @ Y, covariance


def test_a_gaussian_posterior_is_found_exactly_whatever_its_scales():
    mean, covariance = exact()
    found = vc.fit(regression, X, Y)
    assert found.converged
    assert found.quality == "good"
    sds = np.sqrt(np.diag(covariance))
    np.testing.assert_allclose((found.loc - mean) / sds, 0.0, atol=1e-6)
    ours = found.scale_tril @ found.scale_tril.T
    np.testing.assert_allclose(ours / np.outer(sds, sds), covariance / np.outer(sds, sds), atol=1e-6)
    evidence = stats.multivariate_normal(np.zeros(60), np.eye(60) + X * WIDTHS**2 @ X.T).logpdf(Y)
    assert found.elbo == pytest.approx(evidence, abs=1e-6)
    assert found.log_weight_variance < 1e-10


def test_mean_field_has_conditional_sds_and_those_of_the_posterior_beside_them():
    mean, covariance = exact()
    found = vc.fit(regression, X, Y, family="meanfield")
    sds = np.sqrt(np.diag(covariance))
    np.testing.assert_allclose((found.loc - mean) / sds, 0.0, atol=1e-4)
    np.testing.assert_allclose(np.diag(found.scale_tril), np.diag(np.linalg.inv(covariance)) ** -0.5, rtol=1e-4)
    # Of 4000 draws in pairs z, -z: the standard error of a deviation is 1 / sqrt(4000) of it.
    np.testing.assert_allclose(found.std_linear_response()["beta"], sds, rtol=4 / np.sqrt(4000))
    assert found.converged
    rows = found.summary()
    assert rows["beta[1]"]["sd_lr"] == found.std_linear_response()["beta"][1]
    assert rows["first"]["sd_lr"] == pytest.approx(2.0 * rows["beta[0]"]["sd_lr"], rel=1e-12)
    full = vc.fit(regression, X, Y)
    assert full.std_linear_response() is None
    assert "sd_lr" not in full.summary().columns


def test_samples_have_the_sites_and_deterministic_values():
    found = vc.fit(regression, X, Y)
    draws = found.sample(500, seed=3)
    assert draws["beta"].shape == (500, 3)
    np.testing.assert_array_equal(draws["first"], 2.0 * draws["beta"][:, 0])
    np.testing.assert_array_equal(found.sample(500, seed=3)["beta"], draws["beta"])
    mean, covariance = exact()
    scaled = (draws["beta"] - mean) / np.sqrt(np.diag(covariance))
    assert np.all(np.abs(scaled.mean(axis=0)) < 4 / np.sqrt(500))
    np.testing.assert_allclose(found.mean()["beta"], found.loc, rtol=1e-9)


def counts(y):
    rate = vc.sample("rate", dist.Gamma(2.0, 1.0))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Poisson(rate), obs=y)


def test_constrained_sites_are_told_as_users_see_them():
    y = np.array([3, 5, 4, 6, 2, 4])
    found = vc.fit(counts, y)
    posterior = stats.gamma(2.0 + y.sum(), scale=1.0 / (1.0 + len(y)))
    # A log normal in place of a gamma with 26: its best one has nearly its mean and deviation.
    assert found.mean()["rate"] == pytest.approx(posterior.mean(), rel=0.01)
    assert found.std()["rate"] == pytest.approx(posterior.std(), rel=0.03)
    assert np.all(found.sample(100)["rate"] > 0.0)
    assert found.quality == "good"
    low, high = found.quantiles([0.05, 0.95])["rate"]
    assert low == pytest.approx(posterior.ppf(0.05), rel=0.03)
    assert high == pytest.approx(posterior.ppf(0.95), rel=0.03)


def test_two_modes_are_told():
    def two(y):
        z = vc.sample("z", dist.Normal(0.0, 10.0))
        vc.factor("two", np.logaddexp(-0.5 * (z - 5.0) ** 2, -0.5 * (z + 5.0) ** 2))

    found = vc.fit(two, np.zeros(1))
    assert "another mode" in found.verdict
    assert found.quality == "poor"
    (values, lower) = found.modes[0]
    assert abs(values["z"]) == pytest.approx(5.0, abs=0.1)
    assert abs(lower) < 0.1
    assert np.sign(values["z"]) != np.sign(found.loc[0])


def test_a_posterior_that_no_gaussian_describes_is_told():
    def funnel():
        v = vc.sample("v", dist.Normal(0.0, 3.0))
        vc.sample("x", dist.Normal(np.zeros(4), np.exp(0.5 * v)).to_event(1))

    found = vc.fit(funnel)
    assert found.quality == "poor"
    assert "reparameterise" in found.verdict


def test_a_flat_direction_is_told():
    def flat(y):
        a = vc.sample("a", dist.ImproperUniform(constraints.real))
        b = vc.sample("b", dist.ImproperUniform(constraints.real))
        with vc.plate("rows", len(y)):
            vc.sample("y", dist.Normal(a + b, 1.0), obs=y)

    found = vc.fit(flat, Y)
    assert found.status in ("improper", "gradients", "iterations")
    assert not found.converged


def test_what_cannot_be_fitted_is_an_error():
    def parametrised(y):
        vc.sample("y", dist.Normal(vc.param("m", 0.0), 1.0), obs=y)

    def nothing(y):
        vc.sample("y", dist.Normal(0.0, 1.0), obs=y)

    def nowhere(y):
        z = vc.sample("z", dist.Normal(0.0, 1.0))
        vc.factor("wall", np.log(z - 1e6))

    with pytest.raises(ValueError, match="has the parameter `m`"):
        vc.fit(parametrised, 1.0)
    with pytest.raises(ValueError, match="no latent sites"):
        vc.fit(nothing, 1.0)
    with pytest.raises(ValueError, match="not finite anywhere"):
        vc.fit(nowhere, 1.0)
    with pytest.raises(ValueError, match="family must be one of"):
        vc.fit(counts, np.array([1]), family="fullrnk")


def test_the_budget_of_gradients_ends_the_search_with_what_was_reached():
    found = vc.fit(regression, X, Y, max_gradients=600)
    assert found.status == "gradients"
    assert not found.converged
    assert found.gradients <= 600


def test_resampled_draws_are_nearer_to_the_posterior():
    def skewed(y):
        rate = vc.sample("rate", dist.Gamma(0.7, 1.0))
        vc.sample("y", dist.Poisson(rate), obs=y)

    found = vc.fit(skewed, 1)
    posterior = stats.gamma(1.7, scale=0.5)
    plain, chosen = found.sample(4000, seed=1)["rate"], found.sample(4000, seed=1, resample=True)["rate"]
    # Chosen with replacement among 40,000 draws: about 4000 independent ones.
    assert stats.kstest(chosen, posterior.cdf).statistic < 1.95 / np.sqrt(4000)
    assert stats.kstest(plain, posterior.cdf).statistic > 1.95 / np.sqrt(4000)


def test_a_model_that_was_fitted_before_is_not_read_again():
    vc.fit(counts, np.array([1, 2]))
    before = vc.compile_count()
    vc.fit(counts, np.array([1, 2, 3]))
    assert vc.compile_count() == before


def beta_coin(flips):
    fairness = vc.sample("fairness", dist.Beta(10.0, 10.0))
    with vc.plate("flips", len(flips)):
        vc.sample("obs", dist.Bernoulli(fairness), obs=flips)


def beta_guide(flips):
    a = vc.param("a", 1.0, constraint=constraints.positive)
    b = vc.param("b", 3.0, constraint=constraints.positive)
    vc.sample("fairness", dist.Beta(a, b))


FLIPS = np.array([1.0] * 6 + [0.0] * 4)


def test_a_written_guide_is_fitted_without_tuning():
    found = vc.fit(beta_coin, FLIPS, family=beta_guide)
    assert found.converged
    assert found.quality == "good"
    # The exact posterior is in the family: with fixed draws the optimum is not exact, but its weights are nearly equal.
    assert found.params["a"] == pytest.approx(16.0, rel=0.05)
    assert found.params["b"] == pytest.approx(14.0, rel=0.05)
    assert found.elbo == pytest.approx(-7.0693745, abs=0.005)
    assert found.log_weight_variance < 1e-3


def test_an_automatic_guide_is_fitted_without_tuning():
    from vicompile.infer.autoguide import AutoMultivariateNormal

    mean, covariance = exact()
    scaled = X / np.array([1.0, 1e3, 1e-3])

    def unit_scale(x, y):
        beta = vc.sample("beta", dist.Normal(np.zeros(3), WIDTHS * np.array([1.0, 1e3, 1e-3])).to_event(1))
        with vc.plate("rows", len(y)):
            vc.sample("y", dist.Normal(x @ beta, 1.0), obs=y)

    found = vc.fit(unit_scale, scaled, Y, family=AutoMultivariateNormal(unit_scale))
    sds = np.sqrt(np.diag(covariance)) * np.array([1.0, 1e3, 1e-3])
    moved = (found.params["auto_loc"] - mean * np.array([1.0, 1e3, 1e-3])) / sds
    assert np.all(np.abs(moved) < 0.05)
    assert found.log_weight_variance < 0.02


def test_a_fitted_guide_is_kept_with_its_verdict(tmp_path):
    found = vc.fit(beta_coin, FLIPS, family=beta_guide)
    found.save(tmp_path / "coin.fit")
    loaded = vc.load_fit(tmp_path / "coin.fit")
    assert loaded.verdict == found.verdict
    assert loaded.params == found.params
    np.testing.assert_array_equal(loaded.sample(10)["fairness"], found.sample(10)["fairness"])
    assert loaded.bound_to(beta_coin, beta_guide, FLIPS).psis_k_hat() == found.psis_k_hat()


def test_a_guide_without_draws_is_no_approximation():
    def point(flips):
        p = vc.param("p", 0.5, constraint=constraints.unit_interval)
        vc.sample("fairness", dist.Delta(p))

    with pytest.raises(ValueError, match="draws nothing"):
        vc.fit(beta_coin, FLIPS, family=point)


@pytest.mark.parametrize("family", ["fullrank", "meanfield"])
def test_ctrl_c_keeps_what_was_reached(monkeypatch, family):
    minimise, calls = ladder.minimise, []

    def interrupted(*args, **kwargs):
        calls.append(1)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return minimise(*args, **kwargs)

    monkeypatch.setattr(ladder, "minimise", interrupted)
    found = vc.fit(regression, X, Y, family=family)
    assert found.status == "interrupted"
    assert not found.converged
    assert "interrupted" in found.verdict
    mean, covariance = exact()
    # The first stage had ended, and for a Gaussian posterior it is exact.
    np.testing.assert_allclose((found.loc - mean) / np.sqrt(np.diag(covariance)), 0.0, atol=1e-4)


SCALES = 10.0 ** np.random.default_rng(5).uniform(-2.0, 2.0, 1200)
MEANS = SCALES * np.random.default_rng(6).normal(size=1200)


def wide(means, scales):
    vc.sample("z", dist.Normal(means, scales).to_event(1))


@pytest.mark.parametrize("family", ["auto", "lowrank"])
def test_more_dimensions_than_a_matrix_may_have(family):
    settings = {"rank": 2} if family == "lowrank" else {}
    found = vc.fit(wide, MEANS, SCALES, family=family, **settings)
    assert found.converged
    assert found.family == ("meanfield" if family == "auto" else family)
    np.testing.assert_allclose((found.loc - MEANS) / SCALES, 0.0, atol=0.01)
    np.testing.assert_allclose(found.scale, SCALES, rtol=0.02)
    with pytest.raises(ValueError, match="up to 1000 dimensions"):
        vc.fit(wide, MEANS, SCALES, family="fullrank")
