"""The Gompertz distribution."""

from __future__ import annotations

from typing import Any

from ..ir import ops
from . import constraints, special
from .base import Distribution
from .noise import Noise


class Gompertz(Distribution):
    """Gompertz(concentration, rate=1): a hazard of concentration * rate * exp(rate * x).

    concentration: positive. rate: one over the scale, positive. Support: nonnegative.
    """

    arg_constraints = {"concentration": constraints.positive, "rate": constraints.positive}
    defaults = {"rate": 1.0}
    support = constraints.nonnegative

    @staticmethod
    def log_density(x: Any, concentration: Any, rate: Any) -> Any:
        growth = rate * x
        return ops.log(concentration) + ops.log(rate) + growth - concentration * ops.expm1(growth)

    @staticmethod
    def draw(noise: Noise, concentration: Any, rate: Any) -> Any:
        return ops.log1p(-ops.log(noise.uniform()) / concentration) / rate

    @staticmethod
    def _mean(concentration: Any, rate: Any) -> Any:
        return special.scaled_exp1(concentration) / rate

    @staticmethod
    def _cdf(x: Any, concentration: Any, rate: Any) -> Any:
        return -ops.expm1(-concentration * ops.expm1(rate * x))

    @staticmethod
    def _icdf(p: Any, concentration: Any, rate: Any) -> Any:
        return ops.log1p(-ops.log1p(-p) / concentration) / rate

    @staticmethod
    def _entropy(concentration: Any, rate: Any) -> Any:
        return 1.0 - ops.log(concentration) - ops.log(rate) - special.scaled_exp1(concentration)
