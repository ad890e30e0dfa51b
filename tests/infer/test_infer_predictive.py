"""`Predictive`: moments of priors and of posterior predictions against closed forms."""

import numpy as np
import pytest

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints, handlers
from vicompile.infer import SVI, Predictive, Trace_ELBO

DRAWS = 20_000
X = np.array([-1.0, 0.0, 2.0])


@pytest.fixture(autouse=True)
def fresh_store():
    vc.clear_param_store()
    yield
    vc.clear_param_store()


def near(draws, mean, sd=None):
    """Whether the mean of draws, and their standard deviation, lie within four standard errors."""
    draws = np.asarray(draws, float)
    spread = draws.std(axis=0)
    assert np.all(np.abs(draws.mean(axis=0) - mean) <= 4 * spread / np.sqrt(len(draws)))
    if sd is not None:
        fourth = np.mean((draws - draws.mean(axis=0)) ** 4, axis=0)
        error = np.sqrt((fourth - spread**4) / len(draws)) / (2 * spread)
        assert np.all(np.abs(spread - sd) <= 4 * error)


def line(x, y=None):
    slope = vc.sample("slope", dist.Normal(1.0, 0.5))
    vc.deterministic("double", 2 * slope)
    with vc.plate("rows", len(x)):
        vc.sample("y", dist.Normal(slope * x, 0.3), obs=y)


# -- the prior ---------------------------------------------------------------------------------------------------------


def test_prior_moments():
    found = Predictive(line, num_samples=DRAWS)(0, X)
    assert list(found) == ["slope", "y", "double"]
    assert found["y"].shape == (DRAWS, 3)
    near(found["slope"], 1.0, 0.5)
    near(found["y"], X, np.sqrt(0.25 * X**2 + 0.09))
    np.testing.assert_array_equal(found["double"], 2 * found["slope"])


def test_the_seed_decides():
    predictive = Predictive(line, num_samples=5)
    first, again, other = predictive(3, X), predictive(3, X), predictive(4, X)
    np.testing.assert_array_equal(first["y"], again["y"])
    assert not np.array_equal(first["y"], other["y"])


def test_observed_data_is_drawn_too():
    """Whether the data is given or not, the predictions are the same."""
    predictive = Predictive(line, num_samples=5)
    np.testing.assert_array_equal(predictive(0, X)["y"], predictive(0, X, np.full(3, 99.0))["y"])


def test_discrete_sites():
    def model():
        group = vc.sample("group", dist.Categorical(np.array([0.2, 0.3, 0.5])))
        vc.sample("count", dist.Poisson(np.array([1.0, 4.0, 9.0])[group]))

    found = Predictive(model, num_samples=DRAWS)(1)
    assert found["group"].dtype == found["count"].dtype == np.int64
    near(found["count"], 0.2 * 1 + 0.3 * 4 + 0.5 * 9)
    near(found["count"][found["group"] == 2], 9.0, 3.0)


def test_vectors_in_nested_plates():
    def model():
        with vc.plate("columns", 2):
            w = vc.sample("w", dist.Dirichlet(np.array([1.0, 2.0, 3.0])))
            with vc.plate("rows", 4):
                vc.sample("kind", dist.Multinomial(10, w))

    found = Predictive(model, num_samples=DRAWS)(0)
    assert found["w"].shape == (DRAWS, 2, 3)
    assert found["kind"].shape == (DRAWS, 4, 2, 3)
    near(found["kind"], 10 * np.array([1.0, 2.0, 3.0]) / 6)


# -- loops -------------------------------------------------------------------------------------------------------------


def test_sites_of_a_loop_are_one_array():
    def model(x):
        for i in range(len(x)):
            vc.sample(f"y_{i}", dist.Normal(x[i], 0.5))

    found = Predictive(model, num_samples=DRAWS)(0, X)
    assert list(found) == ["y_{}"]
    near(found["y_{}"], X, 0.5)


