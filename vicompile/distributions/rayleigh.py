"""The Rayleigh distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .base import Distribution
from .noise import Noise


class Rayleigh(Distribution):
    """Rayleigh(scale=1): the length of a vector of two Normal(0, scale) draws.

    scale: the mode, positive. Support: positive.
    """

    arg_constraints = {"scale": constraints.positive}
    defaults = {"scale": 1.0}
    support = constraints.positive

    @staticmethod
    def log_density(x: Any, scale: Any) -> Any:
        return ops.log(x) - 2.0 * ops.log(scale) - 0.5 * ops.square(x / scale)

    @staticmethod
    def draw(noise: Noise, scale: Any) -> Any:
        return scale * ops.sqrt(-2.0 * ops.log(noise.uniform()))

    @staticmethod
    def _mean(scale: Any) -> Any:
        return scale * math.sqrt(0.5 * math.pi)

    @staticmethod
    def _variance(scale: Any) -> Any:
        return ops.square(scale) * (2.0 - 0.5 * math.pi)

    @staticmethod
    def _cdf(x: Any, scale: Any) -> Any:
        return -ops.expm1(-0.5 * ops.square(x / scale))

    @staticmethod
    def _icdf(p: Any, scale: Any) -> Any:
        return scale * ops.sqrt(-2.0 * ops.log1p(-p))

    @staticmethod
    def _entropy(scale: Any) -> Any:
        return 1.0 + ops.log(scale) - 0.5 * math.log(2.0) + 0.5 * np.euler_gamma
