"""The Dagum distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .base import Distribution
from .generalised_logistic import logistic_quantile
from .noise import Noise


class Dagum(Distribution):
    """Dagum(concentration, sharpness, scale=1), or Burr III: cdf (1 + (x / scale)**-sharpness)**-concentration.

    concentration, sharpness: the shapes, positive. scale: positive. Support: positive.
    """

    arg_constraints = {
        "concentration": constraints.positive,
        "sharpness": constraints.positive,
        "scale": constraints.positive,
    }
    defaults = {"scale": 1.0}
    support = constraints.positive

    @staticmethod
    def log_density(x: Any, concentration: Any, sharpness: Any, scale: Any) -> Any:
        log_x = ops.log(x)
        z = sharpness * (log_x - ops.log(scale))
        peak = ops.log(concentration) + ops.log(sharpness) - log_x
        return peak - concentration * ops.softplus(-z) - ops.softplus(z)

    @staticmethod
    def draw(noise: Noise, concentration: Any, sharpness: Any, scale: Any) -> Any:
        return scale * ops.exp(logistic_quantile(ops.log(noise.uniform()), concentration) / sharpness)

    @staticmethod
    def _mean(concentration: Any, sharpness: Any, scale: Any) -> Any:
        return ops.where(sharpness > 1.0, scale * ops.exp(_log_moment(1.0, concentration, sharpness)), np.inf)

    @staticmethod
    def _variance(concentration: Any, sharpness: Any, scale: Any) -> Any:
        first, second = (_log_moment(power, concentration, sharpness) for power in (1.0, 2.0))
        finite = ops.square(scale * ops.exp(first)) * ops.expm1(second - 2.0 * first)
        return ops.where(sharpness > 2.0, finite, np.inf)

    @staticmethod
    def _cdf(x: Any, concentration: Any, sharpness: Any, scale: Any) -> Any:
        return ops.exp(-concentration * ops.softplus(-sharpness * ops.log(x / scale)))

    @staticmethod
    def _icdf(p: Any, concentration: Any, sharpness: Any, scale: Any) -> Any:
        return scale * ops.exp(logistic_quantile(ops.log(p), concentration) / sharpness)

    @staticmethod
    def _entropy(concentration: Any, sharpness: Any, scale: Any) -> Any:
        mean_z = ops.digamma(concentration) + np.euler_gamma
        spread = ops.log(scale) - ops.log(concentration) - ops.log(sharpness)
        return spread + mean_z / sharpness + 1.0 + mean_z + 1.0 / concentration


def _log_moment(power: float, concentration: Any, sharpness: Any) -> Any:
    """log of the mean of (x / scale)**power; it exists for a sharpness above the power."""
    part = power / ops.maximum(sharpness, power)
    return ops.log(concentration) + ops.log_beta(concentration + part, 1.0 - part)
