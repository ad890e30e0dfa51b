"""The part of a normal distribution between bounds, also where both lie far out in one tail.

Everything is computed in a frame in which the upper bound is not farther from the mean than the lower one: mirrored
where it is not so. There log ndtr(x) is split into -min(x, 0)**2 / 2 and a part that grows only like a logarithm:
squares that nearly cancel meet as a product of a sum and a difference.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from ..ir import ops
from .bounds import is_missing, standardised, width
from .stable import HALF_LOG_2PI, log1mexp

# The next term of the series is below rounding up to it.
NARROW = 0.02


class Frame:
    """The bounds in standard units, mirrored so that |high| <= |low|.

    is_mirrored: where; a plain bool where it is known.
    high: the bound that is nearer to the mean.
    log_ratio: log(ndtr(high) / ndtr(low)), None if there is no lower bound.
    """

    def __init__(self, loc: Any, scale: Any, low: Any, high: Any) -> None:
        self.loc, self.scale, self.bounds = loc, scale, (low, high)
        self.is_mirrored: Any = is_missing(high)
        self.log_ratio: Any = None
        if is_missing(low) or is_missing(high):
            self.high = -standardised(low, loc, scale) if self.is_mirrored else standardised(high, loc, scale)
            return
        a, b = standardised(low, loc, scale), standardised(high, loc, scale)
        self.is_mirrored = a + b > 0.0
        self.high, self.low = ops.where(self.is_mirrored, -a, b), ops.where(self.is_mirrored, -b, a)
        self.width = width(low, high, scale, b - a)
        apart = ops.where(self.high < 0.0, self.width, -ops.minimum(self.low, 0.0))
        squares = -0.5 * apart * (ops.minimum(self.low, 0.0) + ops.minimum(self.high, 0.0))
        self.log_ratio = ops.maximum(squares + slow_part(self.high) - slow_part(self.low), 0.0)

    def log_mass(self) -> Any:
        """log of the mass between the bounds, times exp(min(high, 0)**2 / 2)."""
        wide = slow_part(self.high)
        if self.log_ratio is None:
            return wide
        wide = wide + log1mexp(self.log_ratio)
        # Where both ends are so close that the difference of the cdf cancels: the density in the middle and its bend,
        # the mean of exp(-m s - s**2 / 2) over the width in powers of it.
        middle = self.high - 0.5 * self.width
        is_narrow = self.width * ops.maximum(ops.absolute(middle), 1.0) < NARROW
        w, m = ops.where(is_narrow, self.width, NARROW), ops.where(is_narrow, middle, 0.0)
        w2, m2 = w * w, m * m
        bend = ops.log1p(w2 * ((m2 - 1.0) / 24.0 + w2 * (m2 * m2 - 6.0 * m2 + 3.0) / 1920.0))
        height = ops.where(self.high < 0.0, 0.25 * w * (2.0 * m + 0.5 * w), -0.5 * m2)
        return ops.where(is_narrow, ops.log(w) + height - HALF_LOG_2PI + bend, wide)

    def pick(self, mirrored: Any, plain: Any) -> Any:
        """One of two values, by whether the frame is mirrored."""
        if isinstance(self.is_mirrored, bool):
            return mirrored if self.is_mirrored else plain
        return ops.where(self.is_mirrored, mirrored, plain)


def slow_part(x: Any) -> Any:
    """log ndtr(x) + min(x, 0)**2 / 2."""
    left = -ops.log(ops.log_ndtr_slope(ops.minimum(x, 0.0))) - HALF_LOG_2PI
    return ops.where(x < 0.0, left, ops.log_ndtr(ops.maximum(x, 0.0)))


def log_density(x: Any, loc: Any, scale: Any, low: Any, high: Any) -> Any:
    """The log density at x between the bounds."""
    z = (x - loc) / scale
    if is_missing(low) and is_missing(high):
        return -0.5 * ops.square(z) - ops.log(scale) - HALF_LOG_2PI
    frame = Frame(loc, scale, low, high)
    near = frame.pick(low, high)
    # (z**2 - high**2) / 2 as a product, where the bound is in the tail.
    from_bound = (x - ops.where(ops.absolute(near) < np.inf, near, loc)) / scale
    beyond = frame.pick(from_bound, -from_bound) * (
        2.0 * ops.minimum(frame.high, 0.0) + frame.pick(-from_bound, from_bound)
    )
    fall = ops.where(frame.high < 0.0, 0.5 * beyond, -0.5 * ops.square(z))
    return fall - ops.log(scale) - HALF_LOG_2PI - frame.log_mass()


def log_mass(loc: Any, scale: Any, low: Any, high: Any) -> Any:
    """log of the probability that a Normal(loc, scale) draw lies between the bounds."""
    if is_missing(low) and is_missing(high):
        return 0.0
    frame = Frame(loc, scale, low, high)
    return frame.log_mass() - 0.5 * ops.square(ops.minimum(frame.high, 0.0))


def quantile(p: Any, loc: Any, scale: Any, low: Any, high: Any) -> Any:
    """The inverse of the cdf, in logarithms; increasing in p whether mirrored or not."""
    if is_missing(low) and is_missing(high):
        return loc + scale * ops.ndtri(p)
    frame = Frame(loc, scale, low, high)
    part = frame.pick(1.0 - p, p)
    log_p = ops.log_ndtr(frame.high)
    if frame.log_ratio is None:
        log_p = log_p + ops.log(part)
    else:
        rest = ops.exp(-frame.log_ratio)
        log_p = log_p + ops.log(rest + part * -ops.expm1(-frame.log_ratio))
    z = ops.ndtri_exp(log_p)
    x = loc + scale * frame.pick(-z, z)
    # Rounding must not carry it over a bound.
    x = x if is_missing(low) else ops.maximum(x, low)
    return x if is_missing(high) else ops.minimum(x, high)


def moments(loc: Any, scale: Any, low: Any, high: Any) -> tuple[Any, Any, Any]:
    """Mean, variance and entropy on NumPy, by Gauss-Legendre quadrature over what is not negligible."""
    if is_missing(low) and is_missing(high):
        return loc, ops.square(scale), ops.log(scale) + HALF_LOG_2PI + 0.5
    frame = Frame(loc, scale, low, high)
    shape = np.broadcast_shapes(*(np.shape(value) for value in (loc, scale, low, high)))
    near = np.broadcast_to(frame.high, shape)
    apart = np.broadcast_to(np.inf if frame.log_ratio is None else frame.width, shape)
    # Beyond 11 standard deviations, or 45 units of an exponential tail, is less than rounding.
    top = np.minimum(near, 11.0)
    reach = np.where(near < 0.0, 45.0 / (np.abs(np.minimum(near, 0.0)) + 4.0), top + 11.0)
    reach = np.minimum(reach, apart - (near - top))
    nodes, weights = _gauss_legendre()
    depth = reach[..., None] * nodes
    pivot = np.minimum(top, 0.0)[..., None]
    t = top[..., None] - depth
    log_weight = np.where(pivot < 0.0, depth * (pivot - 0.5 * depth), -0.5 * t * t)
    density = weights * np.exp(log_weight)
    total = density.sum(-1)
    middle = (density * depth).sum(-1) / total
    spread = (density * np.square(depth - middle[..., None])).sum(-1) / total
    surprise = np.log(total * reach) - (density * log_weight).sum(-1) / total
    mean = loc + scale * frame.pick(-(top - middle), top - middle)
    return mean, np.square(scale) * spread, surprise + np.log(scale)


@cache
def _gauss_legendre() -> tuple[Any, Any]:
    nodes, weights = np.polynomial.legendre.leggauss(100)
    return 0.5 * (nodes + 1.0), 0.5 * weights
