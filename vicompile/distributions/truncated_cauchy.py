"""The Cauchy distribution between bounds."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .bounds import Bounded, is_missing, standardised, support_between, width
from .cauchy import Cauchy
from .noise import Noise


class TruncatedCauchy(Bounded):
    """TruncatedCauchy(loc=0, scale=1, low=-inf, high=inf): a Cauchy draw that lies between bounds.

    loc, scale: as of Cauchy; scale is positive. low, high: the bounds, low < high (ValueError otherwise); -inf and inf,
    or None, are none. Support: real, greater_than_eq(low), less_than_eq(high) or interval(low, high).
    """

    arg_constraints = {
        "loc": constraints.real,
        "scale": constraints.positive,
        "low": constraints.anything,
        "high": constraints.anything,
    }
    defaults = {"loc": 0.0, "scale": 1.0, "low": -np.inf, "high": np.inf}
    support = None

    @staticmethod
    def _support(loc: Any, scale: Any, low: Any, high: Any) -> constraints.Constraint:
        return support_between(low, high)

    @staticmethod
    def log_density(x: Any, loc: Any, scale: Any, low: Any, high: Any) -> Any:
        whole = Cauchy.log_density(x, loc, scale)
        return whole + math.log(math.pi) - ops.log(_angle(loc, scale, low, high))

    @staticmethod
    def draw(noise: Noise, loc: Any, scale: Any, low: Any, high: Any) -> Any:
        return TruncatedCauchy._icdf(noise.uniform(), loc, scale, low, high)

    @staticmethod
    def _mean(loc: Any, scale: Any, low: Any, high: Any) -> Any:
        if is_missing(low) or is_missing(high):
            return np.nan if is_missing(low) and is_missing(high) else (np.inf if is_missing(high) else -np.inf)
        a, b = (bound - loc for bound in (low, high))
        rise = scale * ops.log(np.hypot(b, scale) / np.hypot(a, scale)) / _angle(loc, scale, low, high)
        return np.clip(loc + rise, low, high)

    @staticmethod
    def _cdf(x: Any, loc: Any, scale: Any, low: Any, high: Any) -> Any:
        return _angle(loc, scale, low, x) / _angle(loc, scale, low, high)

    @staticmethod
    def _icdf(p: Any, loc: Any, scale: Any, low: Any, high: Any) -> Any:
        if is_missing(low) and is_missing(high):
            return Cauchy._icdf(p, loc, scale)
        angle = _angle(loc, scale, low, high)
        if is_missing(high):
            z = 1.0 / ops.tan((1.0 - p) * angle)
        elif is_missing(low):
            z = -1.0 / ops.tan(p * angle)
        else:
            # The tangent of a sum, seen from the bound that is nearer to the centre.
            a, b = standardised(low, loc, scale), standardised(high, loc, scale)
            from_high = a + b < 0.0
            near = ops.where(from_high, b, a)
            turn = ops.where(from_high, -(1.0 - p), p) * angle
            z = (near * ops.cos(turn) + ops.sin(turn)) / (ops.cos(turn) - near * ops.sin(turn))
        x = loc + scale * z
        # Rounding must not carry it over a bound.
        x = x if is_missing(low) else ops.maximum(x, low)
        return x if is_missing(high) else ops.minimum(x, high)


def _angle(loc: Any, scale: Any, low: Any, high: Any) -> Any:
    """pi times the mass between the bounds: an angle, which is exact also where both are far out on one side."""
    if is_missing(low):
        return math.pi if is_missing(high) else ops.arctan2(1.0, -standardised(high, loc, scale))
    if is_missing(high):
        return ops.arctan2(1.0, standardised(low, loc, scale))
    a, b = standardised(low, loc, scale), standardised(high, loc, scale)
    return ops.arctan2(width(low, high, scale, b - a), 1.0 + a * b)
