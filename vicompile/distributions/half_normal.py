"""The half-normal distribution."""

from __future__ import annotations

import math
from typing import Any

from ..ir import ops
from . import constraints, special
from .base import Distribution
from .noise import Noise


class HalfNormal(Distribution):
    """HalfNormal(scale=1): the absolute value of a Normal(0, scale) draw.

    scale: positive. Support: nonnegative.
    """

    arg_constraints = {"scale": constraints.positive}
    defaults = {"scale": 1.0}
    support = constraints.nonnegative

    @staticmethod
    def log_density(x: Any, scale: Any) -> Any:
        return -0.5 * ops.square(x / scale) - ops.log(scale) + 0.5 * math.log(2.0 / math.pi)

    @staticmethod
    def draw(noise: Noise, scale: Any) -> Any:
        return scale * ops.absolute(noise.normal())

    @staticmethod
    def _mean(scale: Any) -> Any:
        return scale * math.sqrt(2.0 / math.pi)

    @staticmethod
    def _variance(scale: Any) -> Any:
        return ops.square(scale) * (1.0 - 2.0 / math.pi)

    @staticmethod
    def _cdf(x: Any, scale: Any) -> Any:
        return ops.erf(x / (scale * math.sqrt(2.0)))

    @staticmethod
    def _icdf(p: Any, scale: Any) -> Any:
        return scale * math.sqrt(2.0) * special.erfinv(p)

    @staticmethod
    def _entropy(scale: Any) -> Any:
        return ops.log(scale) + 0.5 * math.log(0.5 * math.pi * math.e)
