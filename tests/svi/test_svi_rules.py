"""Rules of one's own, and those that look at all parameters: machine code against the same function on NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from native_rules import native_run

from vicompile import optim
from vicompile.optim import cover, largest, norm, rule, total

RNG = np.random.default_rng(3)
A, B = RNG.normal(size=(3, 5)), RNG.normal(size=(3, 5))

EXPRESSIONS = {
    "arithmetic": lambda a, b: 2.0 * a - b / 3 + (-a) * b + 1 - (4.0 - a) + 1 / (b * b + 1),
    "roots and powers": lambda a, b: np.sqrt(np.abs(a)) + a**3 + np.abs(b) ** 0.5 + np.square(b) + np.reciprocal(b),
    "any power": lambda a, b: np.abs(a) ** b + 2.0**a + np.abs(b) ** -1.5,
    "exponentials": lambda a, b: np.exp(a) + np.expm1(b) + np.log(np.abs(a)) + np.log1p(np.abs(b)) + np.tanh(a),
    "extremes": lambda a, b: np.maximum(a, b) - np.minimum(a, 0.1) + np.clip(b, -0.2, 0.3) + np.sign(a),
    "where": lambda a, b: np.where(a > b, a, 2.0) + np.where((a >= 0) & (b < 0), 1.0, b),
    "conditions": lambda a, b: (a <= b) * b + (a == a) * 3.0 - (a != b) + (~(a > 0) | (b > 0)) * a,
    "connectives": lambda a, b: np.where(np.logical_or(a > 1, np.logical_not(b > 1)), a, b) + np.logical_and(a, b),
    "constants alone": lambda a, b: a * 0.0 + 7.0,
    "total": lambda a, b: a / total(b * b),
    "total twice": lambda a, b: a - total(a) * total(np.abs(b - total(b))),
    "largest": lambda a, b: a / largest(np.abs(b)) + largest(-a),
    "norm": lambda a, b: b / norm(b),
    "cover": lambda a, b: a / cover(b * b),
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_machine_code_does_what_numpy_does(name):
    compute = EXPRESSIONS[name]

    @rule()
    def tried(param, grad):
        return compute(param, grad)

    seen, _ = native_run(tried(), [A], [[B]])
    np.testing.assert_allclose(seen[0].reshape(A.shape), compute(A, B), rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("function", [total, largest, norm])
def test_one_parameter_or_all(function):
    @rule()
    def whole(param, grad):
        return param + function(grad)

    @rule()
    def each(param, grad):
        return param + function(grad, per_parameter=True)

    shapes = [(3,), (0,), (), (2, 2)]
    slopes = [RNG.normal(size=shape) for shape in shapes]
    together, _ = native_run(whole(), [np.zeros(shape) for shape in shapes], [slopes])
    alone, _ = native_run(each(), [np.zeros(shape) for shape in shapes], [slopes])
    flat = np.concatenate([one.ravel() for one in slopes])
    np.testing.assert_allclose(together[0], np.full(8, function(flat)), rtol=1e-14)
    np.testing.assert_allclose(alone[0], np.repeat([function(slopes[k]) for k in (0, 2, 3)], [3, 1, 4]), rtol=1e-14)


@pytest.mark.parametrize("scale", [1e200, 1e-200])
def test_norms_of_very_large_and_very_small_gradients(scale):
    seen, _ = native_run(
        optim.Clipped(optim.SGD(1.0), clip_norm=0.5 * scale), [np.zeros(2)], [[[3.0 * scale, 4.0 * scale]]]
    )
    np.testing.assert_allclose(seen[0], [-0.3 * scale, -0.4 * scale], rtol=1e-14)


def test_covers_of_any_rank():
    @rule()
    def covered(param, grad):
        return cover(grad)

    slopes = [RNG.normal(size=shape) for shape in [(4,), (2, 3, 4), (), (5, 1), (2, 0)]]
    seen, _ = native_run(covered(), [np.zeros(s.shape) for s in slopes], [slopes])
    np.testing.assert_array_equal(seen[0], np.concatenate([np.ravel(cover(s)) for s in slopes]))


def test_nan_stays_nan_in_reductions():
    @rule()
    def bad(param, grad):
        return param + largest(grad) + total(grad) + cover(grad)

    seen, _ = native_run(bad(), [np.zeros((2, 2))], [[[[1.0, np.nan], [2.0, 3.0]]]])
    assert np.isnan(seen).all()


@rule(state={"momentum": 0.0}, lr=1e-3, beta1=0.9, beta2=0.99)
def lion(param, grad, momentum, lr, beta1, beta2):
    """Chen et al. (2023), "Symbolic discovery of optimization algorithms"."""
    step = np.sign(beta1 * momentum + (1.0 - beta1) * grad)
    return param - lr * step, beta2 * momentum + (1.0 - beta2) * grad


def test_an_optimizer_of_ones_own():
    assert lion.__name__ == "lion"
    assert lion.__doc__.startswith("Chen")
    assert repr(lion(0.1)) == "lion(lr=0.1, beta1=0.9, beta2=0.99)"
    slopes = RNG.normal(size=(20, 4))
    seen, _ = native_run(lion(0.1, b1=0.5), [np.ones(4)], [[g] for g in slopes])
    param, momentum = np.ones(4), np.zeros(4)
    for g, reached in zip(slopes, seen):
        param, momentum = lion.rule.function(param, g, momentum, 0.1, 0.5, 0.99)
        np.testing.assert_allclose(reached, param, rtol=1e-14)


def test_rules_with_the_same_lines_are_compiled_once():
    from vicompile.svi.update import update_function

    @rule(lr=1.0)
    def first(param, grad, lr):
        return param - lr * grad

    @rule(rate=2.0)
    def second(param, grad, rate):
        return param - rate * grad

    assert update_function(first.rule.program).address == update_function(second.rule.program).address


def published_dowg(param, slopes, distance):
    """Khaled, Mishchenko and Jin (2023), algorithm 1."""
    start, farthest, weighted, seen = param, distance, 0.0, []
    for g in slopes:
        farthest = max(farthest, np.linalg.norm(param - start))
        weighted += farthest**2 * np.sum(g * g)
        param = param - farthest**2 / np.sqrt(weighted) * g
        seen.append(param)
    return np.array(seen)


def test_dowg_looks_at_all_parameters_but_not_at_frozen_ones():
    slopes = RNG.normal(size=(60, 9))
    seen, _ = native_run(
        optim.DoWG(distance=0.3), [np.ones(5), np.zeros((2, 2))], [[g[:5], g[5:].reshape(2, 2)] for g in slopes]
    )
    begin = np.array([1.0] * 5 + [0.0] * 4)
    np.testing.assert_allclose(seen, published_dowg(begin, slopes, 0.3), rtol=1e-11)
    frozen = optim.DoWG(lambda name: {"distance": 0.3, "lr": 0.0 if name == "p1" else 1.0})
    seen, _ = native_run(frozen, [np.ones(5), np.zeros(4)], [[g[:5], g[5:] * 1e6] for g in slopes])
    np.testing.assert_allclose(seen[:, :5], published_dowg(np.ones(5), slopes[:, :5], 0.3), rtol=1e-11)


@pytest.mark.parametrize(
    ("settings", "weights"),
    [
        ({}, lambda t: np.ones(t)),
        ({"start": 4}, lambda t: np.arange(1, t + 1) > min(4, t - 1)),
        ({"power": 1.0}, lambda t: np.arange(1.0, t + 1)),
        ({"decay": 0.8}, lambda t: 0.8 ** np.arange(t - 1, -1, -1)),
        (
            {"start": 4, "decay": 0.8},
            lambda t: (np.arange(1, t + 1) > min(4, t - 1)) * 0.8 ** np.arange(t - 1, -1, -1.0),
        ),
    ],
)
def test_averages_are_weighted_means_of_the_steps(settings, weights):
    slopes = RNG.normal(size=(12, 3))
    steps, averages = native_run(optim.Averaged(optim.Adam(0.1), **settings), [np.ones(3)], [[g] for g in slopes])
    plain, _ = native_run(optim.Adam(0.1), [np.ones(3)], [[g] for g in slopes])
    assert np.array_equal(steps, plain)
    for t in range(1, 13):
        np.testing.assert_allclose(averages[t - 1], np.average(steps[:t], axis=0, weights=weights(t)), rtol=1e-13)


def test_wrappers_around_wrappers():
    """Names that are taken inside are free outside: ClippedAdam has a clip_norm too."""
    inner = optim.Clipped(optim.Clipped(optim.ClippedAdam(0.1, clip_norm=5.0), clip_norm=2.0), clip_norm=1.0)
    values = optim.Averaged(inner, start=2).hyperparameters("w")
    assert (values["clip_norm"], values["clip_norm_2"], values["clip_norm_3"]) == (5.0, 2.0, 1.0)
    assert (values["start"], values["power"]) == (2.0, 0.0)
    slopes = [[g] for g in RNG.normal(size=(9, 3)) * 3]
    tight, _ = native_run(optim.Clipped(optim.ClippedAdam(0.1, clip_norm=5.0), clip_norm=1.0), [np.ones(3)], slopes)
    np.testing.assert_allclose(native_run(inner, [np.ones(3)], slopes)[0], tight, rtol=1e-13)
