"""The chi-squared distribution."""

from __future__ import annotations

from typing import Any

from . import constraints
from .base import Distribution
from .gamma import Gamma
from .noise import Noise


class Chi2(Distribution):
    """Chi2(df): the sum of the squares of `df` standard normal draws, Gamma(df / 2, 1 / 2).

    df: degrees of freedom, positive. Support: nonnegative.
    """

    arg_constraints = {"df": constraints.positive}
    support = constraints.nonnegative

    @staticmethod
    def log_density(x: Any, df: Any) -> Any:
        return Gamma.log_density(x, 0.5 * df, 0.5)

    @staticmethod
    def draw(noise: Noise, df: Any) -> Any:
        return Gamma.draw(noise, 0.5 * df, 0.5)

    @staticmethod
    def _mean(df: Any) -> Any:
        return Gamma._mean(0.5 * df, 0.5)

    @staticmethod
    def _variance(df: Any) -> Any:
        return Gamma._variance(0.5 * df, 0.5)

    @staticmethod
    def _cdf(x: Any, df: Any) -> Any:
        return Gamma._cdf(x, 0.5 * df, 0.5)

    @staticmethod
    def _icdf(p: Any, df: Any) -> Any:
        return Gamma._icdf(p, 0.5 * df, 0.5)

    @staticmethod
    def _entropy(df: Any) -> Any:
        return Gamma._entropy(0.5 * df, 0.5)
