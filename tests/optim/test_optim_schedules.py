"""Schedules: their values in closed form, the same bits however they are asked for, and what is wrong with them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from vicompile.optim import Adam, schedules
from vicompile.optim.base import Scheduled


def half_cosine(part):
    return 0.5 * (1.0 + math.cos(math.pi * min(max(part, 0.0), 1.0)))


def cycle(step):
    low, peak, turn, steps = 0.02, 0.5, 300, 1000
    if step < turn:
        return peak + (low - peak) * half_cosine(step / turn)
    return low / 1e4 + (peak - low / 1e4) * half_cosine((step - turn) / (steps - turn))


# schedule, the same as a function of one step
CASES = {
    "constant": (schedules.constant(0.25), lambda k: 0.25),
    "linear": (schedules.linear(1.0, 0.2, 800), lambda k: 1.0 - 0.8 * min(k / 800, 1.0)),
    "exponential": (schedules.exponential_decay(0.5, 100, 0.9), lambda k: 0.5 * 0.9 ** (k / 100)),
    "bounded": (schedules.exponential_decay(0.5, 100, 0.9, end_value=0.3), lambda k: max(0.3, 0.5 * 0.9 ** (k / 100))),
    "rising": (schedules.exponential_decay(0.5, 100, 1.1, end_value=0.9), lambda k: min(0.9, 0.5 * 1.1 ** (k / 100))),
    "step": (schedules.step_decay(0.5, 300, 0.5), lambda k: 0.5 * 0.5 ** (k // 300)),
    "cosine": (schedules.cosine_decay(0.5, 900, 0.1), lambda k: 0.5 * (0.9 * half_cosine(k / 900) + 0.1)),
    "piecewise": (
        schedules.piecewise_constant([10, 2000], [0.3, 0.2, 0.1]),
        lambda k: 0.3 if k < 10 else 0.2 if k < 2000 else 0.1,
    ),
    "one cycle": (schedules.one_cycle(1000, 0.5), cycle),
    "warm-up": (
        schedules.warmup(200, schedules.cosine_decay(0.5, 900)),
        lambda k: 0.5 * k / 200 if k < 200 else 0.5 * half_cosine((k - 200) / 900),
    ),
    "warm-up to a number": (schedules.warmup(50, 0.5, 0.1), lambda k: 0.1 + 0.4 * min(k / 50, 1.0)),
    "joined": (
        schedules.join([schedules.constant(1.0), lambda k: 1.0 / (1 + k)], [1500]),
        lambda k: 1.0 if k < 1500 else 1.0 / (1 + k - 1500),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_values(name):
    schedule, expected = CASES[name]
    np.testing.assert_allclose(schedule.sample(0, 2500), [expected(k) for k in range(2500)], rtol=1e-13, atol=1e-18)
    assert schedule(1700) == schedule.sample(0, 2500)[1700]
    assert isinstance(schedule(0), float)


@pytest.mark.parametrize("name", CASES)
def test_bits_do_not_depend_on_what_is_asked_for(name):
    whole = CASES[name][0].sample(0, 5000)
    for first, count in [(0, 1), (7, 3), (1000, 30), (1023, 2), (1024, 1024), (2047, 2050), (4096, 0)]:
        assert CASES[name][0].sample(first, count).tobytes() == whole[first : first + count].tobytes()


def test_against_optax():
    optax = pytest.importorskip("optax")
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    pairs = [
        (
            schedules.exponential_decay(0.5, 100, 0.9, end_value=0.3),
            optax.exponential_decay(0.5, 100, 0.9, end_value=0.3),
        ),
        (schedules.step_decay(0.5, 300, 0.5), optax.exponential_decay(0.5, 300, 0.5, staircase=True)),
        (schedules.cosine_decay(0.5, 900, 0.1), optax.cosine_decay_schedule(0.5, 900, 0.1)),
        (schedules.one_cycle(1000, 0.5), optax.cosine_onecycle_schedule(1000, 0.5)),
        (schedules.linear(1.0, 0.2, 800), optax.linear_schedule(1.0, 0.2, 800)),
        (
            schedules.warmup(200, schedules.cosine_decay(0.5, 900)),
            optax.warmup_cosine_decay_schedule(0.0, 0.5, 200, 1100),
        ),
    ]
    for ours, theirs in pairs:
        for step in (0, 1, 150, 299, 300, 301, 650, 1000, 1200):
            assert ours(step) == pytest.approx(float(theirs(step)), rel=1e-9, abs=1e-12)


def test_any_callable_of_the_step_is_asked_for_the_steps_to_come_only():
    asked = []
    scheduled = Adam({"lr": lambda step: asked.append(step) or 0.5}).hyperparameters("w")["lr"]
    assert isinstance(scheduled, Scheduled)
    assert asked == []
    assert scheduled.sample(5, 3).tolist() == [0.5, 0.5, 0.5]
    assert asked == [5, 6, 7]


def nan_late(step):
    return math.nan if step == 7 else 0.1


@pytest.mark.parametrize(
    ("optimizer", "kind", "message"),
    [
        (
            Adam({"lr": nan_late}),
            ValueError,
            "Adam: the schedule of `lr` gives nan at step 7, expected a finite number",
        ),
        (
            Adam(schedules.linear(0.1, -0.1, 10)),
            ValueError,
            "`lr` gives -0.02 at step 6, expected a finite number from 0",
        ),
        (Adam(b1=lambda step: step / 4), ValueError, "`beta1` gives 1 at step 4, expected a number from 0, below 1"),
        (
            Adam(lambda name: {"lr": nan_late}),
            ValueError,
            "Adam, parameter `w`: the schedule of `lr` gives nan at step 7",
        ),
        (
            Adam({"lr": lambda step: "fast"}),
            TypeError,
            "Adam, `lr`: the schedule must give a number, at step 0 it gave",
        ),
        (Adam({"lr": lambda: 0.1}), TypeError, "Adam, `lr`: .* takes 0 positional arguments"),
    ],
)
def test_faults_name_the_step(optimizer, kind, message):
    scheduled = [one for one in optimizer.hyperparameters("w").values() if isinstance(one, Scheduled)]
    with pytest.raises(kind, match=message):
        scheduled[0].sample(0, 10)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: schedules.linear(0.0, 1.0, 0), "linear: transition_steps must be a number above 0, got 0"),
        (lambda: schedules.one_cycle(100, 1.0, pct_start=1.0), "pct_start must lie between 0 and 1"),
        (lambda: schedules.piecewise_constant([5], [1.0]), "1 boundaries have 2 pieces between them, not 1"),
        (lambda: schedules.piecewise_constant([5, 5], [1.0, 2.0, 3.0]), "the boundaries must rise from above 0"),
        (lambda: schedules.join([schedules.constant(1.0)], [0]), "join: 1 boundaries have 2 pieces"),
    ],
)
def test_schedules_that_cannot_be(make, message):
    with pytest.raises(ValueError, match=message):
        make()
