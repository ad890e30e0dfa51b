"""The asymmetric Laplace distribution."""

from __future__ import annotations

from typing import Any

from . import constraints, two_sided
from .base import Distribution
from .noise import Noise


class AsymmetricLaplace(Distribution):
    """AsymmetricLaplace(loc=0, scale=1, asymmetry=1): an exponential tail on each side of `loc`.

    Their mean distances are scale * asymmetry to the left and scale / asymmetry to the right.

    loc: the mode, real. scale: positive. asymmetry: positive; 1 is the Laplace distribution. Support: real.
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive, "asymmetry": constraints.positive}
    defaults = {"loc": 0.0, "scale": 1.0, "asymmetry": 1.0}
    support = constraints.real

    @staticmethod
    def log_density(x: Any, loc: Any, scale: Any, asymmetry: Any) -> Any:
        return two_sided.log_density(x, loc, *_sides(scale, asymmetry))

    @staticmethod
    def draw(noise: Noise, loc: Any, scale: Any, asymmetry: Any) -> Any:
        return two_sided.draw(noise, loc, *_sides(scale, asymmetry))

    @staticmethod
    def _mean(loc: Any, scale: Any, asymmetry: Any) -> Any:
        return two_sided.mean(loc, *_sides(scale, asymmetry))

    @staticmethod
    def _variance(loc: Any, scale: Any, asymmetry: Any) -> Any:
        return two_sided.variance(loc, *_sides(scale, asymmetry))

    @staticmethod
    def _cdf(x: Any, loc: Any, scale: Any, asymmetry: Any) -> Any:
        return two_sided.cdf(x, loc, *_sides(scale, asymmetry))

    @staticmethod
    def _icdf(p: Any, loc: Any, scale: Any, asymmetry: Any) -> Any:
        return two_sided.icdf(p, loc, *_sides(scale, asymmetry))

    @staticmethod
    def _entropy(loc: Any, scale: Any, asymmetry: Any) -> Any:
        return two_sided.entropy(loc, *_sides(scale, asymmetry))


def _sides(scale: Any, asymmetry: Any) -> tuple[Any, Any]:
    return scale * asymmetry, scale / asymmetry
