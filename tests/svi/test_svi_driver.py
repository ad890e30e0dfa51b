"""The loop and its driver: same state, same result, however the steps are cut; and no step that is not finite."""

from __future__ import annotations

import math
import threading

import numpy as np
import pytest
from svi_problems import adam, countdown, normal_normal, problem_of, quadratic, same_bits, same_state, sgd

from vicompile.svi.driver import advance_state, evaluate, initial_state, run
from vicompile.svi.outcome import NonFinite, NonFiniteError
from vicompile.svi.problem import Problem
from vicompile.svi.state import SVIState, make_state

Y = np.array([0.3, -1.2, 2.0, 0.7])


def test_gradient_descent_on_a_parabola_is_what_it_is_on_paper():
    n, lr, steps = 5, 0.1, 30
    problem = quadratic(n)
    start = np.full(n, 3.0)
    outcome = run(problem, sgd(n, lr), initial_state(problem, sgd(n, lr), start, 0), steps)
    apart = (start - np.arange(n)) * (1 - 2 * lr) ** np.arange(steps + 1)[:, None]
    np.testing.assert_allclose(outcome.losses, (apart[:-1] ** 2).sum(1), rtol=1e-12)
    np.testing.assert_allclose(outcome.state.params - np.arange(n), apart[-1], rtol=1e-10, atol=1e-15)
    assert outcome.stopped is None
    assert outcome.state.step == steps


@pytest.mark.parametrize("cuts", [[1500, 1], [1, 1500], [700, 0, 801]])
def test_runs_continue_bit_for_bit(cuts):
    problem, optimizer = normal_normal(Y), adam(2)
    begin = initial_state(problem, optimizer, [0.0, 0.0], 11)
    whole = run(problem, optimizer, begin, sum(cuts))
    state, losses = begin, []
    for steps in cuts:
        outcome = run(problem, optimizer, state, steps)
        state = outcome.state
        losses.append(outcome.losses)
    assert same_state(state, whole.state)
    assert same_bits(np.concatenate(losses), whole.losses)


def test_single_updates_are_the_run():
    problem, optimizer = normal_normal(Y, particles=3), adam(2)
    begin = initial_state(problem, optimizer, [0.0, 0.0], 2**64 - 1)
    whole = run(problem, optimizer, begin, 200)
    state, losses = begin, []
    for _ in range(200):
        state, loss = advance_state(problem, optimizer, state)
        losses.append(loss)
    assert same_state(state, whole.state)
    assert same_bits(np.concatenate(losses), whole.losses)
    assert begin.step == 0
    assert np.array_equal(begin.params, [0.0, 0.0])


def test_another_seed_is_another_run():
    problem, optimizer = normal_normal(Y), adam(2)
    first, second = (run(problem, optimizer, initial_state(problem, optimizer, [0.0, 0.0], seed), 5) for seed in (1, 2))
    assert not np.any(first.losses == second.losses)


def test_the_fit_finds_the_exact_posterior():
    # Posterior Normal(sum(y) / (N + 1), 1 / sqrt(N + 1)): in the guide's family, so the gradient has no noise there.
    problem, optimizer = normal_normal(Y, particles=2000), adam(2, lr=0.02)
    outcome = run(problem, optimizer, initial_state(problem, optimizer, [0.0, 0.0], 4), 1500)
    evidence = -0.5 * (len(Y) * math.log(2 * math.pi) + math.log(len(Y) + 1) + Y @ Y - Y.sum() ** 2 / (len(Y) + 1))
    loc, scale = outcome.state.params[0], math.exp(outcome.state.params[1])
    assert loc == pytest.approx(Y.sum() / 5, abs=0.01)
    assert scale == pytest.approx(1 / math.sqrt(5), rel=0.01)
    # At the exact posterior the loss is the negative log evidence for every draw: no noise is left in it.
    at_posterior = evaluate(problem, [Y.sum() / 5, -0.5 * math.log(5)], seed=1, steps=10)
    np.testing.assert_allclose(at_posterior.losses, -evidence, rtol=1e-12)


@pytest.mark.parametrize(("mode", "status", "element"), [(1, 0, None), (2, 0, 1), (3, 17, None), (4, 0, None)])
def test_a_step_that_is_not_finite_is_not_taken(mode, status, element):
    problem, optimizer = countdown(mode), sgd(2, lr=1.0, momentum=0.0)
    begin = initial_state(problem, optimizer, [100.0, 0.0], 0)
    good = run(problem, optimizer, begin, 100)
    assert good.stopped is None
    assert good.state.params[0] == 0.0
    outcome = run(problem, optimizer, begin, 5000)
    assert same_state(outcome.state, good.state)
    assert same_bits(outcome.losses, good.losses)
    stopped = outcome.stopped
    assert isinstance(stopped, NonFinite)
    assert (stopped.step, stopped.status, stopped.element) == (100, status, element)
    if mode == 1:
        assert math.isnan(stopped.loss)
    if mode == 4:
        assert stopped.loss == -math.inf
    assert str(stopped).startswith("step 100: ")


def test_advance_raises_with_what_was_reached():
    problem, optimizer = countdown(2), sgd(2, lr=1.0)
    begin = initial_state(problem, optimizer, [7.0, 0.0], 0)
    with pytest.raises(NonFiniteError, match=r"step 7: .* element 1 of the gradient") as caught:
        advance_state(problem, optimizer, begin, 20)
    outcome = caught.value.outcome
    assert outcome.state.step == 7
    assert np.array_equal(outcome.losses, [7, 6, 5, 4, 3, 2, 1])
    # the workspace that failed serves the next call as if nothing had been
    state, losses = advance_state(problem, optimizer, begin, 3)
    assert np.array_equal(losses, [7, 6, 5])
    assert state.params[0] == 4.0


