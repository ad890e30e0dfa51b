"""Data of any length uses one compilation, and data that changes in place is seen."""

from __future__ import annotations

import numpy as np
import pytest
from infer_models import coin, coin_guide, location, location_guide

import vicompile as vc
import vicompile.distributions as dist
from vicompile.diagnostics import DataError
from vicompile.infer import SVI, elbo
from vicompile.infer.remembered import Remembered
from vicompile.optim import Adam
from vicompile.specialise import Reads


def location_loss(data):
    return SVI(location, location_guide, Adam(0.05)).init(0, data), elbo({}, location, location_guide, (data,))


@pytest.mark.parametrize(("model", "guide"), [(location, location_guide), (coin, coin_guide)])
def test_one_compilation_serves_all_lengths(model, guide):
    svi = SVI(model, guide, Adam(0.05))
    svi.run(1, np.ones(3))
    before = vc.compile_count()
    for count in (10, 1000, 1, 0, 2, 3):
        data = (np.arange(count) % 2).astype(float)
        result = svi.run(2, data)
        assert len(result.losses) == 2
        assert np.isfinite(result.losses).all()
        svi.step(data)
    assert vc.compile_count() == before


@pytest.mark.parametrize("count", [4, 5000])
def test_data_that_changes_in_place_is_seen(count):
    data = np.zeros(count)
    svi = SVI(location, location_guide, Adam(0.05))
    state = svi.init(0, data)
    before = svi.evaluate(state, data)
    data[-1] = 9.0
    changed = svi.evaluate(state, data)
    assert changed == svi.evaluate(state, data.copy())
    assert changed != before
    data[1] = np.nan
    with pytest.raises(DataError, match="missing-value"):
        svi.evaluate(state, data)


def test_an_observation_that_leaves_the_support_in_place_is_told():
    data = np.ones(6)
    svi = SVI(coin, coin_guide, Adam(0.05))
    svi.step(data)
    data[2] = 5.0
    with pytest.raises(DataError, match="outside-support"):
        svi.step(data)


def test_lists_and_captured_data_that_change_are_seen():
    scales = np.array([1.0, 2.0])

    def model(data):
        mu = vc.sample("mu", dist.Normal(0.0, scales[0]))
        with vc.plate("d", len(data)):
            vc.sample("obs", dist.Normal(mu, 1.0), obs=data)

    def guide(data):
        vc.sample("mu", dist.Normal(vc.param("loc", 0.5), 1.0))

    svi = SVI(model, guide, Adam(0.05))
    data = [0.5, 1.5, 2.5]
    state = svi.init(0, data)
    first = svi.evaluate(state, data)
    data[0] = -3.0
    second = svi.evaluate(state, data)
    scales[0] = 3.0
    third = svi.evaluate(state, data)
    assert len({first, second, third}) == 3
    scales = np.array([1.0, 2.0])
    assert svi.evaluate(state, data) == second
    data[0] = 0.5
    assert svi.evaluate(state, data) == first


@pytest.mark.parametrize(
    "value",
    [1, 2.5, "a", None, True, np.float64(2), np.ones(3), np.zeros((600, 2)), [1, 2.5], (np.ones(2), {"a": 1}), {}],
)
def test_an_unchanged_value_is_remembered(value):
    assert Remembered(value, Reads()).holds(value)


def test_changed_values_are_not_taken_for_the_old_ones():
    small, large = np.zeros(3), np.zeros(6000)
    for array in (small, large):
        known = Remembered(array, Reads())
        array[0] = -0.0
        assert not known.holds(array)
    known = Remembered(small, Reads())
    assert not known.holds(small.copy())
    for before, after in ((1, True), (1, 1.0), (0.0, -0.0), ("1", 1), (1, 2)):
        assert not Remembered(before, Reads()).holds(after)
    table = {"x": np.ones(2), "y": 1}
    known = Remembered(table, Reads())
    table["x"][1] = 2.0
    assert not known.holds(table)
    assert not Remembered([0] * 1000, Reads()).holds([0] * 1000)
