"""The skew normal distribution."""

from __future__ import annotations

import math
from typing import Any

from ..ir import ops
from . import constraints, special
from .base import Distribution
from .noise import Noise
from .stable import HALF_LOG_2PI


class SkewNormal(Distribution):
    """SkewNormal(loc=0, scale=1, alpha=0): density 2 phi(z) Phi(alpha z) / scale.

    Here z is (x - loc) / scale (Azzalini 1985).

    loc: real, not the mean. scale: positive. alpha: the slant, real; 0 is the normal distribution. Support: real.
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive, "alpha": constraints.real}
    defaults = {"loc": 0.0, "scale": 1.0, "alpha": 0.0}
    support = constraints.real

    @staticmethod
    def log_density(x: Any, loc: Any, scale: Any, alpha: Any) -> Any:
        z = (x - loc) / scale
        return ops.log_ndtr(alpha * z) - 0.5 * ops.square(z) - ops.log(scale) + (math.log(2.0) - HALF_LOG_2PI)

    @staticmethod
    def draw(noise: Noise, loc: Any, scale: Any, alpha: Any) -> Any:
        # Of two normal draws one is folded; alpha is the ratio of their weights (Henze 1986).
        return loc + scale * (alpha * ops.absolute(noise.normal()) + noise.normal()) / ops.hypot(alpha, 1.0)

    @staticmethod
    def _mean(loc: Any, scale: Any, alpha: Any) -> Any:
        return loc + scale * math.sqrt(2.0 / math.pi) * alpha / ops.hypot(alpha, 1.0)

    @staticmethod
    def _variance(loc: Any, scale: Any, alpha: Any) -> Any:
        return ops.square(scale) * (1.0 - 2.0 / math.pi * ops.square(alpha / ops.hypot(alpha, 1.0)))

    @staticmethod
    def _cdf(x: Any, loc: Any, scale: Any, alpha: Any) -> Any:
        z = (x - loc) / scale
        return ops.maximum(ops.ndtr(z) - 2.0 * special.owens_t(z, alpha), 0.0)
