"""The normal distribution."""

from __future__ import annotations

import math
from typing import Any

from ..ir import ops
from . import constraints
from .base import Distribution
from .noise import Noise
from .stable import HALF_LOG_2PI, normal_quantile


class Normal(Distribution):
    """Normal(loc=0, scale=1), also called Gaussian.

    loc: the mean. scale: the standard deviation, positive. Support: real.
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    defaults = {"loc": 0.0, "scale": 1.0}
    support = constraints.real

    @staticmethod
    def log_density(x: Any, loc: Any, scale: Any) -> Any:
        return -0.5 * ops.square((x - loc) / scale) - ops.log(scale) - HALF_LOG_2PI

    @staticmethod
    def draw(noise: Noise, loc: Any, scale: Any) -> Any:
        return loc + scale * noise.normal()

    @staticmethod
    def _mean(loc: Any, scale: Any) -> Any:
        return loc

    @staticmethod
    def _variance(loc: Any, scale: Any) -> Any:
        return ops.square(scale)

    @staticmethod
    def _cdf(x: Any, loc: Any, scale: Any) -> Any:
        return ops.ndtr((x - loc) / scale)

    @staticmethod
    def _icdf(p: Any, loc: Any, scale: Any) -> Any:
        return loc + scale * ops.ndtri(p)

    @staticmethod
    def _entropy(loc: Any, scale: Any) -> Any:
        return ops.log(scale) + 0.5 * math.log(2.0 * math.pi * math.e)

    @staticmethod
    def _log_cdf(x: Any, loc: Any, scale: Any) -> Any:
        return ops.log_ndtr((x - loc) / scale)

    @staticmethod
    def _log_survival(x: Any, loc: Any, scale: Any) -> Any:
        return ops.log_ndtr(-(x - loc) / scale)

    @staticmethod
    def _quantile(log_below: Any, log_above: Any, loc: Any, scale: Any) -> Any:
        return loc + scale * normal_quantile(log_below, log_above)
