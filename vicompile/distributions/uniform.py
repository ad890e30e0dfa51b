"""The uniform distribution."""

from __future__ import annotations

from typing import Any

from ..ir import ops
from . import constraints
from .base import Distribution
from .noise import Noise


class Uniform(Distribution):
    """Uniform(low=0, high=1).

    low, high: the ends, low < high (ValueError otherwise). Support: interval(low, high).
    """

    arg_constraints = {"low": constraints.real, "high": constraints.real}
    defaults = {"low": 0.0, "high": 1.0}
    support = None

    @staticmethod
    def _support(low: Any, high: Any) -> constraints.Constraint:
        return constraints.interval(low, high)

    @staticmethod
    def log_density(x: Any, low: Any, high: Any) -> Any:
        return -ops.log(high - low)

    @staticmethod
    def draw(noise: Noise, low: Any, high: Any) -> Any:
        return low + (high - low) * noise.uniform()

    @staticmethod
    def _mean(low: Any, high: Any) -> Any:
        return 0.5 * low + 0.5 * high

    @staticmethod
    def _variance(low: Any, high: Any) -> Any:
        return ops.square(high - low) / 12.0

    @staticmethod
    def _cdf(x: Any, low: Any, high: Any) -> Any:
        return (x - low) / (high - low)

    @staticmethod
    def _icdf(p: Any, low: Any, high: Any) -> Any:
        return low + (high - low) * p

    @staticmethod
    def _entropy(low: Any, high: Any) -> Any:
        return ops.log(high - low)

    @staticmethod
    def _log_cdf(x: Any, low: Any, high: Any) -> Any:
        return ops.log((x - low) / (high - low))

    @staticmethod
    def _log_survival(x: Any, low: Any, high: Any) -> Any:
        return ops.log((high - x) / (high - low))

    @staticmethod
    def _quantile(log_below: Any, log_above: Any, low: Any, high: Any) -> Any:
        lower = ops.less(log_below, log_above)
        part = (high - low) * ops.exp(ops.where(lower, log_below, log_above))
        return ops.where(lower, low + part, high - part)
