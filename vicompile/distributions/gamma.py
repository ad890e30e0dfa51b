"""The gamma distribution."""

from __future__ import annotations

from typing import Any

from ..ir import ops
from . import constraints, special
from .base import Distribution
from .noise import Noise
from .stable import xlogy


class Gamma(Distribution):
    """Gamma(concentration, rate=1).

    concentration: the shape, positive. rate: one over the scale, positive. Support: nonnegative.
    """

    arg_constraints = {"concentration": constraints.positive, "rate": constraints.positive}
    defaults = {"rate": 1.0}
    support = constraints.nonnegative

    @staticmethod
    def log_density(x: Any, concentration: Any, rate: Any) -> Any:
        normaliser = concentration * ops.log(rate) - ops.lgamma(concentration)
        return normaliser + xlogy(concentration - 1.0, x) - rate * x

    @staticmethod
    def draw(noise: Noise, concentration: Any, rate: Any) -> Any:
        return ops.exp(ops.log_standard_gamma(concentration, noise.normal(), noise.uniform(), noise.uniform())) / rate

    @staticmethod
    def _mean(concentration: Any, rate: Any) -> Any:
        return concentration / rate

    @staticmethod
    def _variance(concentration: Any, rate: Any) -> Any:
        return concentration / ops.square(rate)

    @staticmethod
    def _cdf(x: Any, concentration: Any, rate: Any) -> Any:
        return special.gammainc(concentration, rate * x)

    @staticmethod
    def _icdf(p: Any, concentration: Any, rate: Any) -> Any:
        return special.gammaincinv(concentration, p) / rate

    @staticmethod
    def _entropy(concentration: Any, rate: Any) -> Any:
        spread = concentration - ops.log(rate) + ops.lgamma(concentration)
        return spread + (1.0 - concentration) * ops.digamma(concentration)