def autoregression(y):
    phi = vc.sample("phi", dist.Uniform(0.5, 0.9))
    z = 2.0
    for t in range(len(y)):
        z = vc.sample(f"z_{t}", dist.Normal(phi * z, 1.0))
        vc.sample(f"y_{t}", dist.Poisson(np.exp(0.1 * z)), obs=y[t])
    vc.deterministic("last", z)


def test_a_loop_whose_rounds_depend_on_draws():
    found = Predictive(autoregression, {"phi": np.full(DRAWS, 0.8)})(0, np.zeros(6))
    z, powers = found["z_{}"], 0.8 ** np.arange(1, 7)
    near(z, 2 * powers, np.sqrt(np.cumsum(powers**2) / 0.64))
    near(z[:, 1:] - 0.8 * z[:, :-1], 0.0, 1.0)
    np.testing.assert_array_equal(found["last"], z[:, -1])
    assert found["y_{}"].dtype == np.int64
    near(found["y_{}"] - np.exp(0.1 * z), 0.0)


def test_given_states_of_a_loop_are_kept():
    z = np.random.default_rng(0).normal(size=(50, 6))
    found = Predictive(autoregression, {"z_{}": z})(0, np.zeros(6))
    np.testing.assert_array_equal(found["last"], z[:, -1])
    assert sorted(found) == ["last", "phi", "y_{}"]


def test_a_chain_of_discrete_states():
    """The stationary distribution of the chain with these rows is (4, 1) / 5; its second eigenvalue is 0.5."""
    rows = np.array([[0.9, 0.1], [0.4, 0.6]])

    def model(y):
        state = 0
        for t in range(len(y)):
            state = vc.sample(f"state_{t}", dist.Categorical(rows[state]))

    states = Predictive(model, num_samples=DRAWS)(0, np.zeros(40))["state_{}"]
    near(states == 1, 0.2 - 0.2 * 0.5 ** np.arange(1, 41))


def test_series_in_a_loop_of_loops():
    def model(y):
        for i in range(y.shape[0]):
            level = 0.0
            for t in range(y.shape[1]):
                level = vc.sample(f"level_{i}_{t}", dist.Normal(level + i, 1.0))

    found = Predictive(model, num_samples=DRAWS)(0, np.zeros((2, 5)))["level_{}_{}"]
    assert found.shape == (DRAWS, 2, 5)
    steps = np.arange(1.0, 6.0)
    near(found, np.array([0 * steps, steps]), np.sqrt(steps))


def test_a_scan_backwards():
    def model(y):
        def step(z, value):
            z = vc.sample("z", dist.Normal(0.5 * z, 1.0))
            return z, z

        vc.scan(step, 8.0, y, reverse=True)

    z = Predictive(model, num_samples=DRAWS)(0, np.zeros(3))["z"]
    near(z, [1.0, 2.0, 4.0], np.sqrt([1 + 0.25 + 0.0625, 1.25, 1.0]))


# -- the posterior -----------------------------------------------------------------------------------------------------


def coin(flips=None):
    fairness = vc.sample("fairness", dist.Beta(10.0, 10.0))
    with vc.plate("flips", 10):
        vc.sample("obs", dist.Bernoulli(fairness), obs=flips)


def coin_guide(flips=None):
    a = vc.param("a", 15.0, constraint=constraints.positive)
    b = vc.param("b", 15.0, constraint=constraints.positive)
    vc.sample("fairness", dist.Beta(a, b))


def test_posterior_predictive_of_a_guide():
    """With the exact posterior Beta(16, 14) the number of heads is beta-binomial."""
    predictive = Predictive(coin, guide=coin_guide, params={"a": 16.0, "b": 14.0}, num_samples=DRAWS)
    for args in ((), (np.ones(10),)):
        found = predictive(0, *args)
        assert list(found) == ["obs"]
        near(found["obs"].sum(axis=1), 10 * 16 / 30, np.sqrt(10 * 16 * 14 * 40 / (30**2 * 31)))


