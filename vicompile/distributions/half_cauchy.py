"""The half-Cauchy distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .base import Distribution
from .noise import Noise


class HalfCauchy(Distribution):
    """HalfCauchy(scale=1): the absolute value of a Cauchy(0, scale) draw.

    scale: the median, positive. Support: nonnegative.
    """

    arg_constraints = {"scale": constraints.positive}
    defaults = {"scale": 1.0}
    support = constraints.nonnegative

    @staticmethod
    def log_density(x: Any, scale: Any) -> Any:
        return -ops.log1p(ops.square(x / scale)) - ops.log(scale) + math.log(2.0 / math.pi)

    @staticmethod
    def draw(noise: Noise, scale: Any) -> Any:
        # 1 / tan(pi u / 2) has the law of tan(pi u / 2), with an exact far tail.
        return scale / ops.tan(0.5 * math.pi * noise.uniform())

    @staticmethod
    def _mean(scale: Any) -> Any:
        return np.inf

    @staticmethod
    def _variance(scale: Any) -> Any:
        return np.inf

    @staticmethod
    def _cdf(x: Any, scale: Any) -> Any:
        return ops.arctan(x / scale) * (2.0 / math.pi)

    @staticmethod
    def _icdf(p: Any, scale: Any) -> Any:
        return scale * ops.tan(0.5 * math.pi * p)

    @staticmethod
    def _entropy(scale: Any) -> Any:
        return ops.log(2.0 * math.pi * scale)

    @staticmethod
    def _log_cdf(x: Any, scale: Any) -> Any:
        return ops.log(ops.arctan(x / scale) * (2.0 / math.pi))

    @staticmethod
    def _log_survival(x: Any, scale: Any) -> Any:
        return ops.log(ops.arctan(scale / x) * (2.0 / math.pi))

    @staticmethod
    def _quantile(log_below: Any, log_above: Any, scale: Any) -> Any:
        lower = ops.less(log_below, log_above)
        slope = ops.tan(0.5 * math.pi * ops.exp(ops.where(lower, log_below, log_above)))
        return scale * ops.where(lower, slope, 1.0 / slope)
