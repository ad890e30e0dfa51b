"""The beta distribution given by its mean."""

from __future__ import annotations

from typing import Any

from . import constraints
from .base import Distribution
from .beta import Beta
from .noise import Noise


class BetaProportion(Distribution):
    """BetaProportion(mean, concentration): Beta(mean * concentration, (1 - mean) * concentration).

    mean: between 0 and 1. concentration: the sum of both weights, positive. Support: unit interval.
    """

    arg_constraints = {"mean": constraints.unit_interval, "concentration": constraints.positive}
    support = constraints.unit_interval

    @staticmethod
    def log_density(x: Any, mean: Any, concentration: Any) -> Any:
        return Beta.log_density(x, mean * concentration, (1.0 - mean) * concentration)

    @staticmethod
    def draw(noise: Noise, mean: Any, concentration: Any) -> Any:
        return Beta.draw(noise, mean * concentration, (1.0 - mean) * concentration)

    @staticmethod
    def _mean(mean: Any, concentration: Any) -> Any:
        return Beta._mean(mean * concentration, (1.0 - mean) * concentration)

    @staticmethod
    def _variance(mean: Any, concentration: Any) -> Any:
        return Beta._variance(mean * concentration, (1.0 - mean) * concentration)

    @staticmethod
    def _cdf(x: Any, mean: Any, concentration: Any) -> Any:
        return Beta._cdf(x, mean * concentration, (1.0 - mean) * concentration)

    @staticmethod
    def _icdf(p: Any, mean: Any, concentration: Any) -> Any:
        return Beta._icdf(p, mean * concentration, (1.0 - mean) * concentration)

    @staticmethod
    def _entropy(mean: Any, concentration: Any) -> Any:
        return Beta._entropy(mean * concentration, (1.0 - mean) * concentration)
