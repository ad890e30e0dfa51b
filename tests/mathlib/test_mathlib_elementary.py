"""exp, log and relatives against mpmath in ulp, and at the edges of the number range."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from mpmath import mp
from ulp_harness import evaluate, magnitudes, worst_ulp

INF, NAN = np.inf, np.nan
N = 3000


def uniform(low: float, high: float, n: int = N) -> Any:
    return np.random.default_rng(7).uniform(low, high, n)


CASES: list[tuple[str, Callable[[Any], Any], float, Any]] = [
    ("exp", mp.exp, 1.0, uniform(-708.0, 709.7)),
    ("exp", mp.exp, 1.0, magnitudes(1e-300, 1.0, N, 1)),
    ("exp", mp.exp, 1.0, uniform(-745.0, -708.0)),
    ("log", mp.log, 1.0, magnitudes(5e-324, 1.7e308, N, 2, signed=False)),
    ("log", mp.log, 1.0, uniform(0.5, 2.0)),
    ("log", mp.log, 1.0, 1.0 + magnitudes(1e-15, 1e-3, N, 3)),
    ("log1p", mp.log1p, 1.5, magnitudes(1e-300, 0.999, N, 4)),
    ("log1p", mp.log1p, 1.5, magnitudes(1e-3, 1.7e308, N, 5, signed=False)),
    ("log1p", mp.log1p, 1.5, uniform(-0.9999999, 3.0)),
    ("expm1", mp.expm1, 2.0, magnitudes(1e-300, 40.0, N, 6)),
    ("expm1", mp.expm1, 2.0, uniform(-3.0, 709.7)),
    ("tanh", mp.tanh, 3.0, magnitudes(1e-300, 30.0, N, 7)),
    ("tanh", mp.tanh, 3.0, uniform(-4.0, 4.0)),
    ("sigmoid", lambda x: 1 / (1 + mp.exp(-x)), 3.0, uniform(-700.0, 50.0)),
    ("sigmoid", lambda x: 1 / (1 + mp.exp(-x)), 3.0, magnitudes(1e-300, 30.0, N, 8)),
    ("softplus", lambda x: mp.log1p(mp.exp(x)), 3.0, uniform(-700.0, 50.0)),
    ("softplus", lambda x: mp.log1p(mp.exp(x)), 3.0, magnitudes(1e-300, 1e300, N, 9, signed=False)),
    ("softplus", lambda x: mp.log1p(mp.exp(x)), 3.0, uniform(-4.0, 4.0)),
    ("log_sigmoid", lambda x: -mp.log1p(mp.exp(-x)), 3.0, uniform(-50.0, 700.0)),
    ("sqrt", mp.sqrt, 0.5, magnitudes(5e-324, 1.7e308, N, 10, signed=False)),
]


@pytest.mark.parametrize(("name", "exact", "limit", "x"), CASES, ids=[f"{i}-{c[0]}" for i, c in enumerate(CASES)])
def test_error_in_ulp(name: str, exact: Callable[[Any], Any], limit: float, x: Any) -> None:
    worst, at = worst_ulp(name, exact, x)
    assert worst <= limit, f"{name}({at!r}) is {worst:.2f} ulp off"


EDGES = {
    "exp": [
        (0.0, 1.0),
        (INF, INF),
        (-INF, 0.0),
        (710.0, INF),
        (1e300, INF),
        (-746.0, 0.0),
        (-1e300, 0.0),
        (NAN, NAN),
        (-744.4400719213812, 5e-324),
    ],
    "log": [(1.0, 0.0), (0.0, -INF), (-0.0, -INF), (-1.0, NAN), (-INF, NAN), (INF, INF), (NAN, NAN), (-1e-310, NAN)],
    "log1p": [
        (0.0, 0.0),
        (-1.0, -INF),
        (-1.5, NAN),
        (-INF, NAN),
        (INF, INF),
        (NAN, NAN),
        (2e-323, 2e-323),
        (-2e-323, -2e-323),
    ],
    "expm1": [(0.0, 0.0), (INF, INF), (-INF, -1.0), (710.0, INF), (-50.0, -1.0), (NAN, NAN), (1e-323, 1e-323)],
    "tanh": [(0.0, 0.0), (INF, 1.0), (-INF, -1.0), (NAN, NAN), (-5e-324, -5e-324), (1e300, 1.0)],
    "sigmoid": [(0.0, 0.5), (INF, 1.0), (-INF, 0.0), (NAN, NAN), (1e300, 1.0), (-1e300, 0.0)],
    "softplus": [(0.0, float(np.log(2.0))), (INF, INF), (-INF, 0.0), (NAN, NAN), (1e300, 1e300), (-1e300, 0.0)],
    "log_sigmoid": [(0.0, -float(np.log(2.0))), (INF, 0.0), (-INF, -INF), (NAN, NAN), (-1e300, -1e300)],
    "sqrt": [(0.0, 0.0), (4.0, 2.0), (INF, INF), (-1.0, NAN), (NAN, NAN)],
}


@pytest.mark.parametrize("name", EDGES)
def test_edges(name: str) -> None:
    x, want = (np.array(column) for column in zip(*EDGES[name]))
    np.testing.assert_array_equal(evaluate(name, x), want)


def test_choices_pass_nan_on() -> None:
    a, b = np.array([1.0, 2.0, NAN, 1.0, NAN]), np.array([2.0, 1.0, 1.0, NAN, NAN])
    np.testing.assert_array_equal(evaluate("minimum", a, b), np.minimum(a, b))
    np.testing.assert_array_equal(evaluate("maximum", a, b), np.maximum(a, b))
    x = np.array([-2.5, -0.0, 0.0, 0.5, 3.0, INF, -INF, NAN])
    np.testing.assert_array_equal(evaluate("sign", x), np.sign(x))
    np.testing.assert_array_equal(evaluate("floor", x), np.floor(x))
