"""The log-normal distribution."""

from __future__ import annotations

from typing import Any

from ..ir import ops
from . import constraints
from .base import Distribution
from .noise import Noise
from .stable import HALF_LOG_2PI, normal_quantile


class LogNormal(Distribution):
    """LogNormal(loc=0, scale=1): exp of a Normal(loc, scale) draw.

    loc: mean of the logarithm. scale: standard deviation of the logarithm, positive. Support: positive.
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    defaults = {"loc": 0.0, "scale": 1.0}
    support = constraints.positive

    @staticmethod
    def log_density(x: Any, loc: Any, scale: Any) -> Any:
        log_x = ops.log(x)
        return -0.5 * ops.square((log_x - loc) / scale) - ops.log(scale) - HALF_LOG_2PI - log_x

    @staticmethod
    def draw(noise: Noise, loc: Any, scale: Any) -> Any:
        return ops.exp(loc + scale * noise.normal())

    @staticmethod
    def _mean(loc: Any, scale: Any) -> Any:
        return ops.exp(loc + 0.5 * ops.square(scale))

    @staticmethod
    def _variance(loc: Any, scale: Any) -> Any:
        spread = ops.square(scale)
        return ops.expm1(spread) * ops.exp(2.0 * loc + spread)

    @staticmethod
    def _cdf(x: Any, loc: Any, scale: Any) -> Any:
        return ops.ndtr((ops.log(x) - loc) / scale)

    @staticmethod
    def _icdf(p: Any, loc: Any, scale: Any) -> Any:
        return ops.exp(loc + scale * ops.ndtri(p))

    @staticmethod
    def _entropy(loc: Any, scale: Any) -> Any:
        return loc + 0.5 + HALF_LOG_2PI + ops.log(scale)

    @staticmethod
    def _log_cdf(x: Any, loc: Any, scale: Any) -> Any:
        return ops.log_ndtr((ops.log(x) - loc) / scale)

    @staticmethod
    def _log_survival(x: Any, loc: Any, scale: Any) -> Any:
        return ops.log_ndtr(-(ops.log(x) - loc) / scale)

    @staticmethod
    def _quantile(log_below: Any, log_above: Any, loc: Any, scale: Any) -> Any:
        return ops.exp(loc + scale * normal_quantile(log_below, log_above))
