"""The exponentially modified normal distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .base import Distribution
from .noise import Noise
from .smoothed_tail import log_smoothed_tail
from .stable import log1mexp


class ExGaussian(Distribution):
    """ExGaussian(loc, scale, rate): a Normal(loc, scale) draw plus an Exponential(rate) draw.

    loc: mean of the normal part. scale: its standard deviation, positive. rate: positive. Support: real.
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive, "rate": constraints.positive}
    support = constraints.real

    @staticmethod
    def log_density(x: Any, loc: Any, scale: Any, rate: Any) -> Any:
        return ops.log(rate) + log_smoothed_tail((x - loc) / scale, rate * scale)

    @staticmethod
    def draw(noise: Noise, loc: Any, scale: Any, rate: Any) -> Any:
        return loc + scale * noise.normal() - ops.log(noise.uniform()) / rate

    @staticmethod
    def _mean(loc: Any, scale: Any, rate: Any) -> Any:
        return loc + 1.0 / rate

    @staticmethod
    def _variance(loc: Any, scale: Any, rate: Any) -> Any:
        return ops.square(scale) + 1.0 / ops.square(rate)

    @staticmethod
    def _cdf(x: Any, loc: Any, scale: Any, rate: Any) -> Any:
        z = (x - loc) / scale
        log_below = ops.log_ndtr(z)
        # The tail is the smaller one of both, and their logarithms are known: no cancellation far to the left.
        excess = log_below - log_smoothed_tail(z, rate * scale)
        return ops.where(z == -np.inf, 0.0, ops.exp(log_below + log1mexp(ops.maximum(excess, 0.0))))
