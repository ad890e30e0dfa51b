"""Sites of loops as one array and as one for each round."""

import numpy as np
import pytest

import vicompile as vc
import vicompile.distributions as dist
from vicompile.infer import Predictive, log_likelihood
from vicompile.infer.families import members, renamed

ROWS = np.arange(24.0).reshape(2, 3, 4)


def test_members_are_in_the_order_of_their_numbers():
    assert list(members("x_{}", ["x_10", "x_9", "x_a", "y_1", "x_-1"]).values()) == ["x_-1", "x_9", "x_10"]
    assert members("x", ["x"]) == {}


def test_taken_apart_and_put_together():
    apart = renamed({"x_{}_{}": ROWS, "other": ROWS}, [f"x_{i}_{k}" for i in (1, 2, 3) for k in range(4)])
    assert "x_{}_{}" not in apart
    np.testing.assert_array_equal(apart["x_2_3"], ROWS[:, 1, 3])
    np.testing.assert_array_equal(apart["other"], ROWS)
    again = renamed(apart, ["x_{}_{}"])
    assert list(again) == ["other", "x_{}_{}"]
    np.testing.assert_array_equal(again["x_{}_{}"], ROWS)


def test_families_with_gaps_are_left_alone():
    some = {"x_0_0": ROWS, "x_1_1": ROWS}
    assert list(renamed(some, ["x_{}_{}"])) == list(some)


def model(y):
    for i in range(len(y)):
        z = vc.sample(f"z_{i}", dist.Normal(0.0, 1.0))
        vc.sample(f"y_{i}", dist.Normal(z, 1.0), obs=y[i])


def test_samples_may_have_either_form():
    z = np.random.default_rng(0).normal(size=(5, 3))
    apart = {f"z_{i}": z[:, i] for i in range(3)}
    y = np.zeros(3)
    np.testing.assert_array_equal(
        log_likelihood(model, apart, y)["y_{}"], log_likelihood(model, {"z_{}": z}, y)["y_{}"]
    )
    np.testing.assert_array_equal(Predictive(model, apart)(0, y)["y_{}"], Predictive(model, {"z_{}": z})(0, y)["y_{}"])


def test_either_form_can_be_asked_for():
    found = Predictive(model, num_samples=5, return_sites=["y_2", "y_1", "y_0", "z_{}"])(0, np.zeros(3))
    whole = Predictive(model, num_samples=5)(0, np.zeros(3))
    assert list(found) == ["y_2", "y_1", "y_0", "z_{}"]
    np.testing.assert_array_equal(found["y_2"], whole["y_{}"][:, 2])
    np.testing.assert_array_equal(found["z_{}"], whole["z_{}"])
    with pytest.raises(ValueError, match=r"`y_2` is one of the sites `y_{}` of a loop"):
        Predictive(model, num_samples=5, return_sites=["y_2"])(0, np.zeros(3))
