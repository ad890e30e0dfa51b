"""The beta distribution."""

from __future__ import annotations

from typing import Any

from ..ir import ops
from . import constraints, special
from .base import Distribution
from .noise import Noise
from .stable import log_beta_function, xlog1py, xlogy


class Beta(Distribution):
    """Beta(concentration1, concentration0).

    concentration1: weight of successes, positive. concentration0: weight of failures, positive. Support: unit interval.
    """

    arg_constraints = {"concentration1": constraints.positive, "concentration0": constraints.positive}
    support = constraints.unit_interval

    @staticmethod
    def log_density(x: Any, concentration1: Any, concentration0: Any) -> Any:
        return (
            xlogy(concentration1 - 1.0, x)
            + xlog1py(concentration0 - 1.0, -x)
            - log_beta_function(concentration1, concentration0)
        )

    @staticmethod
    def draw(noise: Noise, concentration1: Any, concentration0: Any) -> Any:
        # A ratio of two gamma draws, in logarithms: tiny concentrations must not give 0 / 0.
        successes = ops.log_standard_gamma(concentration1, noise.normal(), noise.uniform(), noise.uniform())
        failures = ops.log_standard_gamma(concentration0, noise.normal(), noise.uniform(), noise.uniform())
        return ops.sigmoid(successes - failures)

    @staticmethod
    def _mean(concentration1: Any, concentration0: Any) -> Any:
        return concentration1 / (concentration1 + concentration0)

    @staticmethod
    def _variance(concentration1: Any, concentration0: Any) -> Any:
        both = concentration1 + concentration0
        return (concentration1 / both) * (concentration0 / both) / (both + 1.0)

    @staticmethod
    def _cdf(x: Any, concentration1: Any, concentration0: Any) -> Any:
        return special.betainc(concentration1, concentration0, x)

    @staticmethod
    def _survival(x: Any, concentration1: Any, concentration0: Any) -> Any:
        return special.betainc(concentration0, concentration1, 1.0 - x)

    @staticmethod
    def _icdf(p: Any, concentration1: Any, concentration0: Any) -> Any:
        return special.betaincinv(concentration1, concentration0, p)

    @staticmethod
    def _entropy(concentration1: Any, concentration0: Any) -> Any:
        both = concentration1 + concentration0
        return (
            log_beta_function(concentration1, concentration0)
            - (concentration1 - 1.0) * ops.digamma(concentration1)
            - (concentration0 - 1.0) * ops.digamma(concentration0)
            + (both - 2.0) * ops.digamma(both)
        )
