"""The Rice distribution."""

from __future__ import annotations

import math
from typing import Any

from ..ir import ops
from . import constraints, special
from .base import Distribution
from .noise import Noise


class Rice(Distribution):
    """Rice(nu, scale=1): the length of a vector of a Normal(nu, scale) and a Normal(0, scale) draw.

    nu: the distance of the mean from the origin, positive. scale: positive. Support: positive.
    """

    arg_constraints = {"nu": constraints.positive, "scale": constraints.positive}
    defaults = {"scale": 1.0}
    support = constraints.positive

    @staticmethod
    def log_density(x: Any, nu: Any, scale: Any) -> Any:
        # The growth of the Bessel function completes the square.
        fall = 0.5 * ops.square((x - nu) / scale)
        return ops.log(x) - 2.0 * ops.log(scale) - fall + ops.log_bessel_i0e(x / scale * (nu / scale))

    @staticmethod
    def draw(noise: Noise, nu: Any, scale: Any) -> Any:
        return ops.hypot(nu + scale * noise.normal(), scale * noise.normal())

    @staticmethod
    def _mean(nu: Any, scale: Any) -> Any:
        # Laguerre's polynomial L(1/2) in Bessel functions, whose ratio is 1 + the slope.
        quarter = 0.25 * ops.square(nu / scale)
        inner = 1.0 + 2.0 * quarter * (2.0 + ops.log_bessel_i0e_slope(quarter))
        return scale * math.sqrt(0.5 * math.pi) * ops.exp(ops.log_bessel_i0e(quarter)) * inner

    @staticmethod
    def _variance(nu: Any, scale: Any) -> Any:
        ratio = nu / scale
        near = 2.0 + ops.square(ratio) - ops.square(Rice._mean(ratio, 1.0))
        inverse = 1.0 / ops.square(ratio)
        # Far from the origin the difference would cancel; there its asymptotic series.
        far = 1.0 - 0.5 * inverse * (1.0 + inverse)
        return ops.square(scale) * ops.where(ratio > 300.0, far, near)

    @staticmethod
    def _cdf(x: Any, nu: Any, scale: Any) -> Any:
        return special.chndtr(ops.square(x / scale), 2.0, ops.square(nu / scale))
