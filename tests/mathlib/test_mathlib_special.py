"""erf, the gamma family and the normal quantile against mpmath, and at the edges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from mpmath import mp
from ulp_harness import evaluate, magnitudes, worst_ulp

INF, NAN = np.inf, np.nan


@pytest.mark.parametrize(
    ("name", "exact", "limit", "x"),
    [
        ("erf", mp.erf, 3.0, magnitudes(1e-300, 8.0, 1500, 1)),
        ("erf", mp.erf, 3.0, magnitudes(0.2, 4.0, 1500, 2)),
        ("erfc", mp.erfc, 6.0, magnitudes(1e-10, 26.0, 1500, 3)),
        ("erfc", mp.erfc, 6.0, magnitudes(0.2, 4.0, 1500, 4)),
    ],
)
def test_error_functions_in_ulp(name: str, exact: Callable[[Any], Any], limit: float, x: Any) -> None:
    worst, at = worst_ulp(name, exact, x)
    assert worst <= limit, f"{name}({at!r}) is {worst:.2f} ulp off"


RANGES = [(1e-150, 1e-3), (1e-3, 1.0), (0.5, 10.0), (7.9, 8.1), (8.0, 1e3), (1e3, 1e150)]


@pytest.mark.parametrize("limits", RANGES)
@pytest.mark.parametrize(
    ("name", "exact", "limit", "floor"),
    [
        ("lgamma", mp.loggamma, 1e-14, 1.0),
        ("digamma", mp.digamma, 4e-15, 1.0),
        ("trigamma", lambda x: mp.psi(1, x), 1e-14, 0.0),
    ],
)
def test_gamma_family(
    name: str, exact: Callable[[Any], Any], limit: float, floor: float, limits: tuple[float, float]
) -> None:
    x = magnitudes(*limits, 400, 5, signed=False)
    got = evaluate(name, x)
    for xi, yi in zip(x.tolist(), got.tolist()):
        want = exact(mp.mpf(xi))
        assert abs(mp.mpf(yi) - want) <= limit * max(floor, abs(want)), xi


def test_digamma_and_lgamma_near_their_roots() -> None:
    x = np.concatenate([1.4616321449683622 + magnitudes(1e-12, 1e-2, 200, 6), 1.0 + magnitudes(1e-9, 1e-2, 200, 7)])
    for name, exact in (("digamma", mp.digamma), ("lgamma", mp.loggamma)):
        for xi, yi in zip(x.tolist(), evaluate(name, x).tolist()):
            assert abs(yi - exact(mp.mpf(xi))) <= 1e-14


def test_normal_quantile() -> None:
    p = np.concatenate(
        [
            magnitudes(5e-324, 0.5, 600, 8, signed=False),
            np.random.default_rng(9).uniform(0.0, 1.0, 600),
            [0.075, 0.925, 1.4e-11],
        ]
    )
    with mp.workdps(400):
        for pi, xi in zip(p.tolist(), evaluate("ndtri", p).tolist()):
            # One Newton step from the answer is its error, to second order.
            x = mp.mpf(xi)
            error = (mp.ncdf(x) - mp.mpf(pi)) / mp.npdf(x)
            assert abs(error) <= mp.mpf("2e-15") * abs(x) + mp.mpf("1e-17"), pi


EDGES = {
    "erf": [(0.0, 0.0), (INF, 1.0), (-INF, -1.0), (NAN, NAN), (30.0, 1.0)],
    "erfc": [(0.0, 1.0), (INF, 0.0), (-INF, 2.0), (NAN, NAN), (30.0, 0.0), (-30.0, 2.0)],
    "lgamma": [(0.0, INF), (INF, INF), (-0.5, NAN), (-INF, NAN), (NAN, NAN), (1e306, INF)],
    "digamma": [(0.0, -INF), (INF, INF), (-0.5, NAN), (NAN, NAN)],
    "trigamma": [(0.0, INF), (INF, 0.0), (-0.5, NAN), (NAN, NAN)],
    "ndtri": [(0.0, -INF), (1.0, INF), (0.5, 0.0), (-0.1, NAN), (1.1, NAN), (NAN, NAN)],
}


@pytest.mark.parametrize("name", EDGES)
def test_edges(name: str) -> None:
    x, want = (np.array(column) for column in zip(*EDGES[name]))
    np.testing.assert_array_equal(evaluate(name, x), want)


@pytest.mark.parametrize(
    "name",
    ["sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "asinh", "acosh", "atanh", "cbrt"],
)
def test_libm_functions(name: str) -> None:
    x = np.linspace(-0.9, 0.9, 37) + (2.0 if name == "acosh" else 0.0)
    numpy_name = f"arc{name[1:]}" if name.startswith("a") else name
    np.testing.assert_allclose(evaluate(name, x), getattr(np, numpy_name)(x), rtol=4e-16)


@pytest.mark.parametrize(("name", "function"), [("pow", np.power), ("hypot", np.hypot), ("atan2", np.arctan2)])
def test_libm_functions_of_two_numbers(name: str, function: Any) -> None:
    x, y = np.linspace(0.1, 5.0, 40), np.linspace(-3.0, 3.0, 40)
    np.testing.assert_allclose(evaluate(name, x, y), function(x, y), rtol=4e-16)
