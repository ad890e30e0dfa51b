"""The inverse gamma distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from . import constraints, special
from .base import Distribution
from .noise import Noise


class InverseGamma(Distribution):
    """InverseGamma(concentration, rate=1): one over a Gamma(concentration, rate) draw.

    concentration: the shape, positive. rate: the scale of the draw, positive. Support: positive.
    """

    arg_constraints = {"concentration": constraints.positive, "rate": constraints.positive}
    defaults = {"rate": 1.0}
    support = constraints.positive

    @staticmethod
    def log_density(x: Any, concentration: Any, rate: Any) -> Any:
        normaliser = concentration * ops.log(rate) - ops.lgamma(concentration)
        return normaliser - (concentration + 1.0) * ops.log(x) - rate / x

    @staticmethod
    def draw(noise: Noise, concentration: Any, rate: Any) -> Any:
        return rate * ops.exp(-ops.log_standard_gamma(concentration, noise.normal(), noise.uniform(), noise.uniform()))

    @staticmethod
    def _mean(concentration: Any, rate: Any) -> Any:
        return ops.where(concentration > 1.0, rate / (ops.maximum(concentration, 1.0) - 1.0), np.inf)

    @staticmethod
    def _variance(concentration: Any, rate: Any) -> Any:
        finite = ops.square(rate / (concentration - 1.0)) / (ops.maximum(concentration, 2.0) - 2.0)
        return ops.where(concentration > 2.0, finite, np.inf)

    @staticmethod
    def _cdf(x: Any, concentration: Any, rate: Any) -> Any:
        return special.gammaincc(concentration, rate / x)

    @staticmethod
    def _icdf(p: Any, concentration: Any, rate: Any) -> Any:
        return rate / special.gammainccinv(concentration, p)

    @staticmethod
    def _entropy(concentration: Any, rate: Any) -> Any:
        spread = concentration + ops.log(rate) + ops.lgamma(concentration)
        return spread - (1.0 + concentration) * ops.digamma(concentration)
