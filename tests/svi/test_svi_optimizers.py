"""The native update rules against the published updates, written independently with pow and without tricks."""

from __future__ import annotations

import numpy as np
import pytest
from native_rules import native_run, native_updates
from svi_problems import adam, countdown, laid
from trajectories import CASES

from vicompile import optim
from vicompile.optim import SGD, Adam, ClippedAdam
from vicompile.svi.driver import advance_state, initial_state
from vicompile.svi.optimizers import BoundOptimizer, bind_optimizer

MANY = {name: ours for name, (ours, *_) in CASES.items()}
MANY["Averaged"] = optim.Averaged(optim.Adam(0.1), start=3)
MANY["Moving average"] = optim.Averaged(optim.Clipped(optim.DoWG(), clip_norm=1.0), decay=0.9)


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


PUBLISHED = {Adam: published_adam, ClippedAdam: published_clipped_adam, SGD: published_sgd}


def random_hyper(kind, n, rng):
    ranges = {
        "lr": (1e-3, 0.1), "beta1": (0.0, 0.95), "beta2": (0.5, 0.9999), "eps": (1e-8, 1e-2),
        "clip_norm": (0.1, 2.0), "lrd": (0.98, 1.0), "momentum": (0.0, 0.95),
    }  # fmt: skip
    return np.array([rng.uniform(*ranges[name], size=n) for name in kind.rule.hyper_names])


@pytest.mark.parametrize("kind", PUBLISHED)
@pytest.mark.parametrize("n", [1, 2, 7, 64, 333])
def test_update_is_the_published_one(kind, n):
    rng = np.random.default_rng(n)
    params, gradients = rng.normal(size=n), rng.normal(size=(300, n)) * np.exp(rng.normal(size=n) * 3)
    hyper = random_hyper(kind, n, rng)
    expected = PUBLISHED[kind](params, gradients, hyper)
    seen, _ = native_updates(BoundOptimizer(kind.rule.program, hyper, ((n,),)), params, gradients)
    # 1 - beta^t by pow loses up to eps / (1 - beta) of its digits: the tolerance is the error of the reference
    moved = np.abs(np.diff(expected, axis=0, prepend=params[None])).cumsum(axis=0)
    assert np.all(np.abs(seen - expected) <= 1e-11 * moved + 1e-15 * (1 + np.abs(expected)))


@pytest.mark.parametrize("name", MANY)
def test_any_cut_gives_the_same_bits(name):
    rng = np.random.default_rng(5)
    params, gradients = rng.normal(size=37), rng.normal(size=(50, 37))
    bound = bind_optimizer(MANY[name], [("a", (4, 5)), ("b", (17,))])
    whole = np.array(native_updates(bound, params, gradients))
    for cut in (1, 13, 49):
        assert np.array(native_updates(bound, params, gradients, cut)).tobytes() == whole.tobytes()


def frozen_at_b(optimizer):
    """The same kind of optimizer, with a rate of 0 for the parameter `p1`."""
    if isinstance(optimizer, optim.Averaged | optim.Clipped):
        settings = {key: value for key, value in optimizer._settings.items() if key != "power"}
        return type(optimizer)(frozen_at_b(optimizer.optimizer), **settings)
    rate = optimizer.rule.hyper_names[0]
    return type(optimizer)(lambda name: {rate: 0.0} if name == "p1" else {rate: 0.1})


@pytest.mark.parametrize("name", MANY)
def test_a_parameter_with_a_rate_of_zero_stays_exactly_as_it_is(name):
    rng = np.random.default_rng(6)
    params = [rng.normal(size=2), rng.normal(size=3), rng.normal(size=(2, 2))]
    gradients = [[rng.normal(size=p.shape) * 1e100 for p in params] for _ in range(40)]
    for after in native_run(frozen_at_b(MANY[name]), params, gradients):
        assert np.array_equal(after[:, 2:5], np.broadcast_to(params[1], (40, 3)))
        moved = np.delete(after[-1], [2, 3, 4]) != np.concatenate([params[0], params[2].ravel()])
        assert moved.all()


PUBLIC = [getattr(optim, name) for name in optim.__all__]
WITH_EPS = [one for one in PUBLIC if isinstance(one, type) and hasattr(one, "rule") and "eps" in one.rule.defaults]


@pytest.mark.parametrize("kind", WITH_EPS)
def test_without_eps_nothing_becomes_nan(kind):
    """A gradient that begins late, and one of a frozen parameter."""
    off = {key: 0.0 for key in ("eps", "weight_decay") if key in kind.rule.defaults}
    optimizer = kind(lambda name: {"lr": 0.0 if name == "p1" else 0.1, **off})
    after, _ = native_run(optimizer, [np.ones(1), np.ones(1)], [[[0.0], [0.0]], [[0.0], [3.0]], [[2.0], [3.0]]])
    assert np.array_equal(after[:, 1], np.ones(3))
    assert np.array_equal(after[:2, 0], np.ones(2))
    assert np.isfinite(after).all()


def test_bias_correction_holds_for_millions_of_steps():
    # A constant gradient of one moves Adam by lr / (1 + eps) in every step, early and late.
    problem, optimizer = countdown(0), adam(2, lr=1.0)
    state = initial_state(problem, optimizer, [0.0, 0.0], 0)
    state, _ = advance_state(problem, optimizer, state, 2_000_000)
    assert state.params[0] == pytest.approx(-2_000_000 / (1 + 1e-8), rel=1e-9)
    assert state.params[1] == 0.0


def test_state_begins_at_numbers_or_at_the_parameters():
    bound = laid(optim.Averaged(ClippedAdam()), 3)
    rows = bound.initial_rows(np.array([1.0, 2.0, 3.0]))
    assert np.array_equal(rows[:, 1], [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0])
    assert bound.program.reported == 5


def by_name(name):
    return {"lr": {"a": 0.5, "b": 0.0, "c": 2.0}[name], "momentum": 0.25}


def test_an_optimizer_is_laid_over_the_parameters_by_name():
    bound = bind_optimizer(SGD(by_name), [("a", (2,)), ("b", (0, 3)), ("c", ())])
    assert np.array_equal(bound.hyper, [[0.5, 0.5, 2.0], [0.25, 0.25, 0.25]])
    assert bound.hyper.flags.c_contiguous
    assert not bound.hyper.flags.writeable
    assert bound.layout.tolist() == [3, 3, 0, 2, 1, 2, 2, 0, 2, 0, 3, 2, 1, 0]


def test_a_model_without_parameters_has_an_empty_table():
    assert bind_optimizer(SGD(by_name), []).hyper.shape == (2, 0)


def test_a_wrong_table_is_refused():
    with pytest.raises(ValueError, match="rows of 4 for lr, momentum, got shape"):
        BoundOptimizer(SGD.rule.program, np.zeros((3, 4)), ((4,),))
