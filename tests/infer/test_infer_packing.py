"""Values of fits as JSON and arrays: what is unpacked is what was packed, with its type; nothing else is taken."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.compiler import ParamSlot
from vicompile.diagnostics import Record
from vicompile.infer.fitting.diagonal import Diagonal
from vicompile.infer.packing import RECORDS, pack, unpack
from vicompile.svi.state import make_state


def there_and_back(value):
    arrays = {}
    written = json.loads(json.dumps(pack(value, "it", arrays), allow_nan=False))
    assert all(name.startswith("it") for name in arrays)
    return unpack(written, arrays)


def assert_same(one, other):
    assert type(one) is type(other)
    if isinstance(one, np.ndarray):
        assert (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    elif isinstance(one, (list, tuple)):
        assert len(one) == len(other)
        for a, b in zip(one, other):
            assert_same(a, b)
    elif isinstance(one, dict):
        assert list(one) == list(other)
        for key in one:
            assert_same(one[key], other[key])
    elif isinstance(one, Record):
        for field in one._fields:
            assert_same(getattr(one, field), getattr(other, field))
    else:
        assert one == other or (one != one and other != other)


def kind_of(value):
    """Not its text, which may hold an address."""
    return type(value).__name__


@pytest.mark.parametrize(
    "value",
    [
        None, True, 0, -(2**70), 2**64 - 1, 0.1, -0.0, np.inf, -np.inf, np.nan, "", "nan", np.float64(0.1), np.int64(3),
        np.bool_(True), np.zeros(0), np.arange(6).reshape(2, 3).T, np.array([True]), np.array(3.0), np.float32([1.5]),
        [], (), {}, [1, (2.0, [np.ones(2)])], {"array": np.ones(1), "a.b": np.ones(2), "a": {"b": np.ones(3)}},
        constraints.interval(0.0, np.array([1.0, np.inf])), ParamSlot("w", constraints.simplex, 3, (4,), (3,)),
        Diagonal(np.zeros(2), np.ones(2)), [{"x": np.ones(())}, 3.0],
    ],
    ids=kind_of,
)  # fmt: skip
def test_values_are_read_as_they_were(value):
    assert_same(there_and_back(value), value)


def test_names_that_would_meet_are_kept_apart():
    value = {"a.b": np.zeros(1), "a": {"b": np.ones(1)}}
    arrays = {}
    pack(value, "it", arrays)
    assert len(arrays) == 2


def test_a_state_stays_read_only():
    state = make_state(np.zeros(3), np.ones((2, 3)), 7, 2**64 - 1)
    again = there_and_back(state)
    assert (again.step, again.seed) == (7, 2**64 - 1)
    assert not again.params.flags.writeable
    assert not again.optimizer_state.flags.writeable


class Other(Record):
    value: float


@pytest.mark.parametrize(
    "value",
    [object(), np.array([None]), {1: 2.0}, {3}, Other(1.0), lambda: None, b"x", 1j],
    ids=kind_of,
)
def test_anything_else_is_refused_by_its_name(value):
    with pytest.raises(TypeError, match=r"`it\.0` is "):
        pack([value], "it", {})


def test_a_constraint_of_the_users_own_is_refused_by_the_name_of_its_parameter():
    class Even(type(constraints.real)):
        pass

    with pytest.raises(TypeError, match="parameter `w`: the constraint even"):
        pack(ParamSlot("w", Even("even"), 0, (), ()), "it", {})


def test_a_file_cannot_name_what_is_not_listed():
    for written in ({"record": "Popen", "fields": {}}, {"record": "__class__", "fields": {}}, {"call": "print"}):
        with pytest.raises((KeyError, ValueError)):
            unpack(written, {})
    assert all(issubclass(kind, Record) or kind.__name__ == "SVIState" for kind in RECORDS.values())


def regression(x, y):
    w = vc.sample("w", dist.Normal(np.zeros(2), 1.0).to_event(1))
    s = vc.sample("s", dist.HalfNormal(1.0))
    vc.deterministic("double", 2.0 * w)
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Normal(x @ w, s), obs=y)


@pytest.mark.parametrize("family", ["fullrank", "meanfield"])
def test_a_fit_without_tuning_is_kept_too(tmp_path, family):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(30, 2))
    y = x @ np.array([1.0, -1.0]) + rng.normal(size=30)
    fit = vc.fit(regression, x, y, family=family)
    fit.save(tmp_path / "regression.fit")
    loaded = vc.load_fit(tmp_path / "regression.fit")
    assert type(loaded) is type(fit)
    assert repr(loaded) == repr(fit)
    assert_same(loaded.sample(20, seed=4), fit.sample(20, seed=4))
    assert_same(loaded.mean(), fit.mean())
    assert_same(loaded.std_linear_response(), fit.std_linear_response())
    assert list(loaded.slots) == list(fit.slots)
    with pytest.raises(ValueError, match=r"`result.bound_to\(model, \*args\)`"):
        loaded.predictive()
    assert str(loaded.bound_to(regression, x, y).summary()) == str(fit.summary())
    assert repr(pickle.loads(pickle.dumps(fit))) == repr(fit)
    assert (loaded.quality, loaded.k_hat, loaded.elbo) == (fit.quality, fit.k_hat, fit.elbo)
