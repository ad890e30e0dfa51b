"""The Levy distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ir import ops
from . import constraints, special
from .base import Distribution
from .noise import Noise
from .stable import HALF_LOG_2PI


class Levy(Distribution):
    """Levy(loc, scale): loc + scale / n**2 for a standard normal n, the stable law of index 1/2.

    loc: the lower end, real. scale: positive. Support: greater_than(loc).
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    support = None

    @staticmethod
    def _support(loc: Any, scale: Any) -> constraints.Constraint:
        return constraints.greater_than(loc)

    @staticmethod
    def log_density(x: Any, loc: Any, scale: Any) -> Any:
        distance = x - loc
        return 0.5 * ops.log(scale) - 1.5 * ops.log(distance) - 0.5 * scale / distance - HALF_LOG_2PI

    @staticmethod
    def draw(noise: Noise, loc: Any, scale: Any) -> Any:
        return loc + scale / ops.square(noise.normal())

    @staticmethod
    def _mean(loc: Any, scale: Any) -> Any:
        return np.inf

    @staticmethod
    def _variance(loc: Any, scale: Any) -> Any:
        return np.inf

    @staticmethod
    def _cdf(x: Any, loc: Any, scale: Any) -> Any:
        return ops.erfc(ops.sqrt(0.5 * scale / (x - loc)))

    @staticmethod
    def _icdf(p: Any, loc: Any, scale: Any) -> Any:
        # Near 1 the quantile of the normal is small, and 1 - p tells more of it than p does.
        middle = special.erfinv(1.0 - ops.maximum(p, 0.5))
        outer = ops.ndtri(0.5 * ops.minimum(p, 0.5)) * math.sqrt(0.5)
        return loc + 0.5 * scale / ops.square(ops.where(p > 0.5, middle, outer))

    @staticmethod
    def _entropy(loc: Any, scale: Any) -> Any:
        return 0.5 * (1.0 + 3.0 * np.euler_gamma + math.log(16.0 * math.pi)) + ops.log(scale)