def test_a_guide_is_a_model_as_well():
    found = Predictive(coin_guide, params={"a": 16.0, "b": 14.0}, num_samples=DRAWS)(0)
    near(found["fairness"], 16 / 30, np.sqrt(16 * 14 / (30**2 * 31)))


def test_parameters_are_by_default_those_of_the_store():
    result = SVI(coin, coin_guide, vc.optim.Adam(0.02), Trace_ELBO()).run(500, np.ones(10), seed=0)
    by_store = Predictive(coin, guide=coin_guide, num_samples=5)(0)
    by_hand = Predictive(coin, guide=coin_guide, params=result.params, num_samples=5)(0)
    np.testing.assert_array_equal(by_store["obs"], by_hand["obs"])
    fresh = Predictive(coin_guide, params={}, num_samples=DRAWS)(0)
    near(fresh["fairness"], 0.5)


def test_posterior_samples_are_used():
    slope = np.linspace(0.0, 1.0, 50)
    found = Predictive(line, {"slope": slope, "double": slope}, return_sites=["slope", "double", "y"])(0, X)
    np.testing.assert_array_equal(found["slope"], slope)
    np.testing.assert_array_equal(found["double"], 2 * slope)
    assert np.abs(found["y"] - slope[:, None] * X).max() < 0.3 * 5


def test_chains_and_draws():
    slope = np.random.default_rng(0).normal(size=(4, 25))
    found = Predictive(line, {"slope": slope}, batch_ndims=2)(0, X)
    assert found["y"].shape == (4, 25, 3)
    np.testing.assert_array_equal(found["double"], 2 * slope)
    assert Predictive(line, {"slope": 0.3}, batch_ndims=0)(0, X)["y"].shape == (3,)


def test_local_latents_of_new_data_are_drawn():
    def model(n, y=None):
        mu = vc.sample("mu", dist.Normal(0.0, 1.0))
        with vc.plate("groups", n):
            theta = vc.sample("theta", dist.Normal(mu, 0.1))
            vc.sample("y", dist.Normal(theta, 0.1), obs=y)

    mu = np.random.default_rng(0).normal(size=DRAWS)
    theta = Predictive(model, {"mu": mu})(0, 3)["theta"]
    near(theta - mu[:, None], 0.0, 0.1)
    with pytest.raises(
        ValueError, match=r"`theta` has shape \(3,\) for these arguments, and each of its samples \(4,\)"
    ):
        Predictive(model, {"mu": mu, "theta": np.zeros((DRAWS, 4))})(0, 3)


def test_parameters_may_differ_from_draw_to_draw():
    def model():
        scale = vc.param("scale", 1.0, constraint=constraints.positive)
        vc.sample("x", dist.Normal(0.0, scale))

    found = Predictive(model, {"scale": np.repeat([0.1, 5.0], DRAWS)})(0)["x"]
    near(found[:DRAWS], 0.0, 0.1)
    near(found[DRAWS:], 0.0, 5.0)


# -- what is observed --------------------------------------------------------------------------------------------------


def covariates(x, y):
    with vc.plate("rows", len(x)):
        x = vc.sample("x", dist.Normal(0.0, 1.0), obs=x)
        vc.sample("y", dist.Normal(100.0 * x, 1.0), obs=y)


def test_observations_that_later_sites_read_are_the_drawn_ones():
    found = Predictive(covariates, num_samples=DRAWS)(0, X, X)
    near(found["y"] - 100 * found["x"], 0.0, 1.0)


def test_observed_sites_can_be_kept():
    found = Predictive(covariates, num_samples=DRAWS, keep_observed=["x"])(0, X, X)
    np.testing.assert_array_equal(found["x"], np.broadcast_to(X, (DRAWS, 3)))
    near(found["y"], 100 * X, 1.0)


