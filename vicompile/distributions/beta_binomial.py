"""Counts whose probability of success is itself a beta draw: beta-binomial and beta-negative-binomial."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .base import Distribution
from .negative_binomial import log_ways
from .stable import log_beta_function


class BetaBinomial(Distribution):
    """BetaBinomial(concentration1, concentration0, total_count=1): Binomial with probs from a Beta.

    concentration1, concentration0: of the Beta, positive. total_count: number of trials, a whole number from 0.
    Support: whole numbers from 0 to total_count.
    """

    arg_constraints = {
        "concentration1": constraints.positive,
        "concentration0": constraints.positive,
        "total_count": constraints.nonnegative_integer,
    }
    defaults = {"total_count": 1}
    support = None
    is_discrete = True

    @staticmethod
    def _support(concentration1: Any, concentration0: Any, total_count: Any) -> constraints.Constraint:
        return constraints.integer_interval(0, total_count)

    @staticmethod
    def log_density(x: Any, concentration1: Any, concentration0: Any, total_count: Any) -> Any:
        failures = total_count - x
        ways = -log_beta_function(x + 1.0, failures + 1.0) - ops.log1p(total_count)
        ways = ops.where(ops.equal(total_count, ops.floor(total_count)), ways, np.nan)
        both = log_beta_function(x + concentration1, failures + concentration0)
        return ways + both - log_beta_function(concentration1, concentration0)

    @staticmethod
    def _sample_numpy(
        generator: np.random.Generator,
        shape: tuple[int, ...],
        concentration1: Any,
        concentration0: Any,
        total_count: Any,
    ) -> Any:
        return generator.binomial(
            np.asarray(total_count, np.int64), generator.beta(concentration1, concentration0, shape)
        )

    @staticmethod
    def _mean(concentration1: Any, concentration0: Any, total_count: Any) -> Any:
        return total_count * (concentration1 / (concentration1 + concentration0))

    @staticmethod
    def _variance(concentration1: Any, concentration0: Any, total_count: Any) -> Any:
        both = concentration1 + concentration0
        p = concentration1 / both
        return total_count * p * (1.0 - p) * (both + total_count) / (both + 1.0)


class BetaNegativeBinomial(Distribution):
    """BetaNegativeBinomial(concentration1, concentration0, n): NegativeBinomial(n, probs) with probs from a Beta.

    concentration1, concentration0: of the Beta, positive. n: the number of failures that end the count, positive.
    Support: nonnegative integer. The mean is n * concentration1 / (concentration0 - 1), if concentration0 > 1.
    """

    arg_constraints = {
        "concentration1": constraints.positive,
        "concentration0": constraints.positive,
        "n": constraints.positive,
    }
    support = constraints.nonnegative_integer
    is_discrete = True

    @staticmethod
    def log_density(x: Any, concentration1: Any, concentration0: Any, n: Any) -> Any:
        both = log_beta_function(concentration1 + x, concentration0 + n)
        return log_ways(x, n) + both - log_beta_function(concentration1, concentration0)

    @staticmethod
    def _sample_numpy(
        generator: np.random.Generator, shape: tuple[int, ...], concentration1: Any, concentration0: Any, n: Any
    ) -> Any:
        # The odds of a success are a ratio of gamma draws.
        odds = generator.standard_gamma(concentration1, shape) / generator.standard_gamma(concentration0, shape)
        return generator.poisson(odds * generator.standard_gamma(n, shape))

    @staticmethod
    def _mean(concentration1: Any, concentration0: Any, n: Any) -> Any:
        return ops.where(ops.greater(concentration0, 1.0), n * concentration1 / (concentration0 - 1.0), np.inf)

    @staticmethod
    def _variance(concentration1: Any, concentration0: Any, n: Any) -> Any:
        a, b = concentration0, concentration1
        variance = n * (a + n - 1.0) * b * (a + b - 1.0) / ((a - 2.0) * ops.square(a - 1.0))
        return ops.where(ops.greater(a, 2.0), variance, np.inf)
