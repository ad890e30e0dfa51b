"""Densities: against SciPy, against multiprecision arithmetic at the ends of the range, their integral, their
gradients.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from distribution_row import Row
from distribution_rows import BY_NAME, CASE_NAMES, CASES, ROWS
from scipy import integrate
from settings import is_discrete, is_inner, many_digits, shifted

from vicompile.autodiff import gradient
from vicompile.distributions.listing import families
from vicompile.distributions.made import MadeOfOthers
from vicompile.ir import ops
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, Input, make

EPS = np.finfo(float).eps


def split(keep: Callable[[Row, Any], bool]) -> tuple[list[tuple[Row, dict[str, Any]]], list[str]]:
    kept = [(case, name) for case, name in zip(CASES, CASE_NAMES) if keep(case[0], case[0].kind(**case[1]))]
    return [case for case, _ in kept], [name for _, name in kept]


CONTINUOUS, CONTINUOUS_NAMES = split(
    lambda row, d: not d.is_discrete and row.kind.__name__ not in ("Delta", "Unit", "ImproperUniform")
)
DISCRETE, DISCRETE_NAMES = split(lambda row, d: d.is_discrete)
ON_THE_LINE, ON_THE_LINE_NAMES = split(
    lambda row, d: not d.is_discrete and row.is_normalised and d.event_dim == 0 and row.kind.__name__ != "Delta"
)
COUNTED, COUNTED_NAMES = split(lambda row, d: d.is_discrete and d.event_dim == 0)


def test_every_distribution_has_a_row() -> None:
    own = {name for name, kind in families().items() if not issubclass(kind, MadeOfOthers)}
    assert own == set(BY_NAME)


def exact(row: Row, setting: dict[str, Any], x: Any) -> float:
    # so many digits that 1 - exp(-700) is not 1
    with mp.workdps(900):
        return float(row.exact(many_digits(x), **{k: many_digits(v) for k, v in setting.items()}))


def assert_close(found: float, expected: float, magnitude: float = 0.0) -> None:
    if np.isinf(expected):
        assert found == expected
    else:
        assert abs(found - expected) <= 16 * EPS * max(abs(expected), magnitude)


@pytest.mark.parametrize(("row", "setting"), CASES, ids=CASE_NAMES)
def test_density_is_exact_at_ordinary_points(row: Row, setting: dict[str, Any]) -> None:
    d = row.kind(**setting)
    for x in row.points:
        if np.all(d.support.check(x)):
            assert_close(d.log_prob(x), exact(row, setting, x), magnitude=100.0)


@pytest.mark.parametrize(("row", "setting"), CASES, ids=CASE_NAMES)
def test_density_agrees_with_scipy(row: Row, setting: dict[str, Any]) -> None:
    if row.scipy is None:
        pytest.skip("SciPy has no such distribution")
    frozen = row.scipy(**setting)
    d = row.kind(**setting)
    inside = np.array([x for x in row.points if np.all(d.support.check(x))])
    expected = frozen.logpmf(inside) if d.is_discrete else frozen.logpdf(inside)
    np.testing.assert_allclose(row.kind(**setting).log_prob(inside), expected, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("row", ROWS, ids=[row.kind.__name__ for row in ROWS])
def test_density_is_right_at_extreme_points(row: Row) -> None:
    for setting, x, magnitude in row.extremes:
        assert_close(row.kind(**setting).log_prob(x), exact(row, setting, x), magnitude)


@pytest.mark.parametrize(("row", "setting"), ON_THE_LINE, ids=ON_THE_LINE_NAMES)
def test_density_integrates_to_one(row: Row, setting: dict[str, Any]) -> None:
    d = row.kind(**setting)
    t = np.linspace(-50.0, 50.0, 40001)
    if d.support.name == "real":
        # sinh tames heavy tails, and its centre puts a kink at the location on the grid
        x, log_slope = setting.get("loc", 0.0) + np.sinh(t), np.log(np.cosh(t))
    elif np.isfinite(d.support.high):
        t = t * 0.7
        x, log_slope = d.support.transform(t), d.support.log_abs_det(t)
    else:
        x, log_slope = d.support.transform(t), d.support.log_abs_det(t)
    assert integrate.simpson(np.exp(d.log_prob(x) + log_slope), x=t) == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize(("row", "setting"), COUNTED, ids=COUNTED_NAMES)
def test_mass_sums_to_one(row: Row, setting: dict[str, Any]) -> None:
    d = row.kind(**setting)
    high = d.support.high if np.isfinite(d.support.high) else 1000
    assert np.exp(d.log_prob(np.arange(d.support.low, high + 1.0))).sum() == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(("row", "setting"), CONTINUOUS + DISCRETE, ids=CONTINUOUS_NAMES + DISCRETE_NAMES)
def test_graph_has_the_value_and_the_gradient_of_the_eager_density(row: Row, setting: dict[str, Any]) -> None:
    d = row.kind(**setting)
    own = len(d.own_event_shape)
    # away from the boundary and from kinks, so that a difference quotient exists
    points = np.array([x for x in row.points if np.all(d.support.check(x)) and is_inner(d, x)])
    points = points if own else points[~np.isin(points, row.kinks)]
    node = make(Input, FLOAT, points.shape, name="x", role="data")
    # a missing bound stays the number that it is
    known = {name: np.asarray(v, float) for name, v in d.numbers().items() if np.isfinite(v).all()}
    inputs = {name: make(Input, FLOAT, v.shape, name=name, role="param") for name, v in known.items()}
    density = d.with_params(lambda name, value: inputs.get(name, value)).elementwise_log_prob(node)
    assert density.shape == points.shape[: points.ndim - own]
    values = {node: points, **{inputs[name]: v for name, v in known.items()}}
    np.testing.assert_allclose(interpret([density], values, {})[0], d.log_prob(points), rtol=1e-12, atol=1e-12)

    learnable = [name for name in inputs if not is_discrete(d, name)]
    wrt = [inputs[name] for name in learnable] + ([] if d.is_discrete else [node])
    found = interpret(gradient(ops.total(density), wrt), values, {})
    for name, slope in zip(learnable, found):
        numbers = np.asarray(d.numbers()[name], float)
        for place in np.ndindex(numbers.shape):

            def moved(h: float, name: str = name, place: tuple[int, ...] = place) -> float:
                other = d.with_params(lambda n, v: shifted(v, place, h) if n == name else v)
                return np.broadcast_to(type(d).log_density(points, **other.params), density.shape).sum()

            assert slope[place] == pytest.approx(difference(moved, numbers[place]), rel=1e-8, abs=1e-8)
    if not d.is_discrete and not own:
        # steps small against the distance to the boundary, where densities are singular
        reach = np.where(points == 0.0, 1.0, np.abs(points))
        reach = np.minimum(reach, np.minimum(d.support.high - points, points - d.support.low))
        expected = np.array([difference(lambda h, x=x: d.log_prob(x + h), r) for x, r in zip(points, reach)])
        np.testing.assert_allclose(found[-1], expected, rtol=1e-8, atol=1e-8)

    if not d.is_discrete and own:
        for place in np.ndindex(points.shape):

            def at(h: float, place: tuple[int, ...] = place) -> float:
                return np.sum(type(d).log_density(shifted(points, place, h), **d.params))

            expected = difference(at, points[place])
            # An interval of a censored value may end where the difference would leave its order.
            if np.isfinite(expected):
                assert found[-1][place] == pytest.approx(expected, rel=1e-8, abs=1e-8)


def difference(f, at: float):
    """Central differences of fourth order."""
    h = 1e-3 * abs(at) if at else 1e-3
    return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h)


def test_outside_the_support_and_nan() -> None:
    for row, setting in CASES:
        d = row.kind(**setting)
        if d.event_dim:
            continue
        assert np.isnan(d.log_prob(np.nan))
        if d.support.name in ("positive", "nonnegative"):
            assert d.log_prob(-1.0) == -np.inf
        if np.isfinite(d.support.high):
            assert d.log_prob(d.support.high + 1) == -np.inf
        if d.is_discrete:
            assert d.log_prob(0.5) == -np.inf
