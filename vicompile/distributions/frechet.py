"""The Frechet distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .base import Distribution
from .noise import Noise


class Frechet(Distribution):
    """Frechet(scale, concentration): one over a Weibull draw; cdf exp(-(x / scale)**-concentration).

    scale: positive. concentration: the shape, positive. Support: positive.
    """

    arg_constraints = {"scale": constraints.positive, "concentration": constraints.positive}
    support = constraints.positive

    @staticmethod
    def log_density(x: Any, scale: Any, concentration: Any) -> Any:
        log_ratio = ops.log(x / scale)
        power = ops.exp(-concentration * log_ratio)
        return ops.log(concentration) - ops.log(scale) - (concentration + 1.0) * log_ratio - power

    @staticmethod
    def draw(noise: Noise, scale: Any, concentration: Any) -> Any:
        return scale * ops.exp(-ops.log(-ops.log(noise.uniform())) / concentration)

    @staticmethod
    def _mean(scale: Any, concentration: Any) -> Any:
        finite = scale * ops.exp(ops.lgamma(1.0 - 1.0 / ops.maximum(concentration, 1.0)))
        return ops.where(concentration > 1.0, finite, np.inf)

    @staticmethod
    def _variance(scale: Any, concentration: Any) -> Any:
        shape = ops.maximum(concentration, 2.0)
        first, second = ops.lgamma(1.0 - 1.0 / shape), ops.lgamma(1.0 - 2.0 / shape)
        finite = ops.square(scale * ops.exp(first)) * ops.expm1(second - 2.0 * first)
        return ops.where(concentration > 2.0, finite, np.inf)

    @staticmethod
    def _cdf(x: Any, scale: Any, concentration: Any) -> Any:
        return ops.exp(-ops.exp(-concentration * ops.log(x / scale)))

    @staticmethod
    def _icdf(p: Any, scale: Any, concentration: Any) -> Any:
        return scale * ops.exp(-ops.log(-ops.log(p)) / concentration)

    @staticmethod
    def _entropy(scale: Any, concentration: Any) -> Any:
        return 1.0 + np.euler_gamma * (1.0 + 1.0 / concentration) + ops.log(scale) - ops.log(concentration)
