"""The Pareto distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .base import Distribution
from .noise import Noise


class Pareto(Distribution):
    """Pareto(scale, alpha): density proportional to x**(-1 - alpha) above `scale`.

    scale: the lower bound, positive. alpha: the exponent of the tail, positive. Support: greater_than_eq(scale).
    """

    arg_constraints = {"scale": constraints.positive, "alpha": constraints.positive}
    support = None

    @staticmethod
    def _support(scale: Any, alpha: Any) -> constraints.Constraint:
        return constraints.greater_than_eq(scale)

    @staticmethod
    def log_density(x: Any, scale: Any, alpha: Any) -> Any:
        log_x = ops.log(x)
        return ops.log(alpha) - alpha * (log_x - ops.log(scale)) - log_x

    @staticmethod
    def draw(noise: Noise, scale: Any, alpha: Any) -> Any:
        return scale * ops.exp(-ops.log(noise.uniform()) / alpha)

    @staticmethod
    def _mean(scale: Any, alpha: Any) -> Any:
        return ops.where(alpha > 1.0, scale * alpha / (ops.maximum(alpha, 1.0) - 1.0), np.inf)

    @staticmethod
    def _variance(scale: Any, alpha: Any) -> Any:
        finite = ops.square(scale / (alpha - 1.0)) * alpha / (ops.maximum(alpha, 2.0) - 2.0)
        return ops.where(alpha > 2.0, finite, np.inf)

    @staticmethod
    def _cdf(x: Any, scale: Any, alpha: Any) -> Any:
        return -ops.expm1(-alpha * ops.log(x / scale))

    @staticmethod
    def _icdf(p: Any, scale: Any, alpha: Any) -> Any:
        return scale * ops.exp(-ops.log1p(-p) / alpha)

    @staticmethod
    def _entropy(scale: Any, alpha: Any) -> Any:
        return ops.log(scale) - ops.log(alpha) + 1.0 + 1.0 / alpha
