"""The stop rule: what it says of losses whose course is known, and that nothing but the losses decides."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from svi_problems import adam, normal_normal

from vicompile.svi import progress
from vicompile.svi.driver import initial_state, run
from vicompile.svi.stopping import FIRST, StopRule, latest_change, questions

STEPS = np.arange(60_000)


def stop_of(losses, tol=0.1, patience=2):
    rule, done = StopRule(tol, patience), 0
    while True:
        done += rule.steps_ahead(done)
        if done > len(losses):
            return None
        if rule.look(losses[:done]):
            return done


def noise(seed=0, scale=1.0):
    return scale * np.random.default_rng(seed).normal(size=len(STEPS))


def test_the_change_and_its_error_are_those_of_normal_noise():
    found = np.array([latest_change(noise(seed)[:8192]) for seed in range(200)])
    change, error, spread = found.T
    expected = 1.2533 * np.sqrt(2.0 / 2048)  # medians of sixteen means each; few of them are a little better
    assert change.std() == pytest.approx(expected, rel=0.15)
    assert abs(change.mean()) < 4 * expected / np.sqrt(200)
    assert np.median(error) == pytest.approx(expected, rel=0.15)
    assert spread == pytest.approx(np.ones(200), rel=0.1)


def test_a_trend_is_a_change_and_no_spread():
    change, error, spread = latest_change(-0.5 * STEPS[:4096])
    assert change == pytest.approx(512.0)
    assert error < 512.0
    assert spread == pytest.approx(0.52, rel=0.01)


def test_noise_alone_has_arrived_and_a_fall_has_not():
    assert all(stop_of(noise(seed)) is not None for seed in range(5))
    assert all(stop_of(noise(seed) - 1e-3 * STEPS) is None for seed in range(5))


def test_a_stop_comes_when_the_rest_is_small():
    for time_constant in (300.0, 1000.0, 3000.0):
        rest = 50.0 * np.exp(-STEPS / time_constant)
        stop = stop_of(rest + noise(int(time_constant)))
        assert rest[stop] < 0.1
        assert stop < 12 * time_constant + 20_000


def test_a_constant_does_not_matter_and_units_do_above_one():
    losses = 30.0 * np.exp(-STEPS / 2000.0) + noise(4)
    assert stop_of(losses) == stop_of(losses + 2.0**20)
    assert stop_of(64.0 * losses) == stop_of(losses)
    # Far below one nat the spread is no measure: what a loss without noise still gains counts in nats.
    assert stop_of(1e-6 * losses) == list(itertools.islice(questions(), 2))[1]


def test_wild_single_losses_change_little():
    wild = np.where(np.random.default_rng(1).random(len(STEPS)) < 1e-4, 1e6, 0.0)
    assert stop_of(noise(7) + wild) is not None
    assert stop_of(noise(7) + wild - 1e-3 * STEPS) is None


def test_a_rise_is_no_arrival():
    assert stop_of(noise(2) + 1e-3 * STEPS) is None


def test_losses_that_depend_on_those_before_need_longer():
    rng = np.random.default_rng(5)
    wander = np.convolve(rng.normal(size=len(STEPS) + 999), np.ones(1000) / np.sqrt(1000.0), "valid")
    stop = stop_of(noise(5) + wander)
    assert stop is None or stop > 2 * stop_of(noise(5))


def test_patience_is_so_many_answers_in_a_row():
    losses = 30.0 * np.exp(-STEPS / 2000.0) + noise(4)
    asked = list(itertools.takewhile(lambda step: step <= len(losses), questions()))
    assert asked[0] == FIRST
    one = {step for step in asked if StopRule(0.1, 1).look(losses[:step])}
    for patience in (1, 2, 3):
        rows = [asked[k - patience + 1 : k + 1] for k in range(patience - 1, len(asked))]
        assert stop_of(losses, patience=patience) == next(row[-1] for row in rows if one.issuperset(row))


def test_between_two_questions_there_is_no_answer():
    losses = np.zeros(2000)
    assert StopRule(0.1, 1).look(losses[:FIRST])
    assert not StopRule(0.1, 1).look(losses[: FIRST + 1])
    assert not StopRule(0.1, 1).look(losses[: FIRST - 1])
    assert not StopRule(0.1, 2).look(losses[:FIRST])
    assert not StopRule(0.1, 1).look(losses[:0])


@pytest.mark.parametrize("seconds", [1e-9, 1e-4, 10.0])
def test_a_run_stops_at_the_same_step_however_fast_the_machine_is(monkeypatch, seconds):
    monkeypatch.setattr(progress, "CALL_SECONDS", seconds)
    problem, optimizer = normal_normal([1.0, 2.0, 3.0]), adam(2, 0.01)
    begin = initial_state(problem, optimizer, [0.0, 0.0], 1)
    outcome = run(problem, optimizer, begin, 20_000, looks=[StopRule(0.05, 2)])
    assert outcome.stopped == "converged"
    whole = run(problem, optimizer, begin, 20_000)
    assert FIRST < stop_of(whole.losses, 0.05) == outcome.state.step < 20_000
    assert np.array_equal(outcome.losses, whole.losses[: outcome.state.step])


@pytest.mark.parametrize("tol", [0.0, -1.0, np.nan, np.inf, "0.1", True])
def test_a_tol_that_means_nothing_is_refused(tol):
    with pytest.raises(ValueError, match="tol must be a positive number"):
        StopRule(tol, 2)


@pytest.mark.parametrize("patience", [0, 1.5, None, True])
def test_a_patience_that_means_nothing_is_refused(patience):
    with pytest.raises(ValueError, match="patience must be a whole number from 1"):
        StopRule(0.1, patience)
