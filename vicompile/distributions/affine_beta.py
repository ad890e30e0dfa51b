"""The beta distribution on any interval."""

from __future__ import annotations

from typing import Any

from ..ir import ops
from . import constraints
from .base import Distribution
from .beta import Beta
from .noise import Noise


class AffineBeta(Distribution):
    """AffineBeta(concentration1, concentration0, loc, scale): loc + scale * a Beta draw.

    concentration1, concentration0: positive. loc: the lower end, real. scale: the width, positive.
    Support: interval(loc, loc + scale).
    """

    arg_constraints = {
        "concentration1": constraints.positive,
        "concentration0": constraints.positive,
        "loc": constraints.real,
        "scale": constraints.positive,
    }
    support = None

    @staticmethod
    def _support(concentration1: Any, concentration0: Any, loc: Any, scale: Any) -> constraints.Constraint:
        return constraints.interval(loc, loc + scale)

    @staticmethod
    def log_density(x: Any, concentration1: Any, concentration0: Any, loc: Any, scale: Any) -> Any:
        return Beta.log_density((x - loc) / scale, concentration1, concentration0) - ops.log(scale)

    @staticmethod
    def draw(noise: Noise, concentration1: Any, concentration0: Any, loc: Any, scale: Any) -> Any:
        return loc + scale * Beta.draw(noise, concentration1, concentration0)

    @staticmethod
    def _mean(concentration1: Any, concentration0: Any, loc: Any, scale: Any) -> Any:
        return loc + scale * Beta._mean(concentration1, concentration0)

    @staticmethod
    def _variance(concentration1: Any, concentration0: Any, loc: Any, scale: Any) -> Any:
        return ops.square(scale) * Beta._variance(concentration1, concentration0)

    @staticmethod
    def _cdf(x: Any, concentration1: Any, concentration0: Any, loc: Any, scale: Any) -> Any:
        return Beta._cdf((x - loc) / scale, concentration1, concentration0)

    @staticmethod
    def _icdf(p: Any, concentration1: Any, concentration0: Any, loc: Any, scale: Any) -> Any:
        return loc + scale * Beta._icdf(p, concentration1, concentration0)

    @staticmethod
    def _entropy(concentration1: Any, concentration0: Any, loc: Any, scale: Any) -> Any:
        return Beta._entropy(concentration1, concentration0) + ops.log(scale)
