"""The native update rules against the published updates, written independently with pow and without tricks."""

from __future__ import annotations

import numpy as np
import pytest
from svi_problems import adam, countdown

from vicompile.svi.driver import advance_state, initial_state
from vicompile.svi.optimizers import RULES, BoundOptimizer, bind_optimizer, padded, update_function


def native_updates(rule, params, gradients, hyper, cut=0):
    """Parameters after each gradient; from step `cut` on with copies of everything, as if in another call."""
    n, length = params.size, padded(params.size)
    p, g, rows = np.zeros(length), np.zeros(length), np.zeros((len(RULES[rule].initial_rows), length))
    table = np.pad(hyper, ((0, 0), (0, length - n)), constant_values=0.5)
    p[:n], rows[:, :n] = params, BoundOptimizer(rule, hyper).initial_rows()
    update, seen = update_function(rule), []
    for step, gradient in enumerate(gradients):
        if step == cut:
            p, rows = p.copy(), rows.copy()
        g[:n] = gradient
        assert update.call(p, g, rows, table, length, step) == 0
        seen.append(p[:n].copy())
    assert not p[n:].any()
    return np.array(seen)


def published_adam(params, gradients, hyper):
    lr, beta1, beta2, eps = hyper
    p, m, v, seen = params.copy(), np.zeros_like(params), np.zeros_like(params), []
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        p = p - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        seen.append(p)
    return np.array(seen)


def published_clipped_adam(params, gradients, hyper):
    lr, beta1, beta2, eps, clip_norm, lrd = hyper
    p, m, v, seen = params.copy(), np.zeros_like(params), np.zeros_like(params), []
    for t, g in enumerate(gradients, start=1):
        lr = lr * lrd
        g = np.clip(g, -clip_norm, clip_norm)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        p = p - lr * np.sqrt(1 - beta2**t) / (1 - beta1**t) * m / (np.sqrt(v) + eps)
        seen.append(p)
    return np.array(seen)


def published_sgd(params, gradients, hyper):
    lr, momentum = hyper
    p, velocity, seen = params.copy(), None, []
    for g in gradients:
        velocity = g if velocity is None else momentum * velocity + g
        p = p - lr * velocity
        seen.append(p)
    return np.array(seen)


PUBLISHED = {"adam": published_adam, "clipped_adam": published_clipped_adam, "sgd": published_sgd}


def random_hyper(rule, n, rng):
    ranges = {
        "lr": (1e-3, 0.1), "beta1": (0.0, 0.95), "beta2": (0.5, 0.9999), "eps": (1e-8, 1e-2),
        "clip_norm": (0.1, 2.0), "lrd": (0.98, 1.0), "momentum": (0.0, 0.95),
    }  # fmt: skip
    return np.array([rng.uniform(*ranges[name], size=n) for name in RULES[rule].hyper_names])


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("n", [1, 2, 7, 64, 333])
def test_update_is_the_published_one(rule, n):
    rng = np.random.default_rng(n)
    params, gradients = rng.normal(size=n), rng.normal(size=(300, n)) * np.exp(rng.normal(size=n) * 3)
    hyper = random_hyper(rule, n, rng)
    expected = PUBLISHED[rule](params, gradients, hyper)
    # 1 - beta^t by pow loses up to eps / (1 - beta) of its digits: the tolerance is the error of the reference
    moved = np.abs(np.diff(expected, axis=0, prepend=params[None])).cumsum(axis=0)
    apart = np.abs(native_updates(rule, params, gradients, hyper) - expected)
    assert np.all(apart <= 1e-11 * moved + 1e-15 * (1 + np.abs(expected)))


@pytest.mark.parametrize("rule", RULES)
def test_any_cut_gives_the_same_bits(rule):
    rng = np.random.default_rng(5)
    params, gradients, hyper = rng.normal(size=37), rng.normal(size=(50, 37)), random_hyper(rule, 37, rng)
    whole = native_updates(rule, params, gradients, hyper)
    for cut in (1, 13, 49):
        assert native_updates(rule, params, gradients, hyper, cut).tobytes() == whole.tobytes()


@pytest.mark.parametrize("rule", RULES)
def test_a_parameter_with_lr_zero_stays_exactly_as_it_is(rule):
    rng = np.random.default_rng(6)
    params, gradients, hyper = rng.normal(size=5), rng.normal(size=(40, 5)) * 1e100, random_hyper(rule, 5, rng)
    hyper[0, [0, 3]] = 0.0
    after = native_updates(rule, params, gradients, hyper)
    assert np.array_equal(after[:, [0, 3]], np.broadcast_to(params[[0, 3]], (40, 2)))
    assert np.all(after[-1, [1, 2, 4]] != params[[1, 2, 4]])


@pytest.mark.parametrize("rule", ["adam", "clipped_adam"])
def test_without_eps_nothing_becomes_nan(rule):
    gradients = np.array([[0.0, 0.0], [0.0, 3.0], [2.0, 3.0]])
    hyper = np.array([[0.1, 0.0], *([value] * 2 for value in (0.9, 0.999, 0.0, 10.0, 1.0))])
    hyper = hyper[: len(RULES[rule].hyper_names)]
    after = native_updates(rule, np.ones(2), gradients, hyper)
    assert np.array_equal(after[:, 1], np.ones(3))
    assert np.array_equal(after[:2, 0], np.ones(2))
    assert 0.0 < after[2, 0] < 1.0


def test_bias_correction_holds_for_millions_of_steps():
    # A constant gradient of one moves Adam by lr / (1 + eps) in every step, early and late.
    problem, optimizer = countdown(0), adam(2, lr=1.0)
    state = initial_state(problem, optimizer, [0.0, 0.0], 0)
    state, _ = advance_state(problem, optimizer, state, 2_000_000)
    assert state.params[0] == pytest.approx(-2_000_000 / (1 + 1e-8), rel=1e-9)
    assert state.params[1] == 0.0


def test_rows_of_initial_state():
    for rule, row in RULES.items():
        bound = BoundOptimizer(rule, np.full((len(row.hyper_names), 3), 0.5))
        assert bound.initial_rows().shape == (len(row.initial_rows), 3)
        assert np.array_equal(bound.initial_rows()[:, 1], row.initial_rows)


class PublicSGD:
    rule = "sgd"

    def hyperparameters(self, name):
        return {"lr": {"a": 0.5, "b": 0.0, "c": 2.0}[name], "momentum": 0.25}


def test_an_optimizer_is_laid_over_the_parameters_by_name():
    bound = bind_optimizer(PublicSGD(), [("a", 2), ("b", 0), ("c", 1)])
    assert np.array_equal(bound.hyper, [[0.5, 0.5, 2.0], [0.25, 0.25, 0.25]])
    assert bound.hyper.flags.c_contiguous
    assert not bound.hyper.flags.writeable


def test_a_model_without_parameters_has_an_empty_table():
    assert bind_optimizer(PublicSGD(), []).hyper.shape == (2, 0)


def test_an_unknown_rule_or_a_wrong_table_is_refused():
    with pytest.raises(ValueError, match="no update rule 'newton'"):
        BoundOptimizer("newton", np.zeros((1, 1)))
    with pytest.raises(ValueError, match="one row for each"):
        BoundOptimizer("sgd", np.zeros((3, 4)))
