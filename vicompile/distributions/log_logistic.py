"""The log-logistic distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .base import Distribution
from .noise import Noise


class LogLogistic(Distribution):
    """LogLogistic(scale, concentration): exp of a Logistic(log(scale), 1 / concentration) draw.

    scale: the median, positive. concentration: the shape, positive. Support: positive.
    """

    arg_constraints = {"scale": constraints.positive, "concentration": constraints.positive}
    support = constraints.positive

    @staticmethod
    def log_density(x: Any, scale: Any, concentration: Any) -> Any:
        log_x = ops.log(x)
        z = concentration * (log_x - ops.log(scale))
        return ops.log(concentration) - log_x - ops.softplus(z) - ops.softplus(-z)

    @staticmethod
    def draw(noise: Noise, scale: Any, concentration: Any) -> Any:
        u = noise.uniform()
        return scale * ops.exp((ops.log(u) - ops.log1p(-u)) / concentration)

    @staticmethod
    def _mean(scale: Any, concentration: Any) -> Any:
        angle = math.pi / ops.maximum(concentration, 1.0)
        return ops.where(concentration > 1.0, scale * angle / ops.sin(angle), np.inf)

    @staticmethod
    def _variance(scale: Any, concentration: Any) -> Any:
        angle = math.pi / ops.maximum(concentration, 2.0)
        finite = 2.0 * angle / ops.sin(2.0 * angle) - ops.square(angle / ops.sin(angle))
        return ops.where(concentration > 2.0, ops.square(scale) * finite, np.inf)

    @staticmethod
    def _cdf(x: Any, scale: Any, concentration: Any) -> Any:
        return ops.sigmoid(concentration * ops.log(x / scale))

    @staticmethod
    def _icdf(p: Any, scale: Any, concentration: Any) -> Any:
        return scale * ops.exp((ops.log(p) - ops.log1p(-p)) / concentration)

    @staticmethod
    def _entropy(scale: Any, concentration: Any) -> Any:
        return ops.log(scale) - ops.log(concentration) + 2.0
