"""The Kumaraswamy distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from ..ir.nodes import Node
from . import constraints
from .base import Distribution
from .noise import Noise
from .stable import log1mexp, xlogy


class Kumaraswamy(Distribution):
    """Kumaraswamy(concentration1, concentration0): like a Beta, but its cdf is 1 - (1 - x**a)**b.

    concentration1, concentration0: the exponents a and b, positive. Support: unit interval.
    """

    arg_constraints = {"concentration1": constraints.positive, "concentration0": constraints.positive}
    support = constraints.unit_interval

    @staticmethod
    def log_density(x: Any, concentration1: Any, concentration0: Any) -> Any:
        peak = ops.log(concentration1) + ops.log(concentration0)
        complement = log1mexp(-concentration1 * ops.log(x))
        return peak + xlogy(concentration1 - 1.0, x) + _times(concentration0 - 1.0, complement)

    @staticmethod
    def draw(noise: Noise, concentration1: Any, concentration0: Any) -> Any:
        return ops.exp(log1mexp(-ops.log(noise.uniform()) / concentration0) / concentration1)

    @staticmethod
    def _mean(concentration1: Any, concentration0: Any) -> Any:
        return ops.exp(_log_moment(1.0, concentration1, concentration0))

    @staticmethod
    def _variance(concentration1: Any, concentration0: Any) -> Any:
        first, second = (_log_moment(power, concentration1, concentration0) for power in (1.0, 2.0))
        return ops.exp(2.0 * first) * ops.expm1(second - 2.0 * first)

    @staticmethod
    def _cdf(x: Any, concentration1: Any, concentration0: Any) -> Any:
        return -ops.expm1(concentration0 * log1mexp(-concentration1 * ops.log(x)))

    @staticmethod
    def _icdf(p: Any, concentration1: Any, concentration0: Any) -> Any:
        return ops.exp(log1mexp(-ops.log1p(-p) / concentration0) / concentration1)

    @staticmethod
    def _entropy(concentration1: Any, concentration0: Any) -> Any:
        harmonic = ops.digamma(concentration0 + 1.0) + np.euler_gamma
        shapes = (1.0 - 1.0 / concentration0) + (1.0 - 1.0 / concentration1) * harmonic
        return shapes - ops.log(concentration1) - ops.log(concentration0)


def _log_moment(power: float, concentration1: Any, concentration0: Any) -> Any:
    """log of the mean of x**power."""
    return ops.log(concentration0) + ops.log_beta(1.0 + power / concentration1, concentration0)


def _times(a: Any, logarithm: Any) -> Any:
    """a * logarithm, and 0 where a is 0 although the logarithm is infinite."""
    if isinstance(a, Node) or isinstance(logarithm, Node):
        return a * logarithm
    return np.where(np.equal(a, 0.0), 0.0, np.multiply(a, logarithm))
