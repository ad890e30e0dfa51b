"""Closed forms and draws of every continuous family against quadrature of its own density, SciPy or not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from distribution_row import Row
from distribution_rows import CASE_NAMES, CASES
from scipy import integrate

COUNT = 20_000


def has_an_integral(row: Row, setting: dict[str, Any]) -> bool:
    d = row.kind(**setting)
    return row.is_normalised and not d.is_discrete and not d.event_dim and row.kind.__name__ != "Delta"


SMOOTH = [(c, n) for c, n in zip(CASES, CASE_NAMES) if has_an_integral(*c)]
every_case = pytest.mark.parametrize(("row", "setting"), [c for c, _ in SMOOTH], ids=[n for _, n in SMOOTH])


class Grid:
    """Points of the support, and the probability that belongs to each under Simpson's rule."""

    def __init__(self, d: Any, centre: float) -> None:
        t = np.linspace(-60.0, 60.0, 48001)
        if d.support.name == "real":
            self.x, log_slope = centre + np.sinh(t), np.log(np.cosh(t))
        else:
            t = t * 0.7 if np.isfinite(d.support.low) and np.isfinite(d.support.high) else t
            # the map to the numbers below a bound falls
            t = -t if d.support.name.startswith("less_than") else t
            self.x, log_slope = d.support.transform(t), d.support.log_abs_det(t)
        self.log_density = d.log_prob(self.x)
        with np.errstate(all="ignore"):
            self.height = np.exp(self.log_density + log_slope)
        self.t = np.sort(t)

    def mean(self, values: Any) -> float:
        with np.errstate(all="ignore"):
            return float(integrate.simpson(np.where(self.height > 0.0, values * self.height, 0.0), x=self.t))

    def cdf(self) -> Any:
        return integrate.cumulative_simpson(self.height, x=self.t, initial=0.0)


def grid_of(row: Row, setting: dict[str, Any]) -> tuple[Any, Grid]:
    d = row.kind(**setting)
    return d, Grid(d, setting.get("loc", 0.0))


@every_case
def test_mean_variance_and_entropy(row: Row, setting: dict[str, Any]) -> None:
    d, grid = grid_of(row, setting)
    if row.kind._mean is not None and np.isfinite(d.mean) and not row.is_circular:
        assert d.mean == pytest.approx(grid.mean(grid.x), rel=1e-8, abs=1e-9)
    if row.is_circular:
        assert d.mean == setting["loc"]
        assert d.variance == pytest.approx(1.0 - grid.mean(np.cos(grid.x - setting["loc"])), rel=1e-8)
    elif row.kind._variance is not None and np.isfinite(d.variance):
        spread = np.square(grid.x - grid.mean(grid.x))
        assert d.variance == pytest.approx(grid.mean(spread), rel=1e-8)
    if row.kind._entropy is not None:
        assert d.entropy() == pytest.approx(-grid.mean(grid.log_density), rel=1e-8, abs=1e-8)


@every_case
def test_cdf_and_its_inverse(row: Row, setting: dict[str, Any]) -> None:
    d, grid = grid_of(row, setting)
    if row.kind._cdf is None:
        pytest.skip("no cdf")
    found = grid.cdf()
    inner = np.flatnonzero((found > 1e-4) & (found < 1.0 - 1e-4))[::50]
    np.testing.assert_allclose(d.cdf(grid.x[inner]), found[inner], rtol=0, atol=1e-7)
    if row.kind._icdf is not None:
        p = np.array([1e-12, 1e-5, 0.01, 0.3, 0.5, 0.9, 0.999])
        x = d.icdf(p)
        rounding = 4 * np.finfo(float).eps * (np.abs(x) + abs(setting.get("loc", 0.0))) * np.exp(d.log_prob(x))
        assert (np.abs(d.cdf(x) - p) <= 1e-9 * p + rounding).all()


@every_case
def test_draws_follow_the_density(row: Row, setting: dict[str, Any]) -> None:
    d, grid = grid_of(row, setting)
    x = np.sort(d.sample((COUNT,), key=20261126))
    assert d.support.check(x).all()
    # only increasing points: rounding may repeat one
    places, first = np.unique(grid.x, return_index=True)
    f = np.interp(x, places, grid.cdf()[first])
    steps = np.arange(COUNT + 1) / COUNT
    distance = max(np.abs(steps[1:] - f).max(), np.abs(f - steps[:-1]).max())
    # Dvoretzky-Kiefer-Wolfowitz: a right sampler goes beyond this once in ten thousand seeds
    assert distance < np.sqrt(np.log(2 / 1e-4) / (2 * COUNT)) + 1e-4
