"""Optimizers through `SVI`: schedules, averages, clipping and rules of one's own, in every way of stepping."""

from __future__ import annotations

import numpy as np
import pytest

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints, optim
from vicompile.infer import SVI, Trace_ELBO
from vicompile.optim import SGD, Adam, Averaged, Clipped, DoWG, rule, schedules

Y = np.array([0.3, 1.2, 0.7, 1.9, 0.4])


def model(y):
    mu = vc.sample("mu", dist.Normal(0.0, 1.0))
    with vc.plate("data", len(y)):
        vc.sample("y", dist.Normal(mu, 1.0), obs=y)


def guide(y):
    loc = vc.param("loc", 0.5)
    scale = vc.param("scale", 1.0, constraint=constraints.positive)
    vc.sample("mu", dist.Normal(loc, scale))


@rule(state={"momentum": 0.0}, lr=1e-3, beta1=0.9, beta2=0.99)
def lion(param, grad, momentum, lr, beta1, beta2):
    step = np.sign(beta1 * momentum + (1.0 - beta1) * grad)
    return param - lr * step, beta2 * momentum + (1.0 - beta2) * grad


def falling(step):
    return 0.1 / (1.0 + step / 10.0)


def by_name(name):
    return {"lr": schedules.exponential_decay(0.1, 10, 0.5) if name == "loc" else 0.02}


OPTIMIZERS = {
    "schedule": Adam(schedules.warmup(3, schedules.cosine_decay(0.1, 10))),
    "callable": SGD({"lr": falling, "momentum": 0.5}),
    "by name": Adam(by_name),
    "averaged": Averaged(Adam(0.1), start=3),
    "moving average": Averaged(SGD(0.01), decay=0.9),
    "clipped": Clipped(Adam(0.1), clip_norm=0.5, clip_value=schedules.constant(0.4)),
    "DoWG": DoWG(),
    "SM3": optim.SM3(0.1),
    "own": lion(schedules.one_cycle(10, 0.1)),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_all_ways_of_stepping_give_the_same_bits(name):
    svi = SVI(model, guide, OPTIMIZERS[name])
    whole = svi.run(10, Y, seed=4)
    part = svi.run(4, Y, seed=4)
    rest = svi.run(6, Y, init_state=part.state)
    assert np.array_equal(np.concatenate([part.losses, rest.losses]), whole.losses)
    assert rest.params == whole.params
    state, losses = svi.init(4, Y), []
    for _ in range(10):
        state, loss = svi.update(state, Y)
        losses.append(loss)
    assert losses == whole.losses.tolist()
    assert svi.get_params(state) == whole.params
    vc.clear_param_store()
    vc.set_rng_seed(4)
    assert [svi.step(Y) for _ in range(10)] == losses


def test_an_average_is_reported_and_the_steps_go_on_without_it():
    plain, averaged = SVI(model, guide, Adam(0.1)), SVI(model, guide, Averaged(Adam(0.1), start=5))
    state, seen = plain.init(0, Y), []
    for _ in range(20):
        state, _ = plain.update(state, Y)
        seen.append(np.array([state.inner.params[0], state.inner.params[1]]))
    result = averaged.run(20, Y, seed=0)
    assert np.array_equal(result.state.inner.params, state.inner.params)
    loc, log_scale = np.mean(seen[5:], axis=0)
    assert result.params["loc"] == pytest.approx(loc, rel=1e-13)
    assert result.params["scale"] == pytest.approx(np.exp(log_scale), rel=1e-13)
    assert vc.get_param_store()["loc"] == result.params["loc"]
    # Before the first step, and until the average begins, it is the parameters themselves.
    assert averaged.get_params(averaged.init(0, Y)) == {"loc": 0.5, "scale": 1.0}
    assert averaged.run(5, Y, seed=0).params == plain.run(5, Y, seed=0).params
    # The store has the steps, because the next one begins there.
    vc.clear_param_store()
    vc.set_rng_seed(0)
    for _ in range(20):
        averaged.step(Y)
    assert vc.get_param_store()["loc"] == seen[-1][0]


def test_averages_come_nearer_than_their_steps():
    exact = np.sum(Y) / (1.0 + len(Y))
    errors = []
    for optimizer in (SGD(0.05), Averaged(SGD(0.05), start=500)):
        svi = SVI(model, guide, optimizer)
        errors.append([svi.run(4000, Y, seed=seed).params["loc"] - exact for seed in range(20)])
    alone, averaged = (np.sqrt(np.mean(np.square(one))) for one in errors)
    assert averaged < alone / 4


def test_dowg_needs_no_rate():
    svi = SVI(model, guide, Averaged(DoWG(), power=8.0), Trace_ELBO(num_particles=8))
    params = svi.run(5000, Y, seed=0).params
    assert params["loc"] == pytest.approx(np.sum(Y) / 6.0, abs=0.02)
    assert params["scale"] == pytest.approx(1.0 / np.sqrt(6.0), abs=0.02)


def test_a_parameter_that_is_frozen_by_name():
    for kind in (Adam, DoWG, optim.SM3, lion):
        svi = SVI(
            model, guide, Averaged(Clipped(kind(lambda name: {"lr": 0.0 if name == "scale" else 0.1}), clip_norm=1))
        )
        params = svi.run(50, Y).params
        assert params["scale"] == 1.0
        assert params["loc"] != 0.5


def test_a_fault_in_a_schedule_leaves_everything_as_it_was():
    svi = SVI(model, guide, Adam({"lr": lambda step: 0.1 if step < 8 else float("nan")}))
    vc.clear_param_store()
    with pytest.raises(ValueError, match="Adam: the schedule of `lr` gives nan at step 8, expected a finite number"):
        svi.run(10, Y)
    assert len(vc.get_param_store()) == 0
    vc.set_rng_seed(0)
    for _ in range(8):
        svi.step(Y)
    before = vc.get_param_store()["loc"]
    with pytest.raises(ValueError, match="at step 8"):
        svi.step(Y)
    assert vc.get_param_store()["loc"] == before


def test_what_is_no_optimizer():
    with pytest.raises(TypeError, match=r"optim must be an optimizer of vicompile\.optim, got 0\.1"):
        SVI(model, guide, 0.1)
    with pytest.raises(TypeError, match="call the class with its settings"):
        SVI(model, guide, lion)
