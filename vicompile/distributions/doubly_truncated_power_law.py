"""The power law on an interval."""

from __future__ import annotations

from typing import Any

from ..ir import ops
from . import constraints, tilted_uniform
from .base import Distribution
from .noise import Noise


class DoublyTruncatedPowerLaw(Distribution):
    """DoublyTruncatedPowerLaw(alpha, low, high): density proportional to x**alpha between `low` and `high`.

    alpha: the exponent, any real number, -1 included. low, high: the ends, 0 < low < high (ValueError otherwise).
    Support: interval(low, high).
    """

    arg_constraints = {"alpha": constraints.real, "low": constraints.positive, "high": constraints.positive}
    support = None

    @staticmethod
    def _support(alpha: Any, low: Any, high: Any) -> constraints.Constraint:
        return constraints.interval(low, high)

    # log(x / low) / log(high / low) has a density proportional to exp(tilt * y).

    @staticmethod
    def log_density(x: Any, alpha: Any, low: Any, high: Any) -> Any:
        width, log_x = ops.log(high / low), ops.log(x)
        place = (log_x - ops.log(low)) / width
        return tilted_uniform.log_density(place, (alpha + 1.0) * width) - ops.log(width) - log_x

    @staticmethod
    def draw(noise: Noise, alpha: Any, low: Any, high: Any) -> Any:
        return DoublyTruncatedPowerLaw._icdf(noise.uniform(), alpha, low, high)

    @staticmethod
    def _mean(alpha: Any, low: Any, high: Any) -> Any:
        return low * ops.exp(_log_moment(1.0, alpha, low, high))

    @staticmethod
    def _variance(alpha: Any, low: Any, high: Any) -> Any:
        first, second = (_log_moment(power, alpha, low, high) for power in (1.0, 2.0))
        return ops.square(low * ops.exp(first)) * ops.expm1(second - 2.0 * first)

    @staticmethod
    def _cdf(x: Any, alpha: Any, low: Any, high: Any) -> Any:
        width = ops.log(high / low)
        return tilted_uniform.cdf(ops.log(x / low) / width, (alpha + 1.0) * width)

    @staticmethod
    def _icdf(p: Any, alpha: Any, low: Any, high: Any) -> Any:
        width = ops.log(high / low)
        # Rounding must not carry it over the end.
        return ops.minimum(low * ops.exp(width * tilted_uniform.quantile(p, (alpha + 1.0) * width)), high)

    @staticmethod
    def _entropy(alpha: Any, low: Any, high: Any) -> Any:
        width = ops.log(high / low)
        tilt = (alpha + 1.0) * width
        place = tilted_uniform.mean(tilt)
        return ops.log(width) + ops.log(low) + width * place - tilted_uniform.log_density(place, tilt)


def _log_moment(power: float, alpha: Any, low: Any, high: Any) -> Any:
    """log of the mean of (x / low)**power."""
    width = ops.log(high / low)
    normaliser = tilted_uniform.log_normaliser
    return normaliser((alpha + 1.0 + power) * width) - normaliser((alpha + 1.0) * width)
