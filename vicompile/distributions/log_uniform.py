"""The log-uniform distribution."""

from __future__ import annotations

from typing import Any

from ..ir import ops
from . import constraints
from .base import Distribution
from .noise import Noise


class LogUniform(Distribution):
    """LogUniform(low, high): exp of a uniform draw between log(low) and log(high), also called reciprocal.

    low, high: the ends, 0 < low < high (ValueError otherwise). Support: interval(low, high).
    """

    arg_constraints = {"low": constraints.positive, "high": constraints.positive}
    support = None

    @staticmethod
    def _support(low: Any, high: Any) -> constraints.Constraint:
        return constraints.interval(low, high)

    @staticmethod
    def log_density(x: Any, low: Any, high: Any) -> Any:
        return -ops.log(x) - ops.log(ops.log(high / low))

    @staticmethod
    def draw(noise: Noise, low: Any, high: Any) -> Any:
        return LogUniform._icdf(noise.uniform(), low, high)

    @staticmethod
    def _mean(low: Any, high: Any) -> Any:
        return (high - low) / ops.log(high / low)

    @staticmethod
    def _variance(low: Any, high: Any) -> Any:
        mean = LogUniform._mean(low, high)
        return mean * (0.5 * (high + low) - mean)

    @staticmethod
    def _cdf(x: Any, low: Any, high: Any) -> Any:
        return ops.log(x / low) / ops.log(high / low)

    @staticmethod
    def _icdf(p: Any, low: Any, high: Any) -> Any:
        # Rounding must not carry it over the end.
        return ops.minimum(low * ops.exp(ops.log(high / low) * p), high)

    @staticmethod
    def _entropy(low: Any, high: Any) -> Any:
        return 0.5 * (ops.log(low) + ops.log(high)) + ops.log(ops.log(high / low))
