"""Numbers that change from step to step: rates and data, the same bits for every cut into calls."""

from __future__ import annotations

import dataclasses
import threading

import numpy as np
import pytest
from svi_problems import laid, normal_normal, problem_of, same_bits, same_state

from vicompile import optim
from vicompile.optim import SGD, Adam, schedules
from vicompile.svi.driver import advance_state, evaluate, initial_state, run
from vicompile.svi.optimizers import bind_optimizer
from vicompile.svi.timetable import ScheduledNumber, Timetable

# loss = a * params[0] + b, with two numbers of data a and b
LINE = """
from vicompile.jit.mathlib.pointers import float64_at


def kernel(params, noise, data, sizes, work, out):
    a, b = float64_at(data[0]), float64_at(data[1])
    out[0] = a[0] * params[0] + b[0]
    out[1] = a[0]
    return 0
"""


def squares(first, count):
    return (np.arange(first, first + count) + 1.0) ** 2


def tenths(first, count):
    return np.arange(first, first + count) / 10.0


def line(fixed=(1.0, 0.0), **scheduled):
    problem = problem_of(LINE, 1, arrays=[np.array([value]) for value in fixed])
    numbers = tuple(ScheduledNumber("ab".index(name), sample) for name, sample in scheduled.items())
    return dataclasses.replace(problem, scheduled=numbers, idle={})


def test_a_rate_follows_its_schedule():
    problem, optimizer = line(), laid(SGD({"lr": lambda step: float(2**step)}), 1)
    outcome = run(problem, optimizer, initial_state(problem, optimizer, [0.0], 0), 10)
    # The gradient is one: step k goes down by 2^k.
    assert np.array_equal(outcome.losses, [1.0 - 2.0**k for k in range(10)])


def test_data_follows_its_schedule_and_nobody_elses_is_touched():
    problem = line((1.0, 7.0), a=squares)
    optimizer = laid(SGD(1.0), 1)
    outcome = run(problem, optimizer, initial_state(problem, optimizer, [0.0], 0), 5)
    reached, losses = 0.0, []
    for a in squares(0, 5):
        losses.append(a * reached + 7.0)
        reached -= a
    assert np.array_equal(outcome.losses, losses)
    assert problem.keepalive[0][0] == 1.0
    assert evaluate(problem, [1.0], seed=0, step=3).losses.tolist() == [16.0 + 7.0]
    assert evaluate(problem, [1.0], seed=0, step=3, steps=2).losses.tolist() == [16.0 + 7.0, 25.0 + 7.0]


def test_any_cut_gives_the_same_bits():
    base = normal_normal(np.linspace(-1.0, 2.0, 9))
    optimizer = laid(
        optim.Averaged(
            optim.Clipped(Adam(schedules.cosine_decay(0.1, 90)), clip_norm=schedules.linear(9, 1, 50)), start=7
        ),
        2,
    )
    whole = run(base, optimizer, initial_state(base, optimizer, [0.0, 0.0], 5), 100)
    state, losses = initial_state(base, optimizer, [0.0, 0.0], 5), []
    for steps in (4, 1, 1, 44, 50):
        state, some = advance_state(base, optimizer, state, steps)
        losses.append(some)
    assert same_bits(np.concatenate(losses), whole.losses)
    assert same_state(state, whole.state)
    assert same_bits(state.reported, whole.state.reported)
    assert not same_bits(state.reported, state.params)


def test_a_schedule_for_some_parameters_only():
    falling = schedules.step_decay(1.0, 3, 0.5)
    optimizer = bind_optimizer(
        SGD(lambda name: {"lr": falling if name in "abd" else 0.25}), [(name, (2,)) for name in "abcd"]
    )
    assert [(one.row, one.start, one.count) for one in optimizer.scheduled] == [(0, 0, 4), (0, 6, 2)]
    assert np.isnan(optimizer.hyper[0]).tolist() == [True] * 4 + [False] * 2 + [True] * 2
    assert Timetable([(one.sample, 0, one.count) for one in optimizer.scheduled]).targets[1] == 1


def test_a_fault_is_told_before_the_first_step():
    problem, optimizer = line(), laid(SGD({"lr": lambda step: 0.1 if step < 5000 else -1.0}), 1)
    state = initial_state(problem, optimizer, [0.0], 0)
    with pytest.raises(ValueError, match="SGD: the schedule of `lr` gives -1 at step 5000"):
        run(problem, optimizer, state, 6000)
    assert len(run(problem, optimizer, state, 5000).losses) == 5000
    after, _ = advance_state(problem, optimizer, state, 5000)
    with pytest.raises(ValueError, match="at step 5000"):
        advance_state(problem, optimizer, after, 1)


def test_workspaces_turn_from_one_schedule_to_another():
    first = line(a=squares)
    plain = dataclasses.replace(first, scheduled=())
    second = dataclasses.replace(first, scheduled=(ScheduledNumber(1, tenths),))
    assert first.idle is plain.idle is second.idle
    for _ in range(2):
        assert evaluate(first, [1.0], seed=0, step=3).losses[0] == 16.0
        assert evaluate(plain, [1.0], seed=0, step=3).losses[0] == 1.0
        assert evaluate(second, [1.0], seed=0, step=3).losses[0] == 1.3


def test_threads_may_be_at_different_steps():
    problem, optimizer = line(a=squares), laid(SGD(1e-3), 1)
    state = initial_state(problem, optimizer, [1.0], 0)
    alone = run(problem, optimizer, state, 3000).losses
    found = {}

    def work(number):
        found[number] = run(problem, optimizer, state, 3000).losses

    threads = [threading.Thread(target=work, args=(k,)) for k in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert all(same_bits(losses, alone) for losses in found.values())
