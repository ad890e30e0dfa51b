"""The logistic distribution."""

from __future__ import annotations

import math
from typing import Any

from ..ir import ops
from . import constraints
from .base import Distribution
from .noise import Noise


class Logistic(Distribution):
    """Logistic(loc=0, scale=1).

    loc: the mean. scale: positive. Support: real.
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    defaults = {"loc": 0.0, "scale": 1.0}
    support = constraints.real

    @staticmethod
    def log_density(x: Any, loc: Any, scale: Any) -> Any:
        z = (x - loc) / scale
        return -z - 2.0 * ops.softplus(-z) - ops.log(scale)

    @staticmethod
    def draw(noise: Noise, loc: Any, scale: Any) -> Any:
        uniform = noise.uniform()
        return loc + scale * (ops.log(uniform) - ops.log1p(-uniform))

    @staticmethod
    def _mean(loc: Any, scale: Any) -> Any:
        return loc

    @staticmethod
    def _variance(loc: Any, scale: Any) -> Any:
        return ops.square(scale) * (math.pi**2 / 3.0)

    @staticmethod
    def _cdf(x: Any, loc: Any, scale: Any) -> Any:
        return ops.sigmoid((x - loc) / scale)

    @staticmethod
    def _icdf(p: Any, loc: Any, scale: Any) -> Any:
        return loc + scale * (ops.log(p) - ops.log1p(-p))

    @staticmethod
    def _entropy(loc: Any, scale: Any) -> Any:
        return ops.log(scale) + 2.0

    @staticmethod
    def _log_cdf(x: Any, loc: Any, scale: Any) -> Any:
        return -ops.softplus(-(x - loc) / scale)

    @staticmethod
    def _log_survival(x: Any, loc: Any, scale: Any) -> Any:
        return -ops.softplus((x - loc) / scale)

    @staticmethod
    def _quantile(log_below: Any, log_above: Any, loc: Any, scale: Any) -> Any:
        return loc + scale * (log_below - log_above)
