"""The Weibull distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .base import Distribution
from .noise import Noise
from .stable import log1mexp, xlogy


class Weibull(Distribution):
    """Weibull(scale, concentration).

    scale: positive. concentration: the shape, positive. Support: nonnegative.
    """

    arg_constraints = {"scale": constraints.positive, "concentration": constraints.positive}
    support = constraints.nonnegative

    @staticmethod
    def log_density(x: Any, scale: Any, concentration: Any) -> Any:
        ratio = x / scale
        power = ops.exp(concentration * ops.log(ratio))
        return ops.log(concentration) - ops.log(scale) + xlogy(concentration - 1.0, ratio) - power

    @staticmethod
    def draw(noise: Noise, scale: Any, concentration: Any) -> Any:
        return scale * ops.exp(ops.log(-ops.log(noise.uniform())) / concentration)

    @staticmethod
    def _mean(scale: Any, concentration: Any) -> Any:
        return scale * ops.exp(ops.lgamma(1.0 + 1.0 / concentration))

    @staticmethod
    def _variance(scale: Any, concentration: Any) -> Any:
        # exp(a) - exp(2 b) with the common factor taken out: both are close for a large concentration.
        second = ops.lgamma(1.0 + 2.0 / concentration)
        first = ops.lgamma(1.0 + 1.0 / concentration)
        return ops.square(scale) * ops.exp(2.0 * first) * ops.expm1(second - 2.0 * first)

    @staticmethod
    def _cdf(x: Any, scale: Any, concentration: Any) -> Any:
        return -ops.expm1(-ops.exp(concentration * ops.log(x / scale)))

    @staticmethod
    def _icdf(p: Any, scale: Any, concentration: Any) -> Any:
        return scale * ops.exp(ops.log(-ops.log1p(-p)) / concentration)

    @staticmethod
    def _entropy(scale: Any, concentration: Any) -> Any:
        return np.euler_gamma * (1.0 - 1.0 / concentration) + ops.log(scale) - ops.log(concentration) + 1.0

    @staticmethod
    def _log_cdf(x: Any, scale: Any, concentration: Any) -> Any:
        return log1mexp(ops.power(x / scale, concentration))

    @staticmethod
    def _log_survival(x: Any, scale: Any, concentration: Any) -> Any:
        return -ops.power(x / scale, concentration)

    @staticmethod
    def _quantile(log_below: Any, log_above: Any, scale: Any, concentration: Any) -> Any:
        return scale * ops.power(-log_above, 1.0 / concentration)
