"""The asymmetric Laplace distribution given by a quantile, as in quantile regression."""

from __future__ import annotations

from typing import Any

from . import constraints, two_sided
from .base import Distribution
from .noise import Noise


class AsymmetricLaplaceQuantile(Distribution):
    """AsymmetricLaplaceQuantile(loc=0, scale=1, quantile=0.5): P(x < loc) is `quantile`.

    loc: that quantile and the mode, real. scale: positive. quantile: between 0 and 1. Support: real. The tails have the
    mean distances scale / (1 - quantile) to the left and scale / quantile to the right.
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive, "quantile": constraints.unit_interval}
    defaults = {"loc": 0.0, "scale": 1.0, "quantile": 0.5}
    support = constraints.real

    @staticmethod
    def log_density(x: Any, loc: Any, scale: Any, quantile: Any) -> Any:
        return two_sided.log_density(x, loc, *_sides(scale, quantile))

    @staticmethod
    def draw(noise: Noise, loc: Any, scale: Any, quantile: Any) -> Any:
        return two_sided.draw(noise, loc, *_sides(scale, quantile))

    @staticmethod
    def _mean(loc: Any, scale: Any, quantile: Any) -> Any:
        return two_sided.mean(loc, *_sides(scale, quantile))

    @staticmethod
    def _variance(loc: Any, scale: Any, quantile: Any) -> Any:
        return two_sided.variance(loc, *_sides(scale, quantile))

    @staticmethod
    def _cdf(x: Any, loc: Any, scale: Any, quantile: Any) -> Any:
        return two_sided.cdf(x, loc, *_sides(scale, quantile))

    @staticmethod
    def _icdf(p: Any, loc: Any, scale: Any, quantile: Any) -> Any:
        return two_sided.icdf(p, loc, *_sides(scale, quantile))

    @staticmethod
    def _entropy(loc: Any, scale: Any, quantile: Any) -> Any:
        return two_sided.entropy(loc, *_sides(scale, quantile))


def _sides(scale: Any, quantile: Any) -> tuple[Any, Any]:
    return scale / (1.0 - quantile), scale / quantile
