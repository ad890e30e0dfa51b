"""The scaled inverse chi-squared distribution."""

from __future__ import annotations

from typing import Any

from . import constraints
from .base import Distribution
from .inverse_gamma import InverseGamma
from .noise import Noise


class ScaledInverseChi2(Distribution):
    """ScaledInverseChi2(df, scale=1): df * scale**2 over a Chi2(df) draw, InverseGamma(df / 2, df * scale**2 / 2).

    df: degrees of freedom, positive. scale: positive. Support: positive.
    """

    arg_constraints = {"df": constraints.positive, "scale": constraints.positive}
    defaults = {"scale": 1.0}
    support = constraints.positive

    @staticmethod
    def log_density(x: Any, df: Any, scale: Any) -> Any:
        return InverseGamma.log_density(x, 0.5 * df, 0.5 * df * scale * scale)

    @staticmethod
    def draw(noise: Noise, df: Any, scale: Any) -> Any:
        return InverseGamma.draw(noise, 0.5 * df, 0.5 * df * scale * scale)

    @staticmethod
    def _mean(df: Any, scale: Any) -> Any:
        return InverseGamma._mean(0.5 * df, 0.5 * df * scale * scale)

    @staticmethod
    def _variance(df: Any, scale: Any) -> Any:
        return InverseGamma._variance(0.5 * df, 0.5 * df * scale * scale)

    @staticmethod
    def _cdf(x: Any, df: Any, scale: Any) -> Any:
        return InverseGamma._cdf(x, 0.5 * df, 0.5 * df * scale * scale)

    @staticmethod
    def _icdf(p: Any, df: Any, scale: Any) -> Any:
        return InverseGamma._icdf(p, 0.5 * df, 0.5 * df * scale * scale)

    @staticmethod
    def _entropy(df: Any, scale: Any) -> Any:
        return InverseGamma._entropy(0.5 * df, 0.5 * df * scale * scale)
