"""Densities: against SciPy, against multiprecision arithmetic at the ends of the range, their integral, their
gradients.
"""

from __future__ import annotations

from collections.abc import Callable

import mpmath as mp
import numpy as np
import pytest
from distribution_row import Row
from distribution_rows import BY_NAME, CASE_NAMES, CASES, ROWS
from scipy import integrate

from vicompile.autodiff import gradient
from vicompile.distributions.listing import families
from vicompile.ir import ops
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, Input, make

EPS = np.finfo(float).eps


def split(keep: Callable[[type], bool]) -> tuple[list[tuple[Row, dict[str, float]]], list[str]]:
    kept = [(case, name) for case, name in zip(CASES, CASE_NAMES) if keep(case[0].kind)]
    return [case for case, _ in kept], [name for _, name in kept]


CONTINUOUS, CONTINUOUS_NAMES = split(lambda kind: not kind.is_discrete and kind.__name__ != "Delta")
DISCRETE, DISCRETE_NAMES = split(lambda kind: kind.is_discrete)


def test_every_distribution_has_a_row() -> None:
    assert set(families()) == set(BY_NAME)


def exact(row: Row, setting: dict[str, float], x: float) -> float:
    # so many digits that 1 - exp(-700) is not 1
    with mp.workdps(700):
        return float(row.exact(mp.mpf(x), **{k: mp.mpf(v) for k, v in setting.items()}))


def assert_close(found: float, expected: float, magnitude: float = 0.0) -> None:
    if np.isinf(expected):
        assert found == expected
    else:
        assert abs(found - expected) <= 16 * EPS * max(abs(expected), magnitude)


@pytest.mark.parametrize(("row", "setting"), CASES, ids=CASE_NAMES)
def test_density_is_exact_at_ordinary_points(row: Row, setting: dict[str, float]) -> None:
    d = row.kind(**setting)
    for x in row.points:
        if d.support.check(x):
            assert_close(d.log_prob(x), exact(row, setting, x), magnitude=100.0)


@pytest.mark.parametrize(("row", "setting"), CASES, ids=CASE_NAMES)
def test_density_agrees_with_scipy(row: Row, setting: dict[str, float]) -> None:
    if row.scipy is None:
        pytest.skip("SciPy has no such distribution")
    frozen = row.scipy(**setting)
    inside = np.array([x for x in row.points if row.kind(**setting).support.check(x)])
    expected = frozen.logpmf(inside) if row.kind.is_discrete else frozen.logpdf(inside)
    np.testing.assert_allclose(row.kind(**setting).log_prob(inside), expected, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("row", ROWS, ids=list(BY_NAME))
def test_density_is_right_at_extreme_points(row: Row) -> None:
    for setting, x, magnitude in row.extremes:
        assert_close(row.kind(**setting).log_prob(x), exact(row, setting, x), magnitude)


@pytest.mark.parametrize(("row", "setting"), CONTINUOUS, ids=CONTINUOUS_NAMES)
def test_density_integrates_to_one(row: Row, setting: dict[str, float]) -> None:
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


@pytest.mark.parametrize(("row", "setting"), DISCRETE, ids=DISCRETE_NAMES)
def test_mass_sums_to_one(row: Row, setting: dict[str, float]) -> None:
    d = row.kind(**setting)
    high = d.support.high if np.isfinite(d.support.high) else 1000
    assert np.exp(d.log_prob(np.arange(high + 1.0))).sum() == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(("row", "setting"), CONTINUOUS + DISCRETE, ids=CONTINUOUS_NAMES + DISCRETE_NAMES)
def test_graph_has_the_value_and_the_gradient_of_the_eager_density(row: Row, setting: dict[str, float]) -> None:
    d = row.kind(**setting)
    # away from the boundary and from kinks, so that a difference quotient exists
    points = np.array(
        [x for x in row.points if d.support.check(x) and (d.is_discrete or d.support.low < x < d.support.high)]
    )
    points = points[~np.isin(points, row.kinks)]
    node = make(Input, FLOAT, points.shape, name="x", role="data")
    # a missing bound stays the number that it is
    inputs = {name: make(Input, FLOAT, (), name=name, role="param") for name, v in d.params.items() if np.isfinite(v)}
    density = d.with_params(lambda name, value: inputs.get(name, value)).elementwise_log_prob(node)
    assert density.shape == points.shape
    values = {node: points, **{inputs[name]: np.float64(d.params[name]) for name in inputs}}
    np.testing.assert_allclose(interpret([density], values, {})[0], d.log_prob(points), rtol=1e-12, atol=1e-12)

    learnable = [name for name in inputs if name != "total_count"]
    wrt = [inputs[name] for name in learnable] + ([] if d.is_discrete else [node])
    found = interpret(gradient(ops.total(density), wrt), values, {})
    for name, slope in zip(learnable, found):

        def moved(h: float, name: str = name) -> float:
            return np.broadcast_to(
                row.kind.log_density(points, **{**d.params, name: d.params[name] + h}), points.shape
            ).sum()

        expected = difference(moved, d.params[name])
        assert slope == pytest.approx(expected, rel=1e-8, abs=1e-8)
    if not d.is_discrete:
        # steps small against the distance to the boundary, where densities are singular
        reach = np.where(points == 0.0, 1.0, np.abs(points))
        reach = np.minimum(reach, np.minimum(d.support.high - points, points - d.support.low))
        expected = np.array([difference(lambda h, x=x: d.log_prob(x + h), r) for x, r in zip(points, reach)])
        np.testing.assert_allclose(found[-1], expected, rtol=1e-8, atol=1e-8)


def difference(f, at: float):
    """Central differences of fourth order."""
    h = 1e-3 * abs(at) if at else 1e-3
    return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h)


def test_outside_the_support_and_nan() -> None:
    for row, setting in CASES:
        d = row.kind(**setting)
        assert np.isnan(d.log_prob(np.nan))
        if d.support.name in ("positive", "nonnegative"):
            assert d.log_prob(-1.0) == -np.inf
        if np.isfinite(d.support.high):
            assert d.log_prob(d.support.high + 1) == -np.inf
        if d.is_discrete:
            assert d.log_prob(0.5) == -np.inf
