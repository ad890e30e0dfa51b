"""The law on (0, 1) with density proportional to exp(tilt * y), in closed forms that hold for every tilt, 0 included.

ContinuousBernoulli is this law with its log odds as tilt; a power law on an interval is its exponential. Beyond a small
|tilt| the forms are written in |tilt|, where nothing overflows; near 0 they are power series.
"""

from __future__ import annotations

from typing import Any

from ..ir import ops
from .stable import log1mexp

# Below it the series are exact to rounding: each term is (tilt / 2 pi)**2 of the one before.
SERIES = 0.25
# log(sinh(t / 2) / (t / 2)) in powers of t**2, from B(2k) / (2k (2k)!) (Abramowitz and Stegun 4.5.65, integrated).
_LOG_SINHC = (1 / 24, -1 / 2880, 1 / 181440, -1 / 9676800, 1 / 479001600)
_MEAN = (1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160)
_VARIANCE = (1 / 12, -1 / 240, 1 / 6048, -1 / 172800, 1 / 5322240)


def log_density(y: Any, tilt: Any) -> Any:
    """The log density at y in [0, 1]."""
    size = ops.maximum(ops.absolute(tilt), SERIES)
    # The distance from the end where most of the mass is.
    from_end = ops.where(tilt > 0.0, 1.0 - y, y)
    direct = ops.log(size) - log1mexp(size) - size * from_end
    square = ops.minimum(ops.square(tilt), SERIES * SERIES)
    near = ops.minimum(ops.maximum(tilt, -SERIES), SERIES) * (y - 0.5) - square * _series(square, _LOG_SINHC)
    return ops.where(_is_near(tilt), near, direct)


def log_normaliser(tilt: Any) -> Any:
    """log of the integral of exp(tilt * y) over (0, 1)."""
    return -log_density(0.0, tilt)


def quantile(p: Any, tilt: Any) -> Any:
    """The inverse of the cdf; continuous and increasing in p and in the tilt."""
    size = ops.maximum(ops.absolute(tilt), 0.02)
    is_up = tilt > 0.0
    from_end = -ops.log1p(ops.where(is_up, 1.0 - p, p) * ops.expm1(-size)) / size
    # A small p keeps its digits: up to 40 the plain form does not overflow, and beyond no p is so small.
    grown = p * ops.expm1(ops.minimum(size, 40.0))
    low = ops.log1p(ops.minimum(grown, 1.0)) / size
    up = ops.where(ops.logical_and(size < 40.0, grown < 1.0), low, 1.0 - from_end)
    direct = ops.where(is_up, up, from_end)
    # The cumulants of a Bernoulli(p) draw: log(1 - p + p exp(t)) = sum of cumulant(n) t**n / n!.
    spread, lean = p * (1.0 - p), 1.0 - 2.0 * p
    t = ops.minimum(ops.maximum(tilt, -0.02), 0.02)
    third = lean / 6.0 + t * ((1.0 - 6.0 * spread) / 24.0 + t * (lean * (1.0 - 12.0 * spread) / 120.0))
    sixth = (1.0 - 30.0 * spread + 120.0 * ops.square(spread)) / 720.0
    near = p + spread * t * (0.5 + t * (third + t * t * t * sixth))
    return ops.where(ops.absolute(tilt) < 0.02, near, direct)


def cdf(y: Any, tilt: Any) -> Any:
    """The probability of a draw <= y."""
    size = ops.where(ops.equal(tilt, 0.0), 1.0, ops.absolute(tilt))
    up = ops.exp(-size * (1.0 - y)) * ops.expm1(-size * y) / ops.expm1(-size)
    down = ops.expm1(-size * y) / ops.expm1(-size)
    return ops.where(ops.equal(tilt, 0.0), y, ops.where(tilt > 0.0, up, down))


def mean(tilt: Any) -> Any:
    """The mean."""
    size = ops.maximum(ops.absolute(tilt), SERIES)
    from_end = 1.0 / size - 1.0 / ops.expm1(size)
    direct = ops.where(tilt > 0.0, 1.0 - from_end, from_end)
    t = ops.minimum(ops.maximum(tilt, -SERIES), SERIES)
    return ops.where(_is_near(tilt), 0.5 + t * _series(t * t, _MEAN), direct)


def variance(tilt: Any) -> Any:
    """The variance."""
    size = ops.maximum(ops.absolute(tilt), SERIES)
    direct = 1.0 / ops.square(size) - ops.exp(-size) / ops.square(ops.expm1(-size))
    return ops.where(_is_near(tilt), _series(ops.minimum(ops.square(tilt), SERIES * SERIES), _VARIANCE), direct)


def _is_near(tilt: Any) -> Any:
    return ops.absolute(tilt) < SERIES


def _series(square: Any, coefficients: tuple[float, ...]) -> Any:
    value: Any = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        value = coefficient + square * value
    return value
