"""The study of the stop rule counts what it says it counts."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.stopping.__main__ import Stop, gain_after, row, stop_in
from benchmarks.stopping.models import cases

STEPS = np.arange(60_000)
NOISE = np.random.default_rng(0).normal(size=len(STEPS))


def test_a_fall_that_begins_anew_is_a_false_alarm():
    late = np.where(STEPS > 30_000, -5.0, 0.0)
    stop = stop_in(NOISE + late, 0.1)
    assert stop.false
    assert stop.gain == pytest.approx(5.0, abs=0.1)
    assert stop.step < stop.soonest
    assert stop.soonest > 25_000


def test_a_stop_at_rest_is_none():
    stop = stop_in(30.0 * np.exp(-STEPS / 1000.0) + NOISE, 0.1)
    assert not stop.false
    assert stop.step > stop.soonest > 4000


def test_a_run_that_goes_on_falling_is_not_stopped():
    assert stop_in(NOISE - 1e-3 * STEPS, 0.1).step is None


def test_the_error_of_the_gain_is_that_of_noise():
    found = [gain_after(np.random.default_rng(seed).normal(size=60_000), 4096) for seed in range(40)]
    gains, errors = np.array(found).T
    assert gains.std() == pytest.approx(errors.mean(), rel=0.35)


def test_rows_of_the_table():
    stops = [Stop(1000, 500, 0.02, 0.3), Stop(2000, 700, 0.2, 0.1, false=True), Stop(None, 900)]
    assert row("coin", 0.1, stops) == "| coin | 0.1 | 3 | 1 | 1 | 1500 | 700 | 0.20 | 0.20 |"
    assert row("coin", 0.1, stops[2:]) == "| coin | 0.1 | 1 | 0 | 1 |  | 900 |  |  |"


def test_the_models_have_different_names():
    names = [case.name for case in cases()]
    assert len(set(names)) == len(names) > 10
