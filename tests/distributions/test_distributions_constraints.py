"""Constraints: membership, the map and its Jacobian, equality by value, words."""

from __future__ import annotations

import numpy as np
import pytest

from vicompile import constraints as c
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, Input, make

SMOOTH = [
    c.real,
    c.positive,
    c.nonnegative,
    c.softplus_positive,
    c.unit_interval,
    c.interval(-2.0, 5.0),
    c.interval([-1.0, 0.0, 2.0, 3.0, -9.0], [0.0, 1.0, 4.0, 8.0, 9.0]),
    c.greater_than(-3.0),
    c.less_than(2.0),
]
NAMES = [f"{k}-{one.name}" for k, one in enumerate(SMOOTH)]
U = np.array([-3.0, -0.5, 0.0, 1.2, 4.0])


def as_bounds(one: c.Constraint) -> c.Constraint:
    return c.interval(np.array(one.low), np.array(one.high)) if isinstance(one.low, list) else one


@pytest.mark.parametrize("one", SMOOTH, ids=NAMES)
def test_round_trip(one: c.Constraint) -> None:
    one = as_bounds(one)
    x = one.transform(U)
    assert one.check(x).all()
    np.testing.assert_allclose(one.inverse(x), U, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("one", SMOOTH, ids=NAMES)
def test_log_abs_det_is_that_of_the_difference_quotient(one: c.Constraint) -> None:
    one = as_bounds(one)
    h = 1e-3
    f = one.transform
    slope = (8 * (f(U + h) - f(U - h)) - (f(U + 2 * h) - f(U - 2 * h))) / (12 * h)
    assert one.log_abs_det(U).shape == U.shape
    np.testing.assert_allclose(one.log_abs_det(U), np.log(np.abs(slope)), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("one", [s for s in SMOOTH if not isinstance(s.low, list)])
def test_graph_agrees_with_numpy(one: c.Constraint) -> None:
    u = make(Input, FLOAT, U.shape, name="u", role="param")
    x = one.transform(u)
    found = interpret([x, one.log_abs_det(u), one.inverse(x)], {u: U}, {})
    np.testing.assert_allclose(found[0], one.transform(U), rtol=1e-14)
    np.testing.assert_allclose(found[1], one.log_abs_det(U), rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(found[2], U, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(
    ("one", "members", "strangers"),
    [
        (c.real, [-1e300, 0.0], [np.inf, -np.inf, np.nan]),
        (c.anything, [-1e300, np.inf], [np.nan]),
        (c.positive, [1e-300, 2.0], [0.0, -1.0, np.inf, np.nan]),
        (c.nonnegative, [0.0, 2.0], [-1e-300, np.inf, np.nan]),
        (c.unit_interval, [0.0, 0.5, 1.0], [-1e-9, 1.1, np.nan]),
        (c.interval(-1, 2), [-1.0, 0.0, 2.0], [-1.1, 2.1, np.nan]),
        (c.greater_than(3), [3.1], [3.0, np.nan, np.inf]),
        (c.less_than(3), [2.9, -5.0], [3.0, np.nan, -np.inf]),
        (c.boolean, [0, 1, True], [2, 0.5, -1, np.nan]),
        (c.integer, [-4, 0, 7], [0.5, np.nan, np.inf]),
        (c.nonnegative_integer, [0, 7], [-1, 0.5, np.nan, np.inf]),
        (c.positive_integer, [1, 7], [0, 1.5, np.nan]),
        (c.integer_interval(2, 4), [2, 4], [1, 5, 2.5]),
    ],
)
def test_check(one: c.Constraint, members: list[float], strangers: list[float]) -> None:
    assert one.check(np.array(members, float)).all()
    assert not one.check(np.array(strangers, float)).any()
    assert one.check(one.inner_point())


def test_equality_is_by_value() -> None:
    assert c.positive == c.greater_than(0)
    assert hash(c.positive) == hash(c.greater_than(0.0))
    assert c.unit_interval == c.interval(0, 1)
    assert c.boolean == c.integer_interval(0, 1)
    assert c.interval(0, 2) != c.interval(0, 3)
    assert c.positive != c.softplus_positive
    assert c.interval(np.zeros(2), np.ones(2)) == c.interval([0, 0], [1, 1])
    a = make(Input, FLOAT, (), name="a", role="param")
    assert c.greater_than(a) == c.greater_than(a)
    assert c.greater_than(a) != c.positive


def test_covers_compares_sets_up_to_their_boundary() -> None:
    assert c.positive.covers(c.nonnegative)
    assert c.softplus_positive.covers(c.positive)
    assert not c.real.covers(c.unit_interval)
    assert not c.unit_interval.covers(c.real)
    assert not c.boolean.covers(c.unit_interval)
    assert c.real.covers(c.anything)
    assert c.anything.covers(c.positive)


def test_words() -> None:
    assert c.positive.describe() == "positive (x > 0)"
    assert c.interval(-1, 2.5).describe() == "interval (-1 <= x <= 2.5)"
    assert c.boolean.describe() == "boolean (0 or 1)"
    assert c.nonnegative_integer.describe() == "nonnegative_integer (a whole number from 0)"
    assert repr(c.real) == "real"


def test_faults_are_told() -> None:
    with pytest.raises(ValueError, match=r"interval\(2, 1\): the lower bound must be below the upper one"):
        c.interval(2, 1)
    with pytest.raises(TypeError, match=r"boolean \(0 or 1\) has no smooth map from the real line"):
        c.boolean.transform(0.0)
    with pytest.raises(AttributeError, match="cannot be changed"):
        c.positive.low = 3.0