def test_the_largest_numbers_are_finite():
    text = """
def kernel(params, noise, data, sizes, work, out):
    for i in range(5):
        out[i] = 1.7976931348623157e308
    return 0
"""
    problem, optimizer = problem_of(text, 4), sgd(4, lr=0.0)
    outcome = run(problem, optimizer, initial_state(problem, optimizer, np.ones(4), 0), 3)
    assert outcome.stopped is None
    assert np.array_equal(outcome.state.params, np.ones(4))


@pytest.mark.parametrize("n", [1, 8, 100])
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_every_element_of_the_gradient_is_checked(n, bad):
    text = f"""
def kernel(params, noise, data, sizes, work, out):
    out[0] = 0.0
    for i in range({n}):
        out[1 + i] = params[i]
    return 0
"""
    problem, optimizer = problem_of(text, n), sgd(n, lr=0.0)
    for element in {0, n // 2, n - 1}:
        params = np.zeros(n)
        params[element] = bad
        state = SVIState(params, np.zeros((1, n)), 0, 0)
        stopped = run(problem, optimizer, state, 2).stopped
        assert isinstance(stopped, NonFinite)
        assert (stopped.step, stopped.element) == (0, element)


def test_evaluate_is_the_loss_of_the_next_update():
    problem, optimizer = normal_normal(Y), adam(2)
    state, _ = advance_state(problem, optimizer, initial_state(problem, optimizer, [0.1, -0.2], 8), 20)
    _, losses = advance_state(problem, optimizer, state, 1)
    evaluation = evaluate(problem, state.params, seed=state.seed, step=state.step)
    assert same_bits(evaluation.losses, losses)
    assert evaluation.gradient.shape == (2,)
    assert evaluation.status == 0


def test_evaluate_tells_what_is_not_finite_and_what_failed():
    assert evaluate(countdown(4), [0.0, 0.0], seed=0, steps=3).losses.tolist() == [-math.inf] * 3
    failed = evaluate(countdown(3), [0.0, 0.0], seed=0, steps=3)
    assert (failed.status, len(failed.losses)) == (17, 0)


def test_no_steps_is_no_change():
    problem, optimizer = quadratic(3), adam(3)
    state = initial_state(problem, optimizer, [1.0, 2.0, 3.0], 0)
    outcome = run(problem, optimizer, state, 0)
    assert same_state(outcome.state, state)
    assert outcome.losses.shape == (0,)
    assert outcome.stopped is None


def test_a_problem_without_parameters_can_run():
    problem, optimizer = quadratic(0), adam(0)
    outcome = run(problem, optimizer, initial_state(problem, optimizer, [], 0), 10)
    assert np.array_equal(outcome.losses, np.zeros(10))


def test_threads_share_a_problem():
    problem, optimizer = normal_normal(Y), adam(2)
    begin = [initial_state(problem, optimizer, [0.0, 0.0], seed) for seed in range(6)]
    alone = [run(problem, optimizer, state, 3000) for state in begin]
    together = [None] * 6

    def work(k):
        together[k] = run(problem, optimizer, begin[k], 3000)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one, other in zip(alone, together):
        assert same_state(one.state, other.state)
        assert same_bits(one.losses, other.losses)


def test_two_optimizers_share_a_problem():
    problem = quadratic(3)
    for optimizer in (adam(3), sgd(3, 0.1), adam(3, lr=0.5)):
        fresh = quadratic(3)
        expected, _ = advance_state(fresh, optimizer, initial_state(fresh, optimizer, [1.0, 5.0, 9.0], 0), 10)
        found, _ = advance_state(problem, optimizer, initial_state(problem, optimizer, [1.0, 5.0, 9.0], 0), 10)
        assert same_state(found, expected)


def test_states_cannot_be_written_to():
    problem, optimizer = quadratic(3), adam(3)
    params = np.array([1.0, 2.0, 3.0])
    begin = initial_state(problem, optimizer, params, 0)
    params[0] = 100.0
    assert begin.params[0] == 1.0
    after, _ = advance_state(problem, optimizer, begin, 2)
    for state in (begin, after):
        with pytest.raises(ValueError, match="read-only"):
            state.params[0] = 5.0
        with pytest.raises(ValueError, match="read-only"):
            state.optimizer_state[0, 0] = 5.0
        with pytest.raises(AttributeError):
            state.step = 7
    kept = after.params.copy()
    advance_state(problem, optimizer, after, 5)
    assert np.array_equal(after.params, kept)


def test_states_and_steps_that_do_not_fit_are_refused():
    problem, optimizer = quadratic(3), adam(3)
    state = initial_state(problem, optimizer, np.zeros(3), 0)
    with pytest.raises(ValueError, match="4 parameters for a problem of 3"):
        initial_state(problem, optimizer, np.zeros(4), 0)
    with pytest.raises(ValueError, match="number 1 is not a finite number"):
        initial_state(problem, optimizer, [0.0, math.nan, 0.0], 0)
    with pytest.raises(ValueError, match="seed"):
        initial_state(problem, optimizer, np.zeros(3), -1)
    with pytest.raises(ValueError, match="negative"):
        run(problem, optimizer, state, -1)
    with pytest.raises(ValueError, match=r"2\*\*32"):
        advance_state(problem, optimizer, make_state(state.params, state.optimizer_state, 2**32, 0), 1)
    with pytest.raises(ValueError, match="not belong to this fit"):
        advance_state(problem, sgd(3, 0.1), state, 1)
    with pytest.raises(ValueError, match="laid over 2"):
        advance_state(problem, adam(2), state, 1)
    with pytest.raises(TypeError, match="int64"):
        Problem(problem.kernel, np.zeros(1), problem.sizes, 0, 3, problem.noise)
