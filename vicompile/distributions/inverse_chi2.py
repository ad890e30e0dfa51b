"""The inverse chi-squared distribution."""

from __future__ import annotations

from typing import Any

from . import constraints
from .base import Distribution
from .inverse_gamma import InverseGamma
from .noise import Noise


class InverseChi2(Distribution):
    """InverseChi2(df): one over a Chi2(df) draw, InverseGamma(df / 2, 1 / 2).

    df: degrees of freedom, positive. Support: positive.
    """

    arg_constraints = {"df": constraints.positive}
    support = constraints.positive

    @staticmethod
    def log_density(x: Any, df: Any) -> Any:
        return InverseGamma.log_density(x, 0.5 * df, 0.5)

    @staticmethod
    def draw(noise: Noise, df: Any) -> Any:
        return InverseGamma.draw(noise, 0.5 * df, 0.5)

    @staticmethod
    def _mean(df: Any) -> Any:
        return InverseGamma._mean(0.5 * df, 0.5)

    @staticmethod
    def _variance(df: Any) -> Any:
        return InverseGamma._variance(0.5 * df, 0.5)

    @staticmethod
    def _cdf(x: Any, df: Any) -> Any:
        return InverseGamma._cdf(x, 0.5 * df, 0.5)

    @staticmethod
    def _icdf(p: Any, df: Any) -> Any:
        return InverseGamma._icdf(p, 0.5 * df, 0.5)

    @staticmethod
    def _entropy(df: Any) -> Any:
        return InverseGamma._entropy(0.5 * df, 0.5)
