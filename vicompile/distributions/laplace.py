"""The Laplace distribution."""

from __future__ import annotations

import math
from typing import Any

from ..ir import ops
from . import constraints
from .base import Distribution
from .noise import Noise


class Laplace(Distribution):
    """Laplace(loc=0, scale=1), the double exponential.

    loc: the median. scale: the mean distance from it, positive. Support: real.
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    defaults = {"loc": 0.0, "scale": 1.0}
    support = constraints.real

    @staticmethod
    def log_density(x: Any, loc: Any, scale: Any) -> Any:
        return -ops.absolute(x - loc) / scale - ops.log(scale) - math.log(2.0)

    @staticmethod
    def draw(noise: Noise, loc: Any, scale: Any) -> Any:
        # The difference of two exponential draws: exact in both tails.
        return loc + scale * (ops.log(noise.uniform()) - ops.log(noise.uniform()))

    @staticmethod
    def _mean(loc: Any, scale: Any) -> Any:
        return loc

    @staticmethod
    def _variance(loc: Any, scale: Any) -> Any:
        return 2.0 * ops.square(scale)

    @staticmethod
    def _cdf(x: Any, loc: Any, scale: Any) -> Any:
        z = (x - loc) / scale
        tail = 0.5 * ops.exp(-ops.absolute(z))
        return ops.where(ops.less(z, 0.0), tail, 1.0 - tail)

    @staticmethod
    def _icdf(p: Any, loc: Any, scale: Any) -> Any:
        lower = ops.log(2.0 * ops.minimum(p, 0.5))
        upper = -ops.log(2.0 * ops.minimum(1.0 - p, 0.5))
        return loc + scale * (lower + upper)

    @staticmethod
    def _entropy(loc: Any, scale: Any) -> Any:
        return 1.0 + ops.log(2.0 * scale)

    @staticmethod
    def _log_cdf(x: Any, loc: Any, scale: Any) -> Any:
        return _log_half((x - loc) / scale)

    @staticmethod
    def _log_survival(x: Any, loc: Any, scale: Any) -> Any:
        return _log_half(-(x - loc) / scale)

    @staticmethod
    def _quantile(log_below: Any, log_above: Any, loc: Any, scale: Any) -> Any:
        lower = ops.less(log_below, log_above)
        distance = ops.where(lower, log_below, log_above) + math.log(2.0)
        return loc + scale * ops.where(lower, distance, -distance)


def _log_half(z: Any) -> Any:
    """The log cdf of the standard Laplace distribution."""
    low = ops.minimum(z, 0.0)
    return ops.where(ops.less(z, 0.0), low - math.log(2.0), ops.log1p(-0.5 * ops.exp(-ops.maximum(z, 0.0))))
