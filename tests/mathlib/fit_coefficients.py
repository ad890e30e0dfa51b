"""Prints the polynomial tables of vicompile/jit/mathlib/coefficients.py.

Each polynomial interpolates its function at Chebyshev nodes, in 60 digits, and is rounded to double only at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mpmath import mp, mpf

mp.dps = 60


def fit(function: Callable[[Any], Any], low: Any, high: Any, degree: int) -> list[float]:
    """Power-basis coefficients of the interpolant of `function` at the Chebyshev nodes of [low, high]."""
    n = degree + 1
    low, high = mpf(low), mpf(high)
    middle, half = (low + high) / 2, (high - low) / 2
    angles = [mp.pi * (2 * k + 1) / (2 * n) for k in range(n)]
    values = [function(middle + half * mp.cos(angle)) for angle in angles]
    chebyshev = [2 / mpf(n) * mp.fsum(v * mp.cos(j * angle) for v, angle in zip(values, angles)) for j in range(n)]
    chebyshev[0] /= 2
    scaled = _power_basis(chebyshev)
    # p((x - middle) / half), expanded by Horner
    result = [mpf(0)]
    for c in reversed(scaled):
        shifted = [mpf(0)] * (len(result) + 1)
        for k, value in enumerate(result):
            shifted[k] -= value * middle / half
            shifted[k + 1] += value / half
        shifted[0] += c
        result = shifted
    return [float(c) for c in result[:n]]


def fit_rational(
    function: Callable[[Any], Any], low: Any, high: Any, degree: int, crowding: Any = 1
) -> tuple[list[float], list[float]]:
    """Numerator and denominator (constant term 1), both of `degree`, that interpolate `function` at Chebyshev nodes.

    A `crowding` above 1 moves the nodes towards `low`.
    """
    n = 2 * degree + 1
    low, high = mpf(low), mpf(high)
    unit = [(1 + mp.cos(mp.pi * (2 * k + 1) / (2 * n))) / 2 for k in range(n)]
    nodes = [low + (high - low) * u**crowding for u in unit]
    values = [function(x) for x in nodes]
    matrix = mp.matrix(n, n)
    for i, (x, v) in enumerate(zip(nodes, values)):
        for k in range(degree + 1):
            matrix[i, k] = x**k
        for k in range(1, degree + 1):
            matrix[i, degree + k] = -v * x**k
    solved = mp.lu_solve(matrix, mp.matrix(values))
    coefficients = [float(c) for c in solved]
    return coefficients[: degree + 1], [1.0, *coefficients[degree + 1 :]]


def _pair(name: str, both: tuple[list[float], list[float]]) -> dict[str, list[float]]:
    return {f"{name}_TOP": both[0], f"{name}_BOTTOM": both[1]}


def _power_basis(chebyshev: list[Any]) -> list[Any]:
    n = len(chebyshev)
    previous, current = [mpf(1)], [mpf(0), mpf(1)]
    total = [mpf(0)] * n
    total[0] = chebyshev[0]
    for j in range(1, n):
        for k, c in enumerate(current):
            total[k] += chebyshev[j] * c
        doubled = [mpf(0), *[2 * c for c in current]]
        for k, c in enumerate(previous):
            doubled[k] -= c
        previous, current = current, doubled
    return total


def erfcx(a: Any) -> Any:
    """exp(a*a) * erfc(a)."""
    return mp.exp(a * a) * mp.erfc(a)


def tables() -> dict[str, list[float]]:
    """Every table, by name."""
    sqrt2 = mp.sqrt(2)
    log_edge = ((sqrt2 - 1) / (sqrt2 + 1)) ** 2
    half_pi = mp.pi / 2

    log2_half = mp.log(2) / 2 * mpf("1.0001")

    def taylor_tail(value: Callable[[Any], Any], limit: Any) -> Callable[[Any], Any]:
        return lambda z: limit if z == 0 else value(z)

    return {
        "EXP": fit(_exp_bend, -log2_half, log2_half, 9),
        "EXP_SINGLE": fit(_exp_bend, -log2_half, log2_half, 4),
        "LOG": fit(_atanh_bend, 0, log_edge * mpf("1.001"), 6),
        "LOG_SINGLE": fit(_atanh_bend, 0, log_edge * mpf("1.001"), 2),
        "LOG1P": fit(lambda t: _log1p_bend(t + mpf(1) / 2), mpf(-1) / 2, mpf(1) / 2, 20),
        "LOG1P_SINGLE": fit(lambda t: _log1p_bend(t + mpf(1) / 2), mpf(-1) / 2, mpf(1) / 2, 8),
        "SIN": fit(lambda z: mp.sin(half_pi * mp.sqrt(z)) / mp.sqrt(z), 0, mpf(1) / 4, 7),
        "COS": fit(lambda z: (mp.cos(half_pi * mp.sqrt(z)) - 1) / z, 0, mpf(1) / 4, 7),
        "ERF": fit(lambda z: mp.erf(mp.sqrt(z)) / mp.sqrt(z), 0, 1, 12),
        "ERFCX": fit(lambda t: (1 + 2 * _a(t)) * erfcx(_a(t)) if t < 1 else 2 / mp.sqrt(mp.pi), -1, 1, 26),
        **_pair("NDTRI_CENTRE", fit_rational(_centre_quantile, 0, mpf("0.425") ** 2, 8)),
        **_pair("NDTRI_TAIL", fit_rational(lambda r: _tail_quantile(r + mpf("1.6")), 0, mpf("3.4"), 8)),
        **_pair("NDTRI_FAR", fit_rational(lambda r: _tail_quantile(r + 5), 0, mpf("22.5"), 8, mpf("1.5"))),
        "I0_NEAR": fit(lambda z: (mp.besseli(0, 2 * mp.sqrt(z)) - 1) / z if z else mpf(1), 0, 16, 15),
        "I1_NEAR": fit(lambda z: mp.besseli(1, 2 * mp.sqrt(z)) / mp.sqrt(z) if z else mpf(1), 0, 16, 16),
        "I0_FAR": fit(lambda t: _i0_far(BESSEL_EDGE * 2 / (t + 1)) if t > -1 else mpf(1), -1, 1, 24),
        "I_DEFICIT": fit(lambda t: _i_deficit(BESSEL_EDGE * 2 / (t + 1)) if t > -1 else mpf(1) / 2, -1, 1, 28),
    }


# Where the Bessel functions change from powers of x to powers of 1/x.
BESSEL_EDGE = 8


def _i0_far(x: Any) -> Any:
    """sqrt(2 pi x) exp(-x) I0(x)."""
    return mp.sqrt(2 * mp.pi * x) * mp.exp(-x) * mp.besseli(0, x)


def _i_deficit(x: Any) -> Any:
    """x (1 - I1(x) / I0(x))."""
    return x * (1 - mp.besseli(1, x) / mp.besseli(0, x))


def _exp_bend(r: Any) -> Any:
    """(exp(r) - 1 - r) / r**2."""
    return (mp.expm1(r) - r) / r**2 if abs(r) > mpf(10) ** -20 else mpf(1) / 2 + r / 6


def _atanh_bend(z: Any) -> Any:
    """2 (atanh(s) / s - 1) / z where s = sqrt(z)."""
    return 2 * (mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 1) / z


def _log1p_bend(f: Any) -> Any:
    """(log(1 + f) - f) / f**2."""
    return (mp.log1p(f) - f) / f**2 if f else mpf(-1) / 2


ERFCX_CENTRE = 2


def _a(t: Any) -> Any:
    return ERFCX_CENTRE * (1 + t) / (1 - t)


def _ndtri(centred: Any) -> Any:
    """The normal quantile at probability 1/2 + centred."""
    return mp.sqrt(2) * mp.erfinv(2 * centred)


def _centre_quantile(z: Any) -> Any:
    """The normal quantile divided by q = probability - 1/2, where z = 0.425**2 - q*q."""
    q = mp.sqrt(mpf("0.425") ** 2 - z)
    return _ndtri(q) / q if q else mp.sqrt(2 * mp.pi)


def _tail_quantile(r: Any) -> Any:
    """-ndtri(p) where r = sqrt(-log p)."""
    log_p = -r * r
    x = mp.sqrt(-2 * log_p) - mp.log(-4 * mp.pi * log_p) / (2 * mp.sqrt(-2 * log_p)) if r > 2 else mpf(1)
    for _ in range(60):
        tail = mp.erfc(x / mp.sqrt(2)) / 2
        step = (mp.log(tail) - log_p) * tail / (mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi))
        x += step
        if abs(step) < mpf(10) ** -50:
            break
    return x


if __name__ == "__main__":
    for name, coefficients in tables().items():
        print(f"{name} = (")
        for c in coefficients:
            print(f"    {c!r},")
        print(")\n")
