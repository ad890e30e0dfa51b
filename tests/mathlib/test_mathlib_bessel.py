"""The scaled Bessel functions against mpmath, at the edges, and beside their NumPy meaning."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from mpmath import mp
from ulp_harness import evaluate, magnitudes, worst_ulp

from vicompile.ir import ops
from vicompile.ir.primitives import primitives

INF, NAN = np.inf, np.nan
NEAR = np.array([7.999999, 8.0, np.nextafter(8.0, 9.0), 8.000001])


def log_i0e(x: Any) -> Any:
    with mp.workdps(120):
        x = abs(x)
        return mp.log(mp.besseli(0, x)) - x


def ratio(x: Any) -> Any:
    with mp.workdps(120):
        x = abs(x)
        return mp.besseli(1, x) / mp.besseli(0, x)


@pytest.mark.parametrize(
    ("name", "exact", "limit", "x"),
    [
        ("log_bessel_i0e", log_i0e, 4.0, magnitudes(1e-40, 1.0, 400, 1)),
        ("log_bessel_i0e", log_i0e, 6.0, magnitudes(1.0, 1e15, 400, 2)),
        ("log_bessel_i0e", log_i0e, 6.0, NEAR),
        ("log_bessel_i0e_slope", lambda x: mp.sign(x) * (ratio(x) - 1), 4.0, magnitudes(1e-40, 1.0, 400, 3)),
        ("log_bessel_i0e_slope", lambda x: mp.sign(x) * (ratio(x) - 1), 40.0, magnitudes(1.0, 8.0, 400, 4)),
        ("log_bessel_i0e_slope", lambda x: mp.sign(x) * (ratio(x) - 1), 6.0, magnitudes(8.0, 1e15, 400, 5)),
    ],
)
def test_error_in_ulp(name: str, exact: Any, limit: float, x: Any) -> None:
    worst, at = worst_ulp(name, exact, x)
    assert worst <= limit, f"{name}({at!r}) is {worst:.2f} ulp off"


def test_edges() -> None:
    x = np.array([0.0, INF, -INF, NAN, 1.7e308])
    np.testing.assert_allclose(
        evaluate("log_bessel_i0e", x), [0.0, -INF, -INF, NAN, -0.5 * (np.log(2 * np.pi) + np.log(1.7e308))], rtol=1e-15
    )
    np.testing.assert_array_equal(evaluate("log_bessel_i0e_slope", x[:4]), [0.0, 0.0, 0.0, NAN])


@pytest.mark.parametrize("name", ["log_bessel_i0e", "log_bessel_i0e_slope"])
def test_the_primitive_means_the_same(name: str) -> None:
    x = magnitudes(1e-12, 1e12, 400, 6)
    np.testing.assert_allclose(primitives()[name].evaluate(x), evaluate(name, x), rtol=1e-12)


def test_the_unscaled_logarithm() -> None:
    for x in (0.0, -0.5, 3.0, 1e3, 1e100):
        want = float(log_i0e(mp.mpf(x)) + abs(x)) if x < 1e99 else x
        assert ops.log_bessel_i0(x) == pytest.approx(want, rel=1e-14)
