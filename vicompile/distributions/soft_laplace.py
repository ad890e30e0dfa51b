"""The soft Laplace distribution."""

from __future__ import annotations

import math
from typing import Any

from ..ir import ops
from . import constraints
from .base import Distribution
from .noise import Noise


class SoftLaplace(Distribution):
    """SoftLaplace(loc, scale): density proportional to 1 / cosh((x - loc) / scale), also called hyperbolic secant.

    loc: the median. scale: the mean distance of the tails, positive. Support: real.
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    support = constraints.real

    @staticmethod
    def log_density(x: Any, loc: Any, scale: Any) -> Any:
        z = (x - loc) / scale
        return math.log(2.0 / math.pi) - ops.log(scale) - z - ops.softplus(-2.0 * z)

    @staticmethod
    def draw(noise: Noise, loc: Any, scale: Any) -> Any:
        return loc + scale * ops.log(ops.tan(0.5 * math.pi * noise.uniform()))

    @staticmethod
    def _mean(loc: Any, scale: Any) -> Any:
        return loc

    @staticmethod
    def _variance(loc: Any, scale: Any) -> Any:
        return ops.square(0.5 * math.pi * scale)

    @staticmethod
    def _cdf(x: Any, loc: Any, scale: Any) -> Any:
        return ops.arctan(ops.exp((x - loc) / scale)) * (2.0 / math.pi)

    @staticmethod
    def _icdf(p: Any, loc: Any, scale: Any) -> Any:
        return loc + scale * ops.log(ops.tan(0.5 * math.pi * p))

    @staticmethod
    def _entropy(loc: Any, scale: Any) -> Any:
        return ops.log(scale) + math.log(2.0 * math.pi)
