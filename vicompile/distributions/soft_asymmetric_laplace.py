"""The soft asymmetric Laplace distribution."""

from __future__ import annotations

from typing import Any

from ..ir import ops
from . import constraints
from .asymmetric_laplace import AsymmetricLaplace
from .base import Distribution
from .noise import Noise
from .smoothed_tail import log_smoothed_tail


class SoftAsymmetricLaplace(Distribution):
    """SoftAsymmetricLaplace(loc, scale, asymmetry=1, softness=1): a smooth AsymmetricLaplace.

    The sum of an AsymmetricLaplace(loc, scale, asymmetry) and a Normal(0, scale * softness) draw.

    loc: real. scale, asymmetry, softness: positive. Support: real.
    """

    arg_constraints = {
        "loc": constraints.real,
        "scale": constraints.positive,
        "asymmetry": constraints.positive,
        "softness": constraints.positive,
    }
    defaults = {"asymmetry": 1.0, "softness": 1.0}
    support = constraints.real

    @staticmethod
    def log_density(x: Any, loc: Any, scale: Any, asymmetry: Any, softness: Any) -> Any:
        # All in units of the normal part.
        z = (x - loc) / (scale * softness)
        below = log_smoothed_tail(-z, softness / asymmetry)
        above = log_smoothed_tail(z, softness * asymmetry)
        larger, smaller = ops.maximum(below, above), ops.minimum(below, above)
        both = larger + ops.log1p(ops.exp(smaller - larger))
        return both - ops.log(scale) - ops.log(asymmetry + 1.0 / asymmetry)

    @staticmethod
    def draw(noise: Noise, loc: Any, scale: Any, asymmetry: Any, softness: Any) -> Any:
        tails = AsymmetricLaplace.draw(noise, 0.0, scale, asymmetry)
        return loc + scale * softness * noise.normal() + tails

    @staticmethod
    def _mean(loc: Any, scale: Any, asymmetry: Any, softness: Any) -> Any:
        return AsymmetricLaplace._mean(loc, scale, asymmetry)

    @staticmethod
    def _variance(loc: Any, scale: Any, asymmetry: Any, softness: Any) -> Any:
        return AsymmetricLaplace._variance(loc, scale, asymmetry) + ops.square(scale * softness)
