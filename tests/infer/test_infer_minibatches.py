"""Steps on batches that change from call to call: one fit, whichever way it is driven."""

import numpy as np
import pytest

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.infer import SVI, NonFiniteLossError
from vicompile.optim import Adam


def model(y):
    m = vc.sample("m", dist.Normal(0.0, 2.0))
    with vc.plate("data", len(y)):
        vc.sample("y", dist.Normal(m, 1.0), obs=y)


def guide(y):
    vc.sample("m", dist.Normal(vc.param("loc", 0.1), vc.param("scale", 0.7, constraint=constraints.positive)))


def batches(count):
    rng = np.random.default_rng(11)
    return [rng.normal(1.0, 1.0, size) for size in (100, 57, 100, 100, 1, 57, 30, 20, 10, 100)[:count]]


def test_steps_and_updates_agree_bit_by_bit():
    vc.clear_param_store()
    vc.set_rng_seed(4)
    stepping, updating = SVI(model, guide, Adam({"lr": 0.05})), SVI(model, guide, Adam({"lr": 0.05}))
    state = updating.init(4, batches(1)[0])
    for batch in batches(10):
        state, loss = updating.update(state, batch)
        assert stepping.step(batch) == loss
    assert dict(vc.get_param_store().items()) == state.params()


def test_a_value_set_between_two_batches_counts():
    vc.clear_param_store()
    vc.set_rng_seed(4)
    first, second = batches(2)
    svi = SVI(model, guide, Adam({"lr": 0.05}))
    svi.step(first)
    vc.get_param_store()["loc"] = 3.0
    svi.step(second)
    assert abs(vc.get_param_store()["loc"] - 3.0) < 0.06


def test_a_batch_that_stops_the_fit_leaves_the_next_one_right():
    vc.clear_param_store()
    vc.set_rng_seed(4)
    svi, clean = SVI(model, guide, Adam({"lr": 0.05})), SVI(model, guide, Adam({"lr": 0.05}))
    first, second = batches(2)
    svi.step(first)
    known = dict(vc.get_param_store().items())
    with pytest.raises(NonFiniteLossError):
        svi.step(np.full(57, 1e200))
    assert dict(vc.get_param_store().items()) == known
    loss = svi.step(second)
    vc.clear_param_store()
    vc.set_rng_seed(4)
    clean.step(first)
    assert clean.step(second) == loss
