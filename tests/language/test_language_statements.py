"""sample, plate, deterministic, factor, model, guide and seed, called directly on NumPy."""

from __future__ import annotations

import numpy as np
import pytest

import vicompile.distributions as dist
from vicompile import language as vc


def test_the_compiler_can_recognise_the_words() -> None:
    words = {
        name: getattr(vc, name).__vicompile_primitive__
        for name in ("sample", "param", "plate", "deterministic", "factor")
    }
    assert words == {name: name for name in words}


def test_decorated_functions_stay_themselves() -> None:
    def f() -> int:
        return 3

    assert vc.model(f) is f
    assert f.__vicompile_role__ == "model"
    assert vc.guide(f).__vicompile_role__ == "guide"
    assert f() == 3


def test_a_model_called_directly_draws_from_the_prior() -> None:
    @vc.model
    def coin(data):
        f = vc.sample("fairness", dist.Uniform(0.2, 0.8))
        with vc.plate("flips", len(data)):
            return f, vc.sample("obs", dist.Bernoulli(f), obs=data), vc.sample("new", dist.Bernoulli(f))

    with vc.seed(1):
        f, seen, new = coin([1, 0, 1])
    assert 0.2 < f < 0.8
    np.testing.assert_array_equal(seen, [1, 0, 1])
    assert new.shape == (3,)


def test_seed_restores_what_was_before() -> None:
    vc.set_rng_seed(5)
    first = [vc.sample("a", dist.Normal()), vc.sample("b", dist.Normal())]
    vc.set_rng_seed(5)
    outer = vc.sample("a", dist.Normal())
    with vc.seed(9):
        inner = vc.sample("a", dist.Normal())
    with vc.seed(9):
        assert vc.sample("a", dist.Normal()) == inner
    assert [outer, vc.sample("b", dist.Normal())] == first
    for bad in (-1, 1.5, True):
        with pytest.raises(ValueError, match="seed: a whole number from 0 was expected"):
            vc.seed(bad)


def test_nested_plates_take_dims_from_the_right() -> None:
    with vc.plate("outer", 3) as i:
        np.testing.assert_array_equal(i, [0, 1, 2])
        assert i.dtype == np.int64
        with vc.plate("inner", 2):
            assert vc.sample("x", dist.Normal()).shape == (2, 3)
            assert vc.sample("y", dist.Normal(np.zeros((2, 1)))).shape == (2, 3)
            assert vc.sample("z", dist.Normal(np.zeros((2, 3, 4))).to_event(1)).shape == (2, 3, 4)
        assert vc.sample("x", dist.Normal()).shape == (3,)
    assert vc.sample("x", dist.Normal()).shape == ()
    with vc.plate("a", 3, dim=-2), vc.plate("b", 2):
        assert vc.sample("x", dist.Normal()).shape == (3, 2)


def test_one_plate_can_be_entered_again() -> None:
    rows, columns = vc.plate("rows", 3, dim=-2), vc.plate("columns", 2, dim=-1)
    with rows:
        assert vc.sample("x", dist.Normal()).shape == (3, 1)
    with columns:
        assert vc.sample("y", dist.Normal()).shape == (2,)
    with rows, columns:
        assert vc.sample("z", dist.Normal()).shape == (3, 2)


def test_a_plate_is_closed_also_by_an_error() -> None:
    with pytest.raises(RuntimeError), vc.plate("a", 3):
        raise RuntimeError
    assert vc.sample("x", dist.Normal()).shape == ()


def test_a_plate_is_also_a_loop() -> None:
    assert list(vc.plate("a", 3)) == [0, 1, 2]
    for i in vc.plate("b", 2):
        assert vc.sample(f"x_{i}", dist.Normal()).shape == ()


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: vc.plate("a", -1), ValueError, "plate `a`: the size must be a whole number from 0, got -1"),
        (lambda: vc.plate("a", 2.0), ValueError, "got 2.0"),
        (lambda: vc.plate(3, 2), ValueError, "plate: the name must be a string, got 3"),
        (
            lambda: vc.plate("a", 10, subsample_size=11),
            ValueError,
            "plate `a`: subsample_size must be a whole number from 1 to 10, got 11",
        ),
        (lambda: vc.plate("a", 10, dim=0), ValueError, "must be negative, got 0"),
    ],
)
def test_wrong_plates(make, kind, message) -> None:
    with pytest.raises(kind, match=message):
        make()


def test_plates_that_clash() -> None:
    with vc.plate("a", 3):
        with pytest.raises(ValueError, match="plate `a` is already open"), vc.plate("a", 3):
            pass
        with (
            pytest.raises(ValueError, match="plate `b`: dim -1 is taken by the plate `a` around it"),
            vc.plate("b", 2, dim=-1),
        ):
            pass
        with pytest.raises(ValueError, match=r"site `x`: the plate `a` has size 3 on axis -1.* \(2,\) has 2"):
            vc.sample("x", dist.Normal([0.0, 1.0]))
    assert vc.sample("x", dist.Normal()).shape == ()


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (
            lambda: vc.sample(1, dist.Normal()),
            TypeError,
            "sample: the first argument is the name, a string; got 1 of type int",
        ),
        (
            lambda: vc.sample("x", 3.0),
            TypeError,
            "site `x`: the second argument of sample must be a distribution, got 3.0",
        ),
        (lambda: vc.sample("x", dist.Normal), TypeError, "the class; call it with its arguments"),
        (lambda: vc.sample("x", dist.Normal([0, 1]), obs=[1, 2, 3]), ValueError, r"site `x`: .*\(3,\) and \(2,\)"),
        (
            lambda: vc.sample("x", dist.Normal(), obs="a"),
            TypeError,
            "site `x`: Normal.log_prob: the argument `value` is .*'a'",
        ),
        (lambda: vc.deterministic(1, 2), TypeError, "deterministic: the first argument is the name"),
        (lambda: vc.factor(1, 2), TypeError, "factor: the first argument is the name"),
    ],
)
def test_wrong_statements(call, kind, message) -> None:
    with pytest.raises(kind, match=message):
        call()


def test_deterministic_and_factor() -> None:
    assert vc.deterministic("twice", 4.0) == 4.0
    assert vc.factor("bonus", -1.0) is None
    assert vc.sample("x", dist.Normal(), infer={"enumerate": "parallel"}).shape == ()
