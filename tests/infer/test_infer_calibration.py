"""Calibration of guides over data of the prior, and the trace of the ELBO."""

import numpy as np
import pytest

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.infer import SVI, elbo_trace, vsbc_diagnostic
from vicompile.optim import Adam


@pytest.fixture(autouse=True)
def fresh_store():
    vc.clear_param_store()
    yield
    vc.clear_param_store()


def model(y, n=5):
    mu = vc.sample("mu", dist.Normal(0.0, 1.0))
    with vc.plate("rows", n):
        vc.sample("y", dist.Normal(mu, 1.0), obs=y)


def guide(y, n=5):
    loc = vc.param("loc", 0.0)
    scale = vc.param("scale", 0.5, constraint=constraints.positive)
    vc.sample("mu", dist.Normal(loc, scale))


def biased(y, n=5):
    """Never arrives at a mean below one half."""
    loc = vc.param("loc", 0.6, constraint=constraints.greater_than(0.5))
    scale = vc.param("scale", 0.5, constraint=constraints.positive)
    vc.sample("mu", dist.Normal(loc, scale))


def test_the_family_of_the_posterior_is_calibrated_and_a_biased_one_is_not():
    settings = {"num_simulations": 60, "num_svi_steps": 300, "num_samples": 200}
    fine = vsbc_diagnostic(0, model, guide, Adam(0.03), None, np.zeros(5), **settings)
    assert fine.param_names == ("mu",)
    assert fine.probabilities["mu"].shape == fine.ranks["mu"].shape == (60,)
    np.testing.assert_allclose(fine.probabilities["mu"] * 200, fine.ranks["mu"], rtol=1e-12)
    assert fine.ks_pvalues["mu"] > 0.01
    # The shares are uniform for an exact posterior: mean 1/2, variance 1/12.
    assert fine.probabilities["mu"].mean() == pytest.approx(0.5, abs=4 / np.sqrt(12 * 60))
    assert fine.probabilities["mu"].std() == pytest.approx(np.sqrt(1 / 12), rel=0.25)
    wrong = vsbc_diagnostic(0, model, biased, Adam(0.03), None, np.zeros(5), **settings)
    assert wrong.ks_pvalues["mu"] < 1e-3
    assert wrong.ks_stats["mu"] > fine.ks_stats["mu"]


def test_data_that_is_left_out_goes_to_the_argument_of_its_name():
    settings = {"num_simulations": 3, "num_svi_steps": 5, "num_samples": 10}
    by_shape = vsbc_diagnostic(0, model, guide, Adam(0.03), None, np.zeros(5), **settings)
    by_name = vsbc_diagnostic(0, model, guide, Adam(0.03), None, None, observed_sites=["y"], **settings)
    by_user = vsbc_diagnostic(
        0, model, guide, Adam(0.03), None, np.zeros(5),
        simulated_data_to_args=lambda data, *args, **kwargs: ((data["y"],), kwargs), **settings,
    )  # fmt: skip
    for other in (by_name, by_user):
        np.testing.assert_array_equal(by_shape.ranks["mu"], other.ranks["mu"])


def test_vectors_are_tested_one_by_one_and_the_store_is_left_alone():
    def vectors(y):
        with vc.plate("groups", 2):
            mu = vc.sample("mu", dist.Normal(0.0, 1.0))
            vc.sample("seen", dist.Normal(mu, 1.0), obs=y)

    def of_vectors(y):
        loc = vc.param("loc", lambda: np.zeros(2))
        with vc.plate("groups", 2):
            vc.sample("mu", dist.Normal(loc, 0.7))

    vc.get_param_store()["loc"] = np.array([7.0, 8.0])
    found = vsbc_diagnostic(
        0, vectors, of_vectors, Adam(0.05), None, np.zeros(2), num_simulations=20, num_svi_steps=100, num_samples=50
    )
    assert found.ks_pvalues["mu"].shape == (2,)
    np.testing.assert_array_equal(vc.get_param_store()["loc"], [7.0, 8.0])


def test_what_is_not_clear_is_asked_for():
    with pytest.raises(ValueError, match="no site is observed"):
        vsbc_diagnostic(0, model, guide, Adam(0.03), None, None)
    with pytest.raises(ValueError, match="num_simulations must be a whole number from 2"):
        vsbc_diagnostic(0, model, guide, Adam(0.03), None, np.zeros(5), num_simulations=1)

    def hidden(data):
        mu = vc.sample("mu", dist.Normal(0.0, 1.0))
        vc.sample("y", dist.Normal(mu, 1.0), obs=2.0 * data)

    with pytest.raises(ValueError, match="pass `simulated_data_to_args`"):
        vsbc_diagnostic(0, hidden, lambda_guide, Adam(0.03), None, 1.0, num_simulations=2)


def lambda_guide(data):
    vc.sample("mu", dist.Normal(vc.param("loc", 0.0), 1.0))


# -- the trace of the ELBO ---------------------------------------------------------------------------------------------


def test_running_mean_and_error_by_hand():
    losses = np.random.default_rng(0).normal(1e6, 3.0, size=100)
    found = elbo_trace(losses, window=20)
    np.testing.assert_array_equal(found.elbo, -losses)
    for step in (1, 5, 19, 20, 57, 99):
        part = -losses[max(0, step - 19) : step + 1]
        assert found.mean[step] == pytest.approx(part.mean(), rel=1e-12)
        assert found.error[step] == pytest.approx(part.std(ddof=1) / np.sqrt(len(part)), rel=1e-6)
    assert found.mean[0] == -losses[0]
    assert np.isnan(found.error[0])


def test_a_trace_of_a_result():
    result = SVI(model, guide, Adam(0.03)).run(200, np.zeros(5))
    found = elbo_trace(result)
    assert found.window == 10
    np.testing.assert_array_equal(found.elbo, -result.losses)
    assert elbo_trace(np.array([])).mean.shape == (0,)
    with pytest.raises(ValueError, match="one axis"):
        elbo_trace(np.zeros((2, 2)))
    with pytest.raises(ValueError, match="window must be a whole number from 1"):
        elbo_trace(np.zeros(2), window=0)
