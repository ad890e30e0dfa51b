"""The normal distribution between bounds."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from . import constraints, normal_cut
from .bounds import Bounded, support_between
from .noise import Noise


class TruncatedNormal(Bounded):
    """TruncatedNormal(loc=0, scale=1, low=-inf, high=inf): a Normal draw that lies between bounds.

    loc, scale: mean and standard deviation before truncation; scale is positive. low, high: the bounds, low < high
    (ValueError otherwise); -inf and inf, or None, are none. Support: real, greater_than_eq(low), less_than_eq(high) or
    interval(low, high). Right also where the bounds lie far out in the tail. Mean, variance and entropy are computed by
    quadrature.
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
        return normal_cut.log_density(x, loc, scale, low, high)

    @staticmethod
    def draw(noise: Noise, loc: Any, scale: Any, low: Any, high: Any) -> Any:
        return normal_cut.quantile(noise.uniform(), loc, scale, low, high)

    @staticmethod
    def _mean(loc: Any, scale: Any, low: Any, high: Any) -> Any:
        return normal_cut.moments(loc, scale, low, high)[0]

    @staticmethod
    def _variance(loc: Any, scale: Any, low: Any, high: Any) -> Any:
        return normal_cut.moments(loc, scale, low, high)[1]

    @staticmethod
    def _cdf(x: Any, loc: Any, scale: Any, low: Any, high: Any) -> Any:
        below = normal_cut.log_mass(loc, scale, low, x)
        return ops.exp(below - normal_cut.log_mass(loc, scale, low, high))

    @staticmethod
    def _icdf(p: Any, loc: Any, scale: Any, low: Any, high: Any) -> Any:
        return normal_cut.quantile(p, loc, scale, low, high)

    @staticmethod
    def _entropy(loc: Any, scale: Any, low: Any, high: Any) -> Any:
        return normal_cut.moments(loc, scale, low, high)[2]