def test_missing_observations_are_drawn():
    y = np.array([np.nan, 4.0])

    def model(y):
        with vc.plate("rows", 2):
            vc.sample("y", dist.Normal(1.0, 2.0), obs=y, obs_mask=~np.isnan(y))

    near(Predictive(model, num_samples=DRAWS, return_sites=["y"])(0, y)["y"], 1.0, 2.0)


def test_conditions_are_observations():
    near(Predictive(handlers.condition(line, {"y": X}), num_samples=DRAWS)(0, X)["y"], X)


def test_a_whole_batch_is_in_its_order():
    def model(x, size):
        with vc.plate("rows", len(x), subsample_size=size) as i:
            vc.sample("y", dist.Normal(x[i], 0.01))

    def loop(x, size):
        z = 0.0
        for i in vc.plate("rows", len(x), subsample_size=size):
            z = vc.sample(f"y_{i}", dist.Normal(x[i] + 0.0 * z, 0.01))

    x = np.arange(50.0)
    np.testing.assert_allclose(Predictive(model, num_samples=2)(0, x, 50)["y"], np.stack([x, x]), atol=0.1)
    np.testing.assert_allclose(Predictive(loop, num_samples=2)(0, x, 50)["y_{}"], np.stack([x, x]), atol=0.1)
    assert Predictive(model, num_samples=2)(0, x, 7)["y"].shape == (2, 7)


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "needs num_samples"),
        ({"num_samples": -1}, "whole number from 0"),
        ({"num_samples": 3, "posterior_samples": {"slope": np.zeros(4)}}, "has 4 draws"),
        ({"guide": coin_guide, "posterior_samples": {"slope": np.zeros(4)}}, "not both"),
        ({"posterior_samples": {"slope": np.zeros(4), "y": np.zeros((5, 3))}}, r"`y` have shape \(5, 3\)"),
        ({"num_samples": 3, "infer_discrete": True}, "infer_discrete"),
        ({"num_samples": 3, "exclude_deterministic": False}, "exclude_deterministic"),
    ],
)
def test_arguments_that_contradict_each_other(arguments, message):
    with pytest.raises(ValueError, match=message):
        Predictive(line, **arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"posterior_samples": {"slopes": np.zeros(4)}}, "no site `slopes`; did you mean `slope`"),
        ({"num_samples": 3, "return_sites": ["z"]}, "return_sites: the model has no site `z`"),
        ({"num_samples": 3, "keep_observed": ["why"]}, "keep_observed: the model has no site `why`"),
        ({"guide": coin_guide, "params": {"a": 1.0}, "num_samples": 3}, "no value for the guide's parameter `b`"),
    ],
)
def test_names_that_nobody_has(arguments, message):
    with pytest.raises(ValueError, match=message):
        Predictive(line, **arguments)(0, X)


def test_the_seed_comes_first():
    with pytest.raises(TypeError, match=r"the first argument of a call is the seed, as in predictive\(0, x\)"):
        Predictive(line, num_samples=3)(X)


def test_parameters_of_sites_that_draws_make_wrong():
    def model():
        scale = vc.sample("scale", dist.Normal(1.0, 1.0))
        vc.sample("x", dist.Normal(0.0, scale))

    with pytest.raises(ValueError, match="the site `x` cannot be drawn: Normal: the argument `scale` at index"):
        Predictive(model, num_samples=100)(0)
    assert (Predictive(model, {"scale": np.zeros(3)})(0)["x"] == 0).all()


def test_an_index_that_draws_decide():
    def model():
        place = vc.sample("place", dist.Poisson(2.0))
        vc.sample("x", dist.Normal(np.array([0.0, 1.0])[place], 1.0))

    with pytest.raises(ValueError, match="an index that draws decide leads out of its array"):
        Predictive(model, num_samples=100)(0)


def test_a_prior_without_draws():
    def model():
        vc.sample("x", dist.ImproperUniform(constraints.real, (), ()))

    with pytest.raises(ValueError, match="the site `x` cannot be drawn"):
        Predictive(model, num_samples=3)(0)
    assert Predictive(model, {"x": np.zeros(3)})(0) == {}
