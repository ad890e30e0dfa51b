"""The skew logistic distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .base import Distribution
from .generalised_logistic import logistic_quantile
from .noise import Noise


class SkewLogistic(Distribution):
    """SkewLogistic(loc, scale, asymmetry=1): cdf (1 + exp(-(x - loc) / scale))**-asymmetry.

    Also called the generalised logistic distribution of type I.

    loc: real. scale: positive. asymmetry: positive; 1 is the logistic distribution. Support: real.
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive, "asymmetry": constraints.positive}
    defaults = {"asymmetry": 1.0}
    support = constraints.real

    @staticmethod
    def log_density(x: Any, loc: Any, scale: Any, asymmetry: Any) -> Any:
        z = (x - loc) / scale
        return ops.log(asymmetry) - ops.log(scale) - asymmetry * ops.softplus(-z) - ops.softplus(z)

    @staticmethod
    def draw(noise: Noise, loc: Any, scale: Any, asymmetry: Any) -> Any:
        return loc + scale * logistic_quantile(ops.log(noise.uniform()), asymmetry)

    @staticmethod
    def _mean(loc: Any, scale: Any, asymmetry: Any) -> Any:
        return loc + scale * (ops.digamma(asymmetry) + np.euler_gamma)

    @staticmethod
    def _variance(loc: Any, scale: Any, asymmetry: Any) -> Any:
        return ops.square(scale) * (ops.trigamma(asymmetry) + math.pi**2 / 6.0)

    @staticmethod
    def _cdf(x: Any, loc: Any, scale: Any, asymmetry: Any) -> Any:
        return ops.exp(-asymmetry * ops.softplus(-(x - loc) / scale))

    @staticmethod
    def _icdf(p: Any, loc: Any, scale: Any, asymmetry: Any) -> Any:
        return loc + scale * logistic_quantile(ops.log(p), asymmetry)

    @staticmethod
    def _entropy(loc: Any, scale: Any, asymmetry: Any) -> Any:
        mean_z = ops.digamma(asymmetry) + np.euler_gamma
        return ops.log(scale) - ops.log(asymmetry) + mean_z + 1.0 + 1.0 / asymmetry
