"""Gamma draws and their implicit gradients in NumPy: the meaning of the native functions of the same names.

The draw repeats the native algorithm step by step. The gradient is computed in another way (a series, and quadrature),
so that each checks the other.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .philox import normal_pair, uniform_pair

TRIES = 64
SERIES_TERMS = 40
NODES = 120


def log_standard_gamma(concentration: Any, normal: Any, uniform: Any, boost: Any) -> Any:
    """The logarithm of Gamma(concentration, 1) draws from a standard normal and two uniforms each; elementwise.

    Arguments broadcast. A pure function of them: after a rejection the next tries are keyed by the bits of the given
    noise. NaN unless concentration is positive and finite. Source: Marsaglia and Tsang (2000).
    """
    a, z, u, b = np.broadcast_arrays(
        *(np.asarray(x, dtype=np.float64) for x in (concentration, normal, uniform, boost))
    )
    shape = a.shape
    a, z, u, b = (np.ascontiguousarray(x).ravel() for x in (a, z, u, b))
    with np.errstate(all="ignore"):
        d = np.where(a < 1.0, a + 1.0, a) - 1 / 3
        scale = 1.0 / np.sqrt(9.0 * d)
        accepted, log_cube = _try(d, scale, z, u)
        left = np.flatnonzero(~accepted)
        log_cube[left] = np.nan
        for attempt in range(1, TRIES + 1):
            if not len(left):
                break
            key, identity = z[left].view(np.uint64), u[left].view(np.uint64)
            high = identity >> np.uint64(32)
            candidate = normal_pair(np.uint64(attempt), np.uint64(0), identity, high, key)[0]
            level = uniform_pair(np.uint64(attempt), np.uint64(1), identity, high, key)[0]
            accepted, value = _try(d[left], scale[left], candidate, level)
            log_cube[left[accepted]] = value[accepted]
            left = left[~accepted]
        value = np.log(d) + log_cube + np.where(a < 1.0, np.log(b) / a, 0.0)
        value[~(a > 0.0)] = np.nan
    return value.reshape(shape)


def _try(d: Any, scale: Any, normal: Any, uniform: Any) -> tuple[Any, Any]:
    step = scale * normal
    root = step + 1.0
    log_cube = np.log1p(step) * 3.0
    bound = 0.5 * normal * normal + d * ((1.0 - root * root * root) + log_cube)
    return (root > 0.0) & (np.log(uniform) < bound), log_cube


def log_gamma_gradient(concentration: Any, log_draw: Any) -> Any:
    """d log_draw / d concentration at fixed probability (implicit reparameterisation); elementwise, broadcast.

    Relative error below 1e-11. NaN unless concentration is positive.
    """
    a, log_x = np.broadcast_arrays(np.asarray(concentration, dtype=np.float64), np.asarray(log_draw, dtype=np.float64))
    shape = a.shape
    a, log_x = a.ravel(), log_x.ravel()
    result = np.full(a.shape, np.nan)
    with np.errstate(all="ignore"):
        by_series = (log_x <= 0.0) & (a > 0.0)
        result[by_series] = _series(a[by_series], log_x[by_series])
        others = (log_x > 0.0) & (a > 0.0)
        result[others] = _quadrature(a[others], log_x[others])
    return result.reshape(shape)


def _series(a: Any, log_x: Any) -> Any:
    """Sum of x**n / (a ... (a+n)) * (digamma(a+n+1) - log x), for x <= 1."""
    x = np.exp(log_x)
    weight, score = 1.0 / a, _digamma(a + 1.0) - log_x
    total = weight * score
    for n in range(1, SERIES_TERMS):
        weight, score = weight * x / (a + n), score + 1.0 / (a + n)
        total = total + weight * score
    return total


def _quadrature(a: Any, log_x: Any) -> Any:
    """Integral of (|log x - digamma(a)| + w) exp(-f(w)), w being the distance in log x towards the nearer tail."""
    x = np.exp(log_x)
    offset = log_x - _digamma(a)
    sign = np.where(offset > 0.0, 1.0, -1.0)

    def exponent(w: Any) -> Any:
        # x (e^(sw) - 1 - sw) + s (x - a) w: the sum of two small parts instead of the difference of two large ones.
        v = sign * w
        bend = np.where(np.abs(v) < 0.5, _expm1_less_linear(v), np.expm1(v) - v)
        return x * bend + (x - a) * v

    low, high = np.zeros_like(a), 1.0 / (a + x)
    for _ in range(2000):
        short = exponent(high) < 45.0
        if not short.any():
            break
        low, high = np.where(short, high, low), np.where(short, high * 1.5, high)
    for _ in range(30):
        middle = 0.5 * (low + high)
        short = exponent(middle) < 45.0
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    total = np.zeros_like(a)
    for node, weight in zip(nodes, weights):
        w = 0.5 * high * (1.0 + node)
        total += weight * (np.abs(offset) + w) * np.exp(-exponent(w))
    return 0.5 * high * total


def _expm1_less_linear(v: Any) -> Any:
    """exp(v) - 1 - v for |v| < 1/2, by its power series."""
    term = total = 0.5 * v * v
    for k in range(3, 18):
        term = term * v / k
        total = total + term
    return total


def _digamma(x: Any) -> Any:
    """The digamma function for x > 0: upwards by its recurrence, then its asymptotic series."""
    lost = np.zeros_like(x)
    for _ in range(10):
        small = x < 10.0
        lost = lost + np.where(small, 1.0 / x, 0.0)
        x = np.where(small, x + 1.0, x)
    z = 1.0 / (x * x)
    series = z * (1 / 12 - z * (1 / 120 - z * (1 / 252 - z * (1 / 240 - z * (1 / 132 - z * (691 / 32760 - z / 12))))))
    return np.log(x) - 0.5 / x - series - lost
