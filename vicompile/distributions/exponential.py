"""The exponential distribution."""

from __future__ import annotations

from typing import Any

from ..ir import ops
from . import constraints
from .base import Distribution
from .noise import Noise
from .stable import log1mexp


class Exponential(Distribution):
    """Exponential(rate=1).

    rate: one over the mean, positive. Support: nonnegative.
    """

    arg_constraints = {"rate": constraints.positive}
    defaults = {"rate": 1.0}
    support = constraints.nonnegative

    @staticmethod
    def log_density(x: Any, rate: Any) -> Any:
        return ops.log(rate) - rate * x

    @staticmethod
    def draw(noise: Noise, rate: Any) -> Any:
        return -ops.log(noise.uniform()) / rate

    @staticmethod
    def _mean(rate: Any) -> Any:
        return 1.0 / rate

    @staticmethod
    def _variance(rate: Any) -> Any:
        return 1.0 / ops.square(rate)

    @staticmethod
    def _cdf(x: Any, rate: Any) -> Any:
        return -ops.expm1(-rate * x)

    @staticmethod
    def _icdf(p: Any, rate: Any) -> Any:
        return -ops.log1p(-p) / rate

    @staticmethod
    def _entropy(rate: Any) -> Any:
        return 1.0 - ops.log(rate)

    @staticmethod
    def _log_cdf(x: Any, rate: Any) -> Any:
        return log1mexp(rate * x)

    @staticmethod
    def _log_survival(x: Any, rate: Any) -> Any:
        return -rate * x

    @staticmethod
    def _quantile(log_below: Any, log_above: Any, rate: Any) -> Any:
        return -log_above / rate
