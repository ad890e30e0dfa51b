"""The half-normal distribution."""

from __future__ import annotations

import math
from typing import Any

from ..ir import ops
from . import constraints, special
from .base import Distribution
from .noise import Noise


class HalfNormal(Distribution):
    """HalfNormal(scale=1): the absolute value of a Normal(0, scale) draw.

    scale: positive. Support: nonnegative.
    """

    arg_constraints = {"scale": constraints.positive}
    defaults = {"scale": 1.0}
    support = constraints.nonnegative

    @staticmethod
    def log_density(x: Any, scale: Any) -> Any:
        return -0.5 * ops.square(x / scale) - ops.log(scale) + 0.5 * math.log(2.0 / math.pi)

    @staticmethod
    def draw(noise: Noise, scale: Any) -> Any:
        return scale * ops.absolute(noise.normal())

    @staticmethod
    def _mean(scale: Any) -> Any:
        return scale * math.sqrt(2.0 / math.pi)

    @staticmethod
    def _variance(scale: Any) -> Any:
        return ops.square(scale) * (1.0 - 2.0 / math.pi)

    @staticmethod
    def _cdf(x: Any, scale: Any) -> Any:
        return ops.erf(x / (scale * math.sqrt(2.0)))

    @staticmethod
    def _icdf(p: Any, scale: Any) -> Any:
        return scale * math.sqrt(2.0) * special.erfinv(p)

    @staticmethod
    def _entropy(scale: Any) -> Any:
        return ops.log(scale) + 0.5 * math.log(0.5 * math.pi * math.e)

    @staticmethod
    def _log_cdf(x: Any, scale: Any) -> Any:
        return ops.log(ops.erf(x / scale * math.sqrt(0.5)))

    @staticmethod
    def _log_survival(x: Any, scale: Any) -> Any:
        return math.log(2.0) + ops.log_ndtr(-x / scale)

    @staticmethod
    def _quantile(log_below: Any, log_above: Any, scale: Any) -> Any:
        return -scale * ops.ndtri_exp(log_above - math.log(2.0))
