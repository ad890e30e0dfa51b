"""param and the store behind it."""

from __future__ import annotations

import numpy as np
import pytest

import vicompile.distributions as dist
from vicompile import constraints
from vicompile import language as vc


@pytest.fixture(autouse=True)
def _empty_store():
    vc.clear_param_store()
    yield
    vc.clear_param_store()


def test_the_first_value_wins_and_is_given_back_exactly() -> None:
    assert vc.param("alpha_q", 15.0, constraint=constraints.positive).item() == 15.0
    assert vc.param("alpha_q", 3.0, constraint=constraints.positive) == 15.0
    assert vc.param("alpha_q") == 15.0
    assert vc.get_param_store()["alpha_q"] == 15.0


def test_the_store_keeps_unconstrained_numbers() -> None:
    vc.param("s", [1.0, np.e], constraint=constraints.positive)
    store = vc.get_param_store()
    np.testing.assert_allclose(store.unconstrained("s"), [0.0, 1.0], atol=1e-15)
    store.set_unconstrained("s", [2.0, 0.0], constraints.positive)
    np.testing.assert_allclose(vc.param("s"), np.exp([2.0, 0.0]))
    assert store.constraint("s") == constraints.positive
    store["s"] = [3.0, 4.0]
    np.testing.assert_allclose(store.unconstrained("s"), np.log([3.0, 4.0]))
    with pytest.raises(ValueError, match=r"the initial value of `s` at index 1 is -4\.0"):
        store["s"] = [3.0, -4.0]


def test_values_are_copies() -> None:
    vc.param("w", np.zeros(3))[0] = 7.0
    vc.get_param_store().unconstrained("w")[0] = 7.0
    given = np.ones(2)
    vc.param("v", given)
    given[0] = 9.0
    np.testing.assert_array_equal(vc.param("w"), np.zeros(3))
    np.testing.assert_array_equal(vc.param("v"), np.ones(2))


def test_the_store_is_a_dictionary() -> None:
    vc.param("a", 1)
    vc.param("b", [1, 2])
    store = vc.get_param_store()
    assert list(store) == list(store.keys()) == ["a", "b"]
    assert ("a" in store, "c" in store, len(store)) == (True, False, 2)
    assert [value.shape for value in store.values()] == [(), (2,)]
    assert dict(store.items())["a"] == 1.0
    assert store.get_param("a") == 1.0
    assert store.setdefault("c", 2.0, constraints.positive) == 2.0
    del store["a"]
    assert "a" not in store
    vc.clear_param_store()
    assert len(store) == 0


def test_versions_grow_with_every_change() -> None:
    store = vc.get_param_store()
    seen, before = [store.version()], store.version("a")
    vc.param("a", 1.0)
    seen.append(store.version())
    vc.param("a", 2.0)
    assert store.version() == seen[-1]
    store["a"] = 2.0
    seen.append(store.version())
    vc.clear_param_store()
    seen.append(store.version())
    assert seen == sorted(set(seen))
    assert store.version("a") == before + 3


def test_init_may_be_a_function() -> None:
    assert vc.param("a", lambda: 3.0) == 3.0
    with vc.seed(4):
        first = vc.param("b", lambda key: dist.Normal().sample(key, (2,)))
    assert first.shape == (2,)
    vc.clear_param_store()
    with vc.seed(4):
        np.testing.assert_array_equal(vc.param("b", lambda key: dist.Normal().sample(key, (2,))), first)
    assert vc.param("c", lambda size=2: size) == 2.0
    assert vc.param("d", init_value=3.0) == vc.param("e", init_tensor=3.0) == 3.0
    with pytest.raises(TypeError, match="one argument under three names"):
        vc.param("f", 1.0, init_value=2.0)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: vc.param("alpha_p"), KeyError, "no parameter `alpha_p` .*; the nearest known name is `alpha_q`"),
        (lambda: vc.param("x", [[1.0], [-2.0]], constraints.positive), ValueError,
         r"param: the initial value of `x` at index \(1, 0\) is -2.0, expected positive \(x > 0\)"),
        (lambda: vc.param("x", np.nan), ValueError, "the initial value of `x` is nan, expected real"),
        (lambda: vc.param("x", 1.0, constraints.unit_interval), ValueError, "lies on the boundary of unit_interval"),
        (lambda: vc.param("x", 1.0, constraints.boolean), TypeError, r"`x` cannot be learned: boolean \(0 or 1\)"),
        (lambda: vc.param("x", "one"), TypeError, "param `x`: the argument `init` is 'one' of type str"),
        (lambda: vc.param("x", 1.0, "positive"), TypeError, "param `x`: expected a constraint .*, got 'positive'"),
        (lambda: vc.param(3, 1.0), TypeError, "param: the first argument is the name, a string; got 3"),
    ],
)  # fmt: skip
def test_faults_are_told(call, kind, message) -> None:
    vc.param("alpha_q", 1.0)
    with pytest.raises(kind, match=message):
        call()
    assert "x" not in vc.get_param_store()
