"""The normal cdf and its relatives: against mpmath far out in both tails, at the edges, beside their NumPy meaning."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from mpmath import mp
from ulp_harness import evaluate, magnitudes, worst_ulp

from vicompile.ir.primitives import primitives

INF, NAN = np.inf, np.nan


def uniform(low: float, high: float) -> Any:
    return np.random.default_rng(11).uniform(low, high, 800)


def log_cdf(x: Any) -> Any:
    """log ndtr(x): by erfc, and far out by the continued fraction of Mills' ratio."""
    if x > 0:
        return mp.log1p(-mp.erfc(x / mp.sqrt(2)) / 2)
    return mp.log(mp.erfc(-x / mp.sqrt(2)) / 2) if x > -1000 else -x * x / 2 - mp.log(2 * mp.pi) / 2 - mp.log(mills(-x))


def mills(x: Any) -> Any:
    """1 / Mills' ratio at a large x: x + 1 / (x + 2 / (x + 3 / ...))."""
    value = x
    for k in range(60, 0, -1):
        value = x + k / value
    return value


def slope(x: Any) -> Any:
    return mp.npdf(x) / (mp.erfc(-x / mp.sqrt(2)) / 2) if x > -1000 else mills(-x)


@pytest.mark.parametrize(
    ("name", "exact", "limit", "x"),
    [
        ("ndtr", lambda x: mp.erfc(-x / mp.sqrt(2)) / 2, 6.0, uniform(-37.5, 9.0)),
        ("ndtr", lambda x: mp.erfc(-x / mp.sqrt(2)) / 2, 6.0, uniform(-2.0, 2.0)),
        ("ndtr", lambda x: mp.erfc(-x / mp.sqrt(2)) / 2, 6.0, magnitudes(1e-300, 5.0, 500, 1)),
        ("log_ndtr", log_cdf, 5.0, uniform(-60.0, 0.0)),
        ("log_ndtr", log_cdf, 8.0, uniform(0.0, 37.5)),
        ("log_ndtr", log_cdf, 5.0, magnitudes(1e-300, 3.0, 500, 2)),
        ("log_ndtr", log_cdf, 5.0, -magnitudes(10.0, 1e150, 500, 3, signed=False)),
        ("log_ndtr_slope", slope, 8.0, uniform(-60.0, 37.0)),
        ("log_ndtr_slope", slope, 8.0, magnitudes(1e-300, 3.0, 500, 4)),
        ("log_ndtr_slope", slope, 6.0, -magnitudes(10.0, 1e300, 500, 5, signed=False)),
    ],
)
def test_error_in_ulp(name: str, exact: Any, limit: float, x: Any) -> None:
    worst, at = worst_ulp(name, exact, x)
    assert worst <= limit, f"{name}({at!r}) is {worst:.2f} ulp off"


def test_the_quantile_of_a_log_probability() -> None:
    y = np.concatenate(
        [
            -magnitudes(1e-300, 1.0, 400, 6, signed=False),
            uniform(-3.0, 0.0)[:300],
            uniform(-800.0, -0.5)[:300],
            [-756.0, -756.3, np.log(0.5), np.log(0.075), np.log(0.925)],
            -magnitudes(700.0, 1e305, 400, 7, signed=False),
        ]
    )
    with mp.workdps(400):
        for yi, xi in zip(y.tolist(), evaluate("ndtri_exp", y).tolist()):
            # One Newton step from the answer is its error, to second order.
            x = mp.mpf(xi)
            error = (log_cdf(x) - mp.mpf(yi)) / slope(x)
            assert abs(error) <= mp.mpf("3e-15") * abs(x) + mp.mpf("2e-16"), yi


EDGES = {
    "ndtr": [(0.0, 0.5), (INF, 1.0), (-INF, 0.0), (NAN, NAN), (60.0, 1.0), (-60.0, 0.0), (-1e300, 0.0)],
    "log_ndtr": [(INF, 0.0), (-INF, -INF), (NAN, NAN), (60.0, 0.0), (-1e300, -INF), (1e300, 0.0)],
    "log_ndtr_slope": [(INF, 0.0), (-INF, INF), (NAN, NAN), (60.0, 0.0), (1e300, 0.0), (-1e300, 1e300)],
    "ndtri_exp": [(0.0, INF), (-INF, -INF), (0.1, NAN), (INF, NAN), (NAN, NAN)],
}


@pytest.mark.parametrize("name", EDGES)
def test_edges(name: str) -> None:
    x, want = (np.array(column) for column in zip(*EDGES[name]))
    np.testing.assert_array_equal(evaluate(name, x), want)


@pytest.mark.parametrize("name", EDGES)
def test_the_primitive_means_the_same(name: str) -> None:
    x = -magnitudes(1e-3, 1e4, 300, 8, signed=False)
    x = x if name == "ndtri_exp" else np.concatenate([x, -x[np.abs(x) < 37.0]])
    # A meaning of NumPy's may round the exponent of a number as small as exp(-700).
    np.testing.assert_allclose(primitives()[name].evaluate(x), evaluate(name, x), rtol=1e-12, atol=1e-300)
