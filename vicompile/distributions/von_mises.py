"""The von Mises distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .base import Distribution


class VonMises(Distribution):
    """VonMises(loc, concentration): the normal distribution's relative on the circle.

    loc: the mean direction, in radians. concentration: positive. Support: circular. It has no pathwise draw.
    `variance` is the circular one, 1 minus the mean of cos(x - loc).
    """

    arg_constraints = {"loc": constraints.real, "concentration": constraints.positive}
    support = constraints.circular

    @staticmethod
    def log_density(x: Any, loc: Any, concentration: Any) -> Any:
        # The maximum is taken out of the cosine and of the Bessel function: both are huge for a large concentration.
        fall = -2.0 * concentration * ops.square(ops.sin(0.5 * (x - loc)))
        return fall - ops.log_bessel_i0e(concentration) - math.log(2.0 * math.pi)

    @staticmethod
    def _sample_numpy(generator: np.random.Generator, shape: tuple[int, ...], loc: Any, concentration: Any) -> Any:
        turned = loc + generator.vonmises(0.0, concentration, shape)
        return turned - 2.0 * math.pi * np.floor((turned + math.pi) / (2.0 * math.pi))

    @staticmethod
    def _mean(loc: Any, concentration: Any) -> Any:
        return loc - 2.0 * math.pi * ops.floor((loc + math.pi) / (2.0 * math.pi))

    @staticmethod
    def _variance(loc: Any, concentration: Any) -> Any:
        return -ops.log_bessel_i0e_slope(concentration)

    @staticmethod
    def _entropy(loc: Any, concentration: Any) -> Any:
        spread = -concentration * ops.log_bessel_i0e_slope(concentration)
        return spread + ops.log_bessel_i0e(concentration) + math.log(2.0 * math.pi)
