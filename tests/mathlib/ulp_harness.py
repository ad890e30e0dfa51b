"""Runs a vector function over an array through numba and measures its error in ulp against mpmath."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from mpmath import mp

OPTIONS: dict[str, Any] = {
    "_nrt": False,
    "error_model": "numpy",
    "no_cfunc_wrapper": True,
    "fastmath": {"contract", "nsz", "reassoc", "arcp"},
}


@cache
def loop_over(name: str, arity: int = 1) -> Any:
    """The compiled dispatcher of `for i in range(n): out[i] = name(a[i], ...)` over addresses."""
    from numba import njit

    import vicompile.jit.mathlib as mathlib

    function, float64_at = mathlib.MATHLIB[name], mathlib.float64_at

    def loop1(a: int, out: int, n: int) -> int:
        x, y = float64_at(a), float64_at(out)
        for i in range(n):
            y[i] = function(x[i])
        return 0

    def loop2(a: int, b: int, out: int, n: int) -> int:
        x, z, y = float64_at(a), float64_at(b), float64_at(out)
        for i in range(n):
            y[i] = function(x[i], z[i])
        return 0

    def loop4(a: int, b: int, c: int, d: int, out: int, n: int) -> int:
        x, z, v, w, y = float64_at(a), float64_at(b), float64_at(c), float64_at(d), float64_at(out)
        for i in range(n):
            y[i] = function(x[i], z[i], v[i], w[i])
        return 0

    chosen = {1: loop1, 2: loop2, 4: loop4}[arity]
    return njit(f"i8({','.join(['i8'] * (arity + 2))})", **OPTIONS)(chosen)


def evaluate(name: str, *arguments: Any) -> Any:
    """The vector function on arrays."""
    arrays = [np.ascontiguousarray(a, dtype=np.float64) for a in np.broadcast_arrays(*arguments)]
    out = np.full(arrays[0].shape, np.pi)
    loop_over(name, len(arrays))(*(a.ctypes.data for a in arrays), out.ctypes.data, out.size)
    return out


def worst_ulp(name: str, exact: Callable[[Any], Any], x: Any) -> tuple[float, float]:
    """The largest error in units of the last place of the exact value, and where."""
    got = evaluate(name, x)
    worst, at = 0.0, float("nan")
    with mp.workdps(50):
        for xi, yi in zip(x.tolist(), got.tolist()):
            want = exact(mp.mpf(xi))
            unit = float(np.spacing(abs(float(want)))) or 5e-324
            error = float(abs(mp.mpf(yi) - want) / unit) if np.isfinite(yi) else float("inf")
            if error > worst:
                worst, at = error, xi
    return worst, at


def magnitudes(low: float, high: float, n: int, seed: int, signed: bool = True) -> Any:
    """Random numbers whose logarithms are uniform between those of low and high."""
    generator = np.random.default_rng(seed)
    x = np.exp(generator.uniform(np.log(low), np.log(high), n))
    return x * generator.choice([-1.0, 1.0], n) if signed else x
