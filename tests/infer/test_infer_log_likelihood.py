"""`log_likelihood`: pointwise densities against SciPy."""

import numpy as np
import pytest
from scipy import stats

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints, handlers
from vicompile.infer import log_likelihood

X = np.array([-1.0, 0.0, 2.0])
Y = np.array([0.5, -0.2, 1.0])
SLOPE = np.linspace(-1.0, 2.0, 5)


@pytest.fixture(autouse=True)
def fresh_store():
    vc.clear_param_store()
    yield
    vc.clear_param_store()


def line(x, y):
    slope = vc.sample("slope", dist.Normal(1.0, 0.5))
    vc.deterministic("double", 2 * slope)
    scale = vc.param("scale", 0.3, constraint=constraints.positive)
    with vc.plate("rows", len(x)):
        vc.sample("y", dist.Normal(slope * x, scale), obs=y)


def by_hand(slope=SLOPE, scale=0.3):
    return stats.norm.logpdf(Y, slope[:, None] * X, scale)


def test_pointwise():
    found = log_likelihood(line, {"slope": SLOPE, "double": 2 * SLOPE}, X, Y)
    assert list(found) == ["y"]
    np.testing.assert_allclose(found["y"], by_hand(), rtol=1e-12)


def test_chains_and_draws():
    chains = np.array([SLOPE, SLOPE + 1])
    found = log_likelihood(line, {"slope": chains}, X, Y, batch_ndims=2)["y"]
    np.testing.assert_allclose(found, [by_hand(SLOPE), by_hand(SLOPE + 1)], rtol=1e-12)
    one = log_likelihood(line, {"slope": 0.7}, X, Y, batch_ndims=0, parallel=True)["y"]
    np.testing.assert_allclose(one, by_hand(np.array([0.7]))[0], rtol=1e-12)


def test_parameters_are_those_of_the_samples_or_of_the_store():
    found = log_likelihood(line, {"slope": SLOPE, "scale": np.full(5, 2.0)}, X, Y)["y"]
    np.testing.assert_allclose(found, by_hand(scale=2.0), rtol=1e-12)
    vc.get_param_store()["scale"] = 0.8
    np.testing.assert_allclose(log_likelihood(line, {"slope": SLOPE}, X, Y)["y"], by_hand(scale=0.8), rtol=1e-12)


def test_events_are_summed_and_loops_are_one_array():
    def model(y, counts):
        z = 0.0
        for t in range(len(y)):
            z = vc.sample(f"z_{t}", dist.Normal(z, 1.0))
            vc.sample(f"y_{t}", dist.Normal(z, 0.5), obs=y[t])
        with vc.plate("groups", 2):
            vc.sample("counts", dist.Multinomial(6, np.array([0.2, 0.8])), obs=counts)

    z = np.random.default_rng(0).normal(size=(4, 3))
    counts = np.array([[1, 5], [4, 2]])
    found = log_likelihood(model, {"z_{}": z}, Y, counts)
    np.testing.assert_allclose(found["y_{}"], stats.norm.logpdf(Y, z, 0.5), rtol=1e-12)
    by_group = stats.multinomial.logpmf(counts, 6, [0.2, 0.8])
    np.testing.assert_allclose(found["counts"], np.broadcast_to(by_group, (4, 2)), rtol=1e-12)


def test_masks_count_and_scales_do_not():
    def model(y):
        mu = vc.sample("mu", dist.Normal(0.0, 1.0))
        with vc.plate("rows", len(y)), handlers.scale(scale=7.0), handlers.mask(mask=y > 0):
            vc.sample("y", dist.Normal(mu, 1.0), obs=y)
        vc.factor("penalty", -(mu**2))

    found = log_likelihood(model, {"mu": SLOPE}, Y)
    assert list(found) == ["y"]
    np.testing.assert_allclose(found["y"], np.where(Y > 0, stats.norm.logpdf(Y, SLOPE[:, None], 1.0), 0.0), rtol=1e-12)


def test_partly_observed_sites():
    y = np.array([np.nan, 0.3])

    def model(y):
        mu = vc.sample("mu", dist.Normal(0.0, 1.0))
        with vc.plate("rows", len(y)):
            vc.sample("y", dist.Normal(mu, 1.0), obs=y, obs_mask=~np.isnan(y))

    found = log_likelihood(model, {"mu": SLOPE, "y_unobserved": np.zeros((5, 2))}, y)
    expected = np.stack([np.zeros(5), stats.norm.logpdf(0.3, SLOPE, 1.0)], axis=1)
    np.testing.assert_allclose(found["y_observed"], expected, rtol=1e-12)


def test_many_draws_of_much_data_are_computed_in_parts():
    """So many numbers that they do not fit one chunk, and the same result."""
    x = np.linspace(-1.0, 1.0, 30_000)
    slope = np.linspace(0.0, 1.0, 600)
    found = log_likelihood(line, {"slope": slope}, x, 0.5 * x)["y"]
    assert found.shape == (600, 30_000)
    for k in (0, 299, 599):
        np.testing.assert_allclose(found[k], stats.norm.logpdf(0.5 * x, slope[k] * x, 0.3), rtol=1e-12)


def test_what_is_refused():
    with pytest.raises(ValueError, match="no value for the latent site `slope`"):
        log_likelihood(line, {"double": SLOPE}, X, Y)
    with pytest.raises(ValueError, match="no site `slop`"):
        log_likelihood(line, {"slop": SLOPE}, X, Y)
    with pytest.raises(ValueError, match="there are no samples"):
        log_likelihood(line, {}, X, Y)
    with pytest.raises(TypeError, match="must be a dict of arrays"):
        log_likelihood(line, SLOPE, X, Y)
