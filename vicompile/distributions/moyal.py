"""The Moyal distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ir import ops
from . import constraints, special
from .base import Distribution
from .noise import Noise
from .stable import HALF_LOG_2PI


class Moyal(Distribution):
    """Moyal(loc=0, scale=1): loc - 2 scale log|n| for a standard normal n; close to Landau's law of energy loss.

    loc: the mode, real. scale: positive. Support: real.
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    defaults = {"loc": 0.0, "scale": 1.0}
    support = constraints.real

    @staticmethod
    def log_density(x: Any, loc: Any, scale: Any) -> Any:
        z = (x - loc) / scale
        return -0.5 * (z + ops.exp(-z)) - ops.log(scale) - HALF_LOG_2PI

    @staticmethod
    def draw(noise: Noise, loc: Any, scale: Any) -> Any:
        return loc - scale * ops.log(ops.square(noise.normal()))

    @staticmethod
    def _mean(loc: Any, scale: Any) -> Any:
        return loc + scale * (np.euler_gamma + math.log(2.0))

    @staticmethod
    def _variance(loc: Any, scale: Any) -> Any:
        return 0.5 * ops.square(math.pi * scale)

    @staticmethod
    def _cdf(x: Any, loc: Any, scale: Any) -> Any:
        return ops.erfc(math.sqrt(0.5) * ops.exp(-0.5 * (x - loc) / scale))

    @staticmethod
    def _icdf(p: Any, loc: Any, scale: Any) -> Any:
        # Near 1 the quantile of the normal is small, and 1 - p tells more of it than p does.
        middle = special.erfinv(1.0 - ops.maximum(p, 0.5)) * math.sqrt(2.0)
        outer = -ops.ndtri(0.5 * ops.minimum(p, 0.5))
        return loc - 2.0 * scale * ops.log(ops.where(p > 0.5, middle, outer))

    @staticmethod
    def _entropy(loc: Any, scale: Any) -> Any:
        return ops.log(scale) + HALF_LOG_2PI + 0.5 * (np.euler_gamma + math.log(2.0) + 1.0)
