"""Where the sites of automatic guides start, and what wrong settings are told."""

import numpy as np
import pytest

import vicompile as vc
import vicompile.distributions as dist
from vicompile.infer import SVI
from vicompile.infer.autoguide import (
    AutoDelta,
    AutoDiagonalNormal,
    AutoNormal,
    init_to_feasible,
    init_to_mean,
    init_to_median,
    init_to_sample,
    init_to_uniform,
    init_to_value,
)
from vicompile.optim import Adam

Y = np.array([0.5, 1.0, -0.3, 0.2, 0.9, -1.1])


def model(y, size=None):
    rate = vc.sample("rate", dist.Gamma(200.0, 100.0))
    part = vc.sample("part", dist.Uniform(0.0, rate))
    with vc.plate("rows", len(y), subsample_size=size) as index:
        theta = vc.sample("theta", dist.Normal(10.0 * part, 0.01))
        vc.sample("y", dist.Normal(theta, 1.0), obs=y[index])


def start(strategy, kind=AutoNormal, args=(Y,), seed=0, **settings):
    svi = SVI(model, kind(model, init_loc_fn=strategy, **settings), Adam(0.01))
    return svi.get_params(svi.init(seed, *args))


def logit(x):
    return np.log(x / (1.0 - x))


def test_sites_start_at_the_means_given_the_sites_before_them():
    found = start(init_to_mean)
    assert found["rate_auto_loc"] == pytest.approx(np.log(2.0))
    assert found["part_auto_loc"] == pytest.approx(logit(0.5))
    np.testing.assert_allclose(found["theta_auto_loc"], 10.0)
    assert found["rate_auto_scale"] == pytest.approx(0.1)


def test_feasible_values_belong_to_zeros():
    found = start(init_to_feasible, init_scale=0.3)
    assert found["rate_auto_loc"] == found["part_auto_loc"] == 0.0
    np.testing.assert_allclose(found["theta_auto_scale"], 0.3)


def test_uniform_starts_lie_within_the_radius_and_follow_the_seed():
    found = np.array([start(init_to_uniform(radius=0.5), seed=seed)["theta_auto_loc"] for seed in range(20)])
    assert np.abs(found).max() <= 0.5
    assert np.abs(found).max() > 0.45
    again = start(init_to_uniform(radius=0.5), seed=3)["theta_auto_loc"]
    np.testing.assert_array_equal(found[3], again)
    assert np.abs(start(init_to_uniform)["theta_auto_loc"]).max() > 0.5


def test_medians_and_draws_are_those_of_the_prior():
    # The standard deviation of a Gamma(200, 100) is 0.14; the median of 200 draws lies within 0.0125 of its own.
    median = np.exp(start(init_to_median(num_samples=200))["rate_auto_loc"])
    assert median == pytest.approx(1.9967, abs=4 * 0.0125)
    drawn = np.exp([start(init_to_sample, seed=seed)["rate_auto_loc"] for seed in range(40)])
    assert abs(np.mean(drawn) - 2.0) < 4 * 0.1414 / np.sqrt(40)
    assert 0.09 < np.std(drawn) < 0.2


def test_given_values_count_and_other_sites_start_uniformly():
    found = start(init_to_value(values={"rate": 3.0, "theta": 1.5}))
    assert found["rate_auto_loc"] == pytest.approx(np.log(3.0))
    np.testing.assert_allclose(found["theta_auto_loc"], 1.5)
    assert abs(found["part_auto_loc"]) <= 2.0


def test_a_function_of_ones_own_sees_the_site():
    seen = []

    def strategy(site):
        seen.append((site["name"], type(site["fn"]).__name__))
        return site["fn"].mean

    start(strategy)
    assert seen == [("rate", "Gamma"), ("part", "Uniform"), ("theta", "Normal")]


def test_one_vector_starts_at_its_pieces():
    found = start(init_to_value(values={"rate": 3.0, "part": 1.5, "theta": Y}), AutoDiagonalNormal)
    np.testing.assert_allclose(found["auto_loc"], [np.log(3.0), 0.0, *Y], atol=1e-12)


def test_points_start_at_constrained_values_or_behind_computed_bounds():
    found = start(init_to_value(values={"rate": 3.0, "part": 1.0, "theta": Y}), AutoDelta)
    assert found["rate_auto_loc"] == pytest.approx(3.0)
    assert found["part_auto_loc"] == pytest.approx(logit(1.0 / 3.0))


def test_a_batch_starts_the_whole_plate():
    found = start(init_to_mean, args=(Y, 4))
    np.testing.assert_allclose(found["theta_auto_loc"], np.full(6, 10.0))


def test_values_of_the_user_win():
    svi = SVI(model, AutoNormal(model, init_loc_fn=init_to_mean), Adam(0.01))
    found = svi.get_params(svi.init(0, Y, init_params={"rate_auto_loc": 0.25}))
    assert found["rate_auto_loc"] == 0.25
    assert found["part_auto_loc"] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("sites", ["members", "steps"])
def test_sites_of_loops_and_recurrences_have_starts(sites):
    def members(y):
        for i in range(len(y)):
            theta = vc.sample(f"theta_{i}", dist.Gamma(2.0, 4.0))
            vc.sample(f"y_{i}", dist.Normal(theta, 1.0), obs=y[i])

    def steps(y):
        def step(before, now):
            state = vc.sample("state", dist.Normal(before + 1.0, 1.0))
            vc.sample("y", dist.Normal(state, 1.0), obs=now)
            return state, state

        vc.scan(step, 0.0, y)

    one = {"members": members, "steps": steps}[sites]
    svi = SVI(one, AutoNormal(one, init_loc_fn=init_to_mean), Adam(0.01))
    found = svi.get_params(svi.init(0, Y))
    expected = np.full(6, np.log(0.5)) if sites == "members" else np.ones(6)
    np.testing.assert_allclose(next(iter(found.values())), expected)


def test_what_is_wrong_is_said():
    with pytest.raises(vc.DataError, match="site `rate` is -1, which is not inside"):
        start(init_to_value(values={"rate": -1.0}))
    with pytest.raises(ValueError, match=r"`theta` has shape \(6,\), its initial value \(3,\)"):
        start(init_to_value(values={"theta": Y[:3]}))
    with pytest.raises(ValueError, match="num_samples must be a whole number from 1"):
        init_to_median(num_samples=0)
    with pytest.raises(TypeError, match="the first argument is the model"):
        AutoNormal(None)
    with pytest.raises(ValueError, match="`init_scale` must be a positive number"):
        AutoNormal(model, init_scale=0.0)
    with pytest.raises(ValueError, match="was made for the model `<lambda>`, not for `model`"):
        SVI(model, AutoNormal(lambda y: None), Adam(0.01))
    guide = AutoNormal(model)
    with pytest.raises(ValueError, match="no value for `rate_auto_loc`"):
        guide.median({}, Y)


def test_batches_of_other_lengths_use_the_same_code():
    def whole(y, count):
        mu = vc.sample("mu", dist.Normal(0.0, 1.0))
        sigma = vc.sample("sigma", dist.HalfNormal(1.0))
        with vc.plate("rows", count, subsample_size=len(y)):
            vc.sample("y", dist.Normal(mu, sigma), obs=y)

    svi = SVI(whole, AutoDiagonalNormal(whole), Adam(0.01))
    state, _ = svi.update(svi.init(0, Y[:4], 100), Y[:4], 100)
    before = vc.compile_count()
    for args in ((Y[:4], 100), (Y[:3], 100), (Y, 300)):
        state, _ = svi.update(state, *args)
    assert vc.compile_count() == before
