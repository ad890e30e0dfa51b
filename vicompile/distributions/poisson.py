"""The Poisson distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from . import constraints, special
from .base import Distribution
from .stable import xlogy


class Poisson(Distribution):
    """Poisson(rate): counts.

    rate: the mean, positive. Support: nonnegative integer.
    """

    arg_constraints = {"rate": constraints.positive}
    support = constraints.nonnegative_integer
    is_discrete = True

    @staticmethod
    def log_density(x: Any, rate: Any) -> Any:
        return xlogy(x, rate, keep=True) - rate - ops.lgamma(x + 1.0)

    @staticmethod
    def _sample_numpy(generator: np.random.Generator, shape: tuple[int, ...], rate: Any) -> Any:
        return generator.poisson(rate, shape)

    @staticmethod
    def _mean(rate: Any) -> Any:
        return rate

    @staticmethod
    def _variance(rate: Any) -> Any:
        return rate

    @staticmethod
    def _cdf(x: Any, rate: Any) -> Any:
        return special.gammaincc(x + 1.0, rate)
