"""The Cauchy distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .base import Distribution
from .noise import Noise


class Cauchy(Distribution):
    """Cauchy(loc=0, scale=1).

    loc: the median. scale: half the distance between the quartiles, positive. Support: real.
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    defaults = {"loc": 0.0, "scale": 1.0}
    support = constraints.real

    @staticmethod
    def log_density(x: Any, loc: Any, scale: Any) -> Any:
        return -ops.log1p(ops.square((x - loc) / scale)) - ops.log(scale) - math.log(math.pi)

    @staticmethod
    def draw(noise: Noise, loc: Any, scale: Any) -> Any:
        # The reciprocal keeps the far tail exact, where tan(pi * (u - 1/2)) would lose the digits of a small u.
        return loc - scale / ops.tan(math.pi * noise.uniform())

    @staticmethod
    def _mean(loc: Any, scale: Any) -> Any:
        return np.nan

    @staticmethod
    def _variance(loc: Any, scale: Any) -> Any:
        return np.nan

    @staticmethod
    def _cdf(x: Any, loc: Any, scale: Any) -> Any:
        # The angle seen from the left tail: 1/2 + arctan(z) / pi would cancel there.
        return np.arctan2(1.0, -(x - loc) / scale) / math.pi

    @staticmethod
    def _icdf(p: Any, loc: Any, scale: Any) -> Any:
        return loc - scale * ops.cos(math.pi * p) / ops.sin(math.pi * p)

    @staticmethod
    def _entropy(loc: Any, scale: Any) -> Any:
        return ops.log(4.0 * math.pi * scale)

    @staticmethod
    def _log_cdf(x: Any, loc: Any, scale: Any) -> Any:
        return _log_half((x - loc) / scale)

    @staticmethod
    def _log_survival(x: Any, loc: Any, scale: Any) -> Any:
        return _log_half(-(x - loc) / scale)

    @staticmethod
    def _quantile(log_below: Any, log_above: Any, loc: Any, scale: Any) -> Any:
        lower = ops.less(log_below, log_above)
        away = 1.0 / ops.tan(math.pi * ops.exp(ops.where(lower, log_below, log_above)))
        return loc + scale * ops.where(lower, -away, away)


def _log_half(z: Any) -> Any:
    """The log cdf of the standard Cauchy distribution."""
    tail = ops.less(z, -1.0)
    far = ops.arctan(-1.0 / ops.where(tail, z, -1.0)) / math.pi
    return ops.log(ops.where(tail, far, 0.5 + ops.arctan(ops.where(tail, 0.0, z)) / math.pi))
