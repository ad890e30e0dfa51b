"""The functions of float32, against those of NumPy and SciPy in float64, in units of the last place of float32."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import special
from ulp_harness import OPTIONS

INF, NAN = np.inf, np.nan
F = np.float32


@cache
def loop_over(name: str, arity: int) -> Any:
    """The compiled loop over arrays of float32."""
    from numba import njit

    import vicompile.jit.mathlib as mathlib

    function, at = mathlib.MATHLIB[name], mathlib.float32_at

    def loop1(a: int, b: int, out: int, n: int) -> int:
        x, y = at(a), at(out)
        for i in range(n):
            y[i] = function(x[i])
        return 0

    def loop2(a: int, b: int, out: int, n: int) -> int:
        x, z, y = at(a), at(b), at(out)
        for i in range(n):
            y[i] = function(x[i], z[i])
        return 0

    return njit("i8(i8,i8,i8,i8)", **OPTIONS)({1: loop1, 2: loop2}[arity])


def evaluate(name: str, *arguments: Any) -> Any:
    arrays = [np.ascontiguousarray(a, F) for a in arguments]
    out = np.full(arrays[0].shape, np.pi, F)
    loop_over(name, len(arrays))(arrays[0].ctypes.data, arrays[-1].ctypes.data, out.ctypes.data, out.size)
    return out


def softplus(x: Any) -> Any:
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


# (name, meaning in float64, most units, from, to, whether the logarithms are uniform)
CASES = [
    ("exp", np.exp, 1.1, -87.0, 88.7, False),
    ("exp", np.exp, 1.1, 1e-30, 1.0, True),
    ("exp", np.exp, 1.0, -103.9, -87.0, False),
    ("log", np.log, 1.0, 1e-45, 3e38, True),
    ("log", np.log, 1.0, 0.5, 2.0, False),
    ("log1p", np.log1p, 1.5, -0.999999, 3.0, False),
    ("log1p", np.log1p, 1.5, 1e-37, 3e38, True),
    ("expm1", np.expm1, 2.5, -20.0, 88.7, False),
    ("expm1", np.expm1, 2.5, 1e-37, 40.0, True),
    ("tanh", np.tanh, 4.0, -10.0, 10.0, False),
    ("tanh", np.tanh, 4.0, 1e-37, 10.0, True),
    ("sigmoid", special.expit, 3.0, -87.0, 20.0, False),
    ("softplus", softplus, 3.0, -87.0, 50.0, False),
    ("softplus", softplus, 3.0, 1e-37, 1e38, True),
    ("log_sigmoid", lambda x: -softplus(-x), 3.0, -50.0, 87.0, False),
    ("sqrt", np.sqrt, 0.51, 1e-45, 3e38, True),
    # Computed in float64 and rounded.
    ("lgamma", special.gammaln, 0.51, 1e-30, 1e30, True),
    ("digamma", special.psi, 0.51, 0.01, 1e6, True),
    ("sin", np.sin, 0.51, -50.0, 50.0, False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "exact", "limit", "low", "high", "logs"), CASES)
def test_error_in_units_of_the_last_place(name, exact, limit, low, high, logs) -> None:
    generator = np.random.default_rng(5)
    x = np.exp(generator.uniform(np.log(low), np.log(high), 200_000)) if logs else generator.uniform(low, high, 200_000)
    x = x.astype(F)
    want = exact(x.astype(np.float64))
    got = evaluate(name, x).astype(np.float64)
    units = np.abs(got - want) / np.spacing(np.abs(want).astype(F)).astype(np.float64)
    assert units.max() <= limit, f"{name}({x[units.argmax()]!r}) is {units.max():.2f} units off"


EDGES = {
    "exp": [(0, 1), (INF, INF), (-INF, 0), (89, INF), (3e38, INF), (-104.5, 0), (-3e38, 0), (NAN, NAN)],
    "log": [(1, 0), (0, -INF), (-0.0, -INF), (-1, NAN), (INF, INF), (NAN, NAN), (-1e-40, NAN)],
    "log1p": [(0, 0), (-1, -INF), (-1.5, NAN), (INF, INF), (NAN, NAN), (2.8e-45, 2.8e-45), (-2.8e-45, -2.8e-45)],
    "expm1": [(0, 0), (INF, INF), (-INF, -1), (89, INF), (-40, -1), (NAN, NAN), (1.1e-44, 1.1e-44)],
    "tanh": [(0, 0), (INF, 1), (-INF, -1), (NAN, NAN), (-1e-45, -1e-45), (3e38, 1)],
    "sigmoid": [(0, 0.5), (INF, 1), (-INF, 0), (NAN, NAN), (3e38, 1), (-3e38, 0)],
    "softplus": [(0, np.log(2.0)), (INF, INF), (-INF, 0), (NAN, NAN), (3e38, 3e38), (-3e38, 0)],
    "log_sigmoid": [(0, -np.log(2.0)), (INF, 0), (-INF, -INF), (NAN, NAN), (-3e38, -3e38)],
    "sqrt": [(0, 0), (4, 2), (INF, INF), (-1, NAN), (NAN, NAN)],
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_edges(name: str) -> None:
    x, want = (np.array(column, F) for column in zip(*EDGES[name]))
    np.testing.assert_array_equal(evaluate(name, x), want)


def test_choices_pass_nan_on() -> None:
    a, b = np.array([1, 2, NAN, 1, NAN], F), np.array([2, 1, 1, NAN, NAN], F)
    np.testing.assert_array_equal(evaluate("minimum", a, b), np.minimum(a, b))
    np.testing.assert_array_equal(evaluate("maximum", a, b), np.maximum(a, b))
    x = np.array([-2.5, -0.0, 0.0, 0.5, 3.0, INF, -INF, NAN], F)
    np.testing.assert_array_equal(evaluate("sign", x), np.sign(x))
    np.testing.assert_array_equal(evaluate("floor", x), np.floor(x))
