"""Recomputes vicompile/jit/mathlib/gamma_table.py, which is this script's output (half a minute).

The function is h(a, x) = a * (d log x / d a) at fixed probability of a Gamma(a, 1) variable x. With w the distance in
log x from the draw towards the nearer tail, d log x / d a is an integral of a POSITIVE function, which quadrature gives
to 30 digits.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mpmath import mp, mpf

sys.path.insert(0, str(Path(__file__).parent))
from fit_coefficients import _power_basis

mp.dps = 30


def scaled_gradient(a: Any, log_x: Any) -> Any:
    """a * d log x / d a at fixed probability."""
    a, log_x = mpf(a), mpf(log_x)
    x = mp.exp(log_x)
    offset = log_x - mp.digamma(a)
    sign = 1 if offset > 0 else -1

    def exponent(w: Any) -> Any:
        return x * mp.expm1(sign * w) - sign * a * w

    end = 1 / (a + x)
    while exponent(end) < 75:
        end *= 2
    low = mpf(0)
    for _ in range(12):
        middle = (low + end) / 2
        low, end = (middle, end) if exponent(middle) < 75 else (low, middle)
    # In units of `end`, because the quadrature stops at an absolute error.
    unit = mp.quad(lambda u: (abs(offset) + u * end) * mp.exp(-exponent(u * end)), [0, 0.125, 0.25, 0.5, 1])
    return a * end * unit


def fit_plane(function: Callable[[Any, Any], Any], rows: int, columns: int) -> list[list[float]]:
    """coefficients[i][j] of t**i * s**j for the interpolant at Chebyshev nodes of [-1, 1] x [-1, 1]."""
    t_angles = [mp.pi * (2 * k + 1) / (2 * rows) for k in range(rows)]
    s_angles = [mp.pi * (2 * k + 1) / (2 * columns) for k in range(columns)]
    values = [[function(mp.cos(t), mp.cos(s)) for s in s_angles] for t in t_angles]
    in_s = [_power_basis(_transform(line, s_angles)) for line in values]
    in_both = [_power_basis(_transform([line[j] for line in in_s], t_angles)) for j in range(columns)]
    return [[float(in_both[j][i]) for j in range(columns)] for i in range(rows)]


def _transform(values: list[Any], angles: list[Any]) -> list[Any]:
    n = len(values)
    result = [2 / mpf(n) * mp.fsum(v * mp.cos(j * angle) for v, angle in zip(values, angles)) for j in range(n)]
    result[0] /= 2
    return result


def on(low: Any, high: Any, unit: Any) -> Any:
    """The point of [low, high] that `unit` in [-1, 1] stands for."""
    return low + (high - low) * (1 + unit) / 2


LARGE = (mpf(-3), mpf("1.7"), mpf(0), 1 / mpf(8))
MEDIUM = (mpf("-2.125"), mpf("2.8125"), 1 / mpf(8), 1 / mpf("1.5"))
SMALL = (mpf(0), mpf("3.4375"), mpf(0), mpf("1.5"))


def tables() -> dict[str, list[list[float]]]:
    """The three regions: by 1/a and log(x/a) from 8 up and from 1.5 to 8, by a and log x below 1.5."""

    def by_inverse(region: Any) -> Callable[[Any, Any], Any]:
        def value(t: Any, s: Any) -> Any:
            a = 1 / on(region[2], region[3], s)
            return scaled_gradient(a, mp.log(a) + on(region[0], region[1], t))

        return value

    def small(t: Any, s: Any) -> Any:
        a = on(SMALL[2], SMALL[3], s)
        return (1 + a) * scaled_gradient(a, on(SMALL[0], SMALL[1], t))

    return {
        "LARGE": fit_plane(by_inverse(LARGE), 24, 8),
        "MEDIUM": fit_plane(by_inverse(MEDIUM), 24, 16),
        "SMALL": fit_plane(small, 20, 16),
    }


if __name__ == "__main__":
    print('"""Two-dimensional polynomials for the gradient of a gamma draw, made by tests/mathlib/fit_gamma_table.py.')
    print("\nRow i, column j multiplies t**i * s**j; what t and s are is said in gamma_gradient.py.\n" + '"""\n')
    print("from __future__ import annotations")
    for name, rows in tables().items():
        print(f"\n{name} = (")
        for row in rows:
            print("    (")
            for start in range(0, len(row), 4):
                print("        " + " ".join(f"{c!r}," for c in row[start : start + 4]))
            print("    ),")
        print(")")
