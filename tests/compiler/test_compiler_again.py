"""Calls one after the other on one pair give what a pair of their own gives them, whatever changes in between."""

import numpy as np
import pytest

import vicompile.distributions as dist
from vicompile.compiler import Pair
from vicompile.diagnostics import DataError
from vicompile.language import param, plate, sample
from vicompile.svi.driver import evaluate

rng = np.random.default_rng(3)
LEVEL = 1.5


def scaled(value):
    return value * LEVEL


def model(y, scale=1.0, *, shift=0.0):
    m = sample("m", dist.Normal(shift, 1.0))
    with plate("data", len(y)):
        sample("y", dist.Normal(scaled(m), scale), obs=y)


def guide(y, scale=1.0, *, shift=0.0):
    sample("m", dist.Normal(param("loc", 0.3), 0.5))


def coin(flips):
    f = sample("f", dist.Beta(2.0, 2.0))
    with plate("flips", len(flips)):
        sample("obs", dist.Bernoulli(f), obs=flips)


def coin_guide(flips):
    sample("f", dist.Beta(param("a", 2.0), 3.0))


def loss(pair, args, kwargs, guide_args=None, particles=1):
    fit = pair.bind(args, args if guide_args is None else guide_args, kwargs, kwargs, particles)
    return evaluate(fit.problem, fit.initial_params(), seed=5).losses[0]


Y = rng.normal(size=9)
CALLS = [
    ((Y,), {}),
    ((Y[:4],), {}),
    ((Y[::-2],), {}),
    ((Y, 2.0), {}),
    ((Y, 3.0), {}),
    ((Y, 3), {}),
    ((Y, np.float64(3.0)), {}),
    ((Y,), {"scale": 0.5}),
    ((Y,), {"scale": 0.5, "shift": 1.0}),
    ((Y,), {"shift": 2.0, "scale": 0.7}),
    (([1.0, 2.0, 3.0],), {}),
    ((np.array([1, 2, 3]),), {}),
    ((Y.astype(np.float32),), {}),
    ((Y, np.array([1.0, 2.0, 3.0] * 3)), {}),
    ((Y[:1],), {}),
    ((np.broadcast_to(0.5, 6),), {}),
]


@pytest.mark.parametrize("order", range(3))
def test_every_call_is_what_it_is_alone(order):
    pair = Pair(model, guide)
    listed = [CALLS[k] for k in np.random.default_rng(order).permutation(len(CALLS) * 2) % len(CALLS)]
    for args, kwargs in listed:
        assert loss(pair, args, kwargs) == loss(Pair(model, guide), args, kwargs)


def reading_guide(y, scale=1.0, *, shift=0.0):
    sample("m", dist.Normal(param("loc", 0.3) + y[0], 0.5))


def test_values_that_model_and_guide_share_or_do_not():
    pair, other = Pair(model, reading_guide), Y + 1.0
    losses = []
    for theirs in (Y, other, Y, Y.copy(), other):
        losses.append(loss(pair, (Y,), {}, (theirs,)))
        np.testing.assert_allclose(losses[-1], loss(Pair(model, reading_guide), (Y,), {}, (theirs,)), rtol=1e-13)
    assert losses[0] != losses[1]


def test_content_changed_in_place_is_seen():
    pair, data = Pair(model, guide), Y.copy()
    before = loss(pair, (data,), {})
    data += 1.0
    assert loss(pair, (data,), {}) == loss(Pair(model, guide), (data,), {}) != before


def test_what_comes_from_outside_may_change(monkeypatch):
    pair = Pair(model, guide)
    before = loss(pair, (Y,), {})
    monkeypatch.setitem(globals(), "LEVEL", 4.0)
    changed = loss(pair, (Y,), {})
    assert changed == loss(Pair(model, guide), (Y,), {}) != before
    monkeypatch.setitem(globals(), "scaled", lambda value: value * 3.0)
    assert loss(pair, (Y,), {}) == loss(Pair(model, guide), (Y,), {}) != changed


def inner(value):
    return value * 2.0


def outer(value):
    return inner(value)


def deep(y, scale=1.0, *, shift=0.0):
    m = sample("m", dist.Normal(shift, 1.0))
    with plate("data", len(y)):
        sample("y", dist.Normal(outer(m), scale), obs=y)


def test_a_helper_of_a_helper_may_change(monkeypatch):
    pair = Pair(deep, guide)
    before = loss(pair, (Y,), {})
    monkeypatch.setitem(globals(), "inner", lambda value: value * 3.0)
    assert loss(pair, (Y,), {}) == loss(Pair(deep, guide), (Y,), {}) != before


def test_defaults_of_the_function_may_change(monkeypatch):
    pair = Pair(model, guide)
    before = loss(pair, (Y,), {})
    for function in (model, guide):
        monkeypatch.setattr(function, "__defaults__", (2.0,))
    by_place = loss(pair, (Y,), {})
    assert by_place == loss(Pair(model, guide), (Y,), {}) != before
    for function in (model, guide):
        monkeypatch.setattr(function, "__kwdefaults__", {"shift": 1.0})
    assert loss(pair, (Y,), {}) == loss(Pair(model, guide), (Y,), {}) != by_place


def test_no_check_is_lost_after_a_good_call():
    pair = Pair(coin, coin_guide)
    good = np.array([0.0, 1.0, 1.0])
    for _ in range(2):
        loss(pair, (good,), {})
    with pytest.raises(DataError, match="NaN"):
        loss(pair, (np.array([0.0, np.nan]),), {})
    with pytest.raises(DataError, match="outside the support"):
        loss(pair, (np.array([0.0, 1.0, 2.0]),), {})
    with pytest.raises(DataError, match="does not fit"):
        loss(pair, (good, good), {})
    with pytest.raises(DataError):
        loss(pair, (np.array(["a", "b"]),), {})
    assert loss(pair, (good,), {}) == loss(Pair(coin, coin_guide), (good,), {})


def test_particles_and_sizes_have_layouts_of_their_own():
    pair = Pair(coin, coin_guide)
    flips = rng.integers(0, 2, 12).astype(float)
    for size in (12, 5, 7, 12, 3, 2, 1, 5):
        for particles in (1, 3):
            alone = loss(Pair(coin, coin_guide), (flips[:size],), {}, particles=particles)
            assert loss(pair, (flips[:size],), {}, particles=particles) == alone
