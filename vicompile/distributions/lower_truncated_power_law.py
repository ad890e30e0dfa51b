"""The power law on the numbers above a lower bound."""

from __future__ import annotations

from typing import Any

from . import constraints
from .base import Distribution
from .noise import Noise
from .pareto import Pareto


class LowerTruncatedPowerLaw(Distribution):
    """LowerTruncatedPowerLaw(alpha, low): density proportional to x**alpha above `low`, Pareto(low, -1 - alpha).

    alpha: the exponent, below -1. low: the bound, positive. Support: greater_than_eq(low).
    """

    arg_constraints = {"alpha": constraints.less_than(-1.0), "low": constraints.positive}
    support = None

    @staticmethod
    def _support(alpha: Any, low: Any) -> constraints.Constraint:
        return constraints.greater_than_eq(low)

    @staticmethod
    def log_density(x: Any, alpha: Any, low: Any) -> Any:
        return Pareto.log_density(x, low, -1.0 - alpha)

    @staticmethod
    def draw(noise: Noise, alpha: Any, low: Any) -> Any:
        return Pareto.draw(noise, low, -1.0 - alpha)

    @staticmethod
    def _mean(alpha: Any, low: Any) -> Any:
        return Pareto._mean(low, -1.0 - alpha)

    @staticmethod
    def _variance(alpha: Any, low: Any) -> Any:
        return Pareto._variance(low, -1.0 - alpha)

    @staticmethod
    def _cdf(x: Any, alpha: Any, low: Any) -> Any:
        return Pareto._cdf(x, low, -1.0 - alpha)

    @staticmethod
    def _icdf(p: Any, alpha: Any, low: Any) -> Any:
        return Pareto._icdf(p, low, -1.0 - alpha)

    @staticmethod
    def _entropy(alpha: Any, low: Any) -> Any:
        return Pareto._entropy(low, -1.0 - alpha)
