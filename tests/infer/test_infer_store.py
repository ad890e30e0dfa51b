"""`step` and the param store: whatever the user does to the store between two steps counts."""

from __future__ import annotations

import numpy as np
import pytest
from infer_models import location, location_guide

import vicompile as vc
from vicompile.diagnostics import DataError
from vicompile.infer import SVI
from vicompile.language import set_rng_seed
from vicompile.optim import SGD, Adam

DATA = np.random.default_rng(0).normal(3.0, 1.0, 10)


def fresh(optim=None):
    return SVI(location, location_guide, optim or Adam(0.05))


def test_step_leaves_its_values_in_the_store():
    svi = fresh()
    expected = svi.update(svi.init(0, DATA), DATA)[0].params()
    svi.step(DATA)
    assert {"loc": vc.param("loc"), "scale": vc.param("scale")} == expected


def test_run_leaves_its_values_in_the_store_and_starts_from_the_declared_ones():
    svi = fresh()
    first = svi.run(10, DATA)
    assert dict(vc.get_param_store().items()) == first.params
    assert np.array_equal(svi.run(10, DATA).losses, first.losses)


def test_known_values_are_taken_as_they_are():
    store = vc.get_param_store()
    store.setdefault("scale", 0.3, vc.constraints.positive)
    store["loc"] = 1.25
    svi = fresh()
    state = svi.init(0, DATA, init_params={"loc": 1.25, "scale": 0.3})
    expected, loss = svi.update(state, DATA)
    assert svi.step(DATA) == loss
    assert vc.param("loc") == expected.params()["loc"]


def test_a_value_that_is_set_counts_and_restarts_the_optimizer_for_that_parameter():
    svi = fresh(Adam(0.05))
    for _ in range(30):
        svi.step(DATA)
    vc.get_param_store()["loc"] = -4.0
    scale = vc.param("scale")
    svi.step(DATA)
    # Adam's first step is the learning rate, up to eps; a step later in its life is not.
    assert abs(vc.param("loc") - -4.0) == pytest.approx(0.05, rel=1e-6)
    assert abs(np.log(vc.param("scale") / scale)) < 0.05 * (1 - 1e-6)


def test_a_cleared_store_starts_again_from_the_initial_values():
    svi = fresh(SGD(0.001))
    for _ in range(30):
        svi.step(DATA)
    assert abs(vc.param("loc")) > 0.1
    vc.clear_param_store()
    svi.step(DATA)
    assert abs(vc.param("loc")) < 0.1


def test_a_stored_value_of_a_wrong_shape_or_outside_the_constraint_is_told():
    vc.get_param_store()["loc"] = np.zeros(3)
    with pytest.raises(ValueError, match=r"parameter `loc` has shape \(3,\) in the param store"):
        fresh().step(DATA)
    vc.clear_param_store()
    vc.get_param_store()["scale"] = -1.0
    with pytest.raises(DataError, match="scale"):
        fresh().step(DATA)


def test_evaluate_loss_changes_nothing_and_draws_afresh():
    one, two = fresh(), fresh()
    losses = [one.evaluate_loss(DATA) for _ in range(5)]
    assert len(set(losses)) == 5
    assert len(vc.get_param_store()) == 0
    first = [one.step(DATA) for _ in range(3)]
    vc.clear_param_store()
    assert [two.step(DATA) for _ in range(3)] == first


def test_evaluate_loss_with_particles_is_their_mean():
    svi = fresh()
    single = np.array([svi.evaluate_loss(DATA) for _ in range(2000)])
    many = svi.evaluate_loss(DATA, num_particles=2000)
    assert abs(many - single.mean()) < 4.5 * single.std() * np.sqrt(2 / 2000)


def test_the_seed_of_steps_follows_set_rng_seed():
    def losses(seed):
        vc.clear_param_store()
        set_rng_seed(seed)
        svi = fresh()
        return [svi.step(DATA) for _ in range(3)]

    assert losses(5) == losses(5)
    assert losses(5) != losses(6)
    svi = fresh()
    again = []
    for _ in range(2):
        vc.clear_param_store()
        set_rng_seed(5)
        again.append([svi.step(DATA) for _ in range(3)])
    assert again[0] == again[1] == losses(5)


def test_eager_draws_without_a_seed_do_not_disturb_the_steps():
    expected = fresh().step(DATA)
    vc.clear_param_store()
    vc.distributions.Normal(0.0, 1.0).sample()
    assert fresh().step(DATA) == expected
