"""The Wald distribution."""

from __future__ import annotations

from typing import Any

from ..ir import ops
from . import constraints
from .base import Distribution
from .noise import Noise
from .stable import HALF_LOG_2PI


class Wald(Distribution):
    """Wald(loc, concentration), the inverse Gaussian: when a Brownian motion with drift first reaches a level.

    loc: the mean, positive. concentration: positive; the variance is loc**3 / concentration. Support: positive.
    """

    arg_constraints = {"loc": constraints.positive, "concentration": constraints.positive}
    support = constraints.positive

    @staticmethod
    def log_density(x: Any, loc: Any, concentration: Any) -> Any:
        fall = 0.5 * concentration * ops.square((x - loc) / loc) / x
        return 0.5 * ops.log(concentration) - 1.5 * ops.log(x) - fall - HALF_LOG_2PI

    @staticmethod
    def draw(noise: Noise, loc: Any, concentration: Any) -> Any:
        # Michael, Schucany and Haas 1976: of the two values that one chi-squared draw allows, one by chance. As the
        # choice jumps, the gradient is that of the quantile (implicit reparameterisation, Figurnov et al. 2018).
        w = 0.5 * ops.square(noise.normal()) * loc / concentration
        ratio = 1.0 / (1.0 + w + ops.sqrt(w) * ops.sqrt(2.0 + w))
        x = ops.detach(loc * ops.where(noise.uniform() * (1.0 + ratio) <= 1.0, ratio, 1.0 / ratio))
        mu, rate = ops.detach(loc), ops.detach(concentration)
        root = ops.sqrt(rate / x)
        # - d cdf / d loc over the density, where the normal densities of both terms of the cdf are one.
        by_loc = 2.0 * x * root * (x / mu) / mu / ops.log_ndtr_slope(-root * (x / mu + 1.0))
        by_concentration = (x - mu * by_loc) / rate
        return x + by_loc * (loc - mu) + by_concentration * (concentration - rate)

    @staticmethod
    def _mean(loc: Any, concentration: Any) -> Any:
        return loc

    @staticmethod
    def _variance(loc: Any, concentration: Any) -> Any:
        return loc * loc * loc / concentration

    @staticmethod
    def _cdf(x: Any, loc: Any, concentration: Any) -> Any:
        root = ops.sqrt(concentration / x)
        mirrored = 2.0 * concentration / loc + ops.log_ndtr(-root * (x / loc + 1.0))
        return ops.ndtr(root * (x / loc - 1.0)) + ops.exp(mirrored)
