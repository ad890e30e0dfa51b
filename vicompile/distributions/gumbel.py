"""The Gumbel distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .base import Distribution
from .noise import Noise
from .stable import log1mexp


class Gumbel(Distribution):
    """Gumbel(loc=0, scale=1): the law of the largest of many draws.

    loc: the mode. scale: positive. Support: real.
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    defaults = {"loc": 0.0, "scale": 1.0}
    support = constraints.real

    @staticmethod
    def log_density(x: Any, loc: Any, scale: Any) -> Any:
        z = (x - loc) / scale
        return -z - ops.exp(-z) - ops.log(scale)

    @staticmethod
    def draw(noise: Noise, loc: Any, scale: Any) -> Any:
        return loc - scale * ops.log(-ops.log(noise.uniform()))

    @staticmethod
    def _mean(loc: Any, scale: Any) -> Any:
        return loc + scale * np.euler_gamma

    @staticmethod
    def _variance(loc: Any, scale: Any) -> Any:
        return ops.square(scale) * (math.pi**2 / 6.0)

    @staticmethod
    def _cdf(x: Any, loc: Any, scale: Any) -> Any:
        return ops.exp(-ops.exp(-(x - loc) / scale))

    @staticmethod
    def _icdf(p: Any, loc: Any, scale: Any) -> Any:
        return loc - scale * ops.log(-ops.log(p))

    @staticmethod
    def _entropy(loc: Any, scale: Any) -> Any:
        return ops.log(scale) + 1.0 + np.euler_gamma

    @staticmethod
    def _log_cdf(x: Any, loc: Any, scale: Any) -> Any:
        return -ops.exp(-(x - loc) / scale)

    @staticmethod
    def _log_survival(x: Any, loc: Any, scale: Any) -> Any:
        return log1mexp(ops.exp(-(x - loc) / scale))

    @staticmethod
    def _quantile(log_below: Any, log_above: Any, loc: Any, scale: Any) -> Any:
        return loc - scale * ops.log(-log_below)
