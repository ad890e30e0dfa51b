"""Student's t distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ir import ops
from . import constraints, special
from .base import Distribution
from .noise import Noise
from .stable import log_gamma_half_step


class StudentT(Distribution):
    """StudentT(df, loc=0, scale=1).

    df: degrees of freedom, positive. loc: centre. scale: positive. Support: real.
    """

    arg_constraints = {"df": constraints.positive, "loc": constraints.real, "scale": constraints.positive}
    defaults = {"loc": 0.0, "scale": 1.0}
    support = constraints.real

    @staticmethod
    def log_density(x: Any, df: Any, loc: Any, scale: Any) -> Any:
        peak = log_gamma_half_step(0.5 * df) - 0.5 * ops.log(df * math.pi) - ops.log(scale)
        return peak - 0.5 * (df + 1.0) * ops.log1p(ops.square((x - loc) / scale) / df)

    @staticmethod
    def draw(noise: Noise, df: Any, loc: Any, scale: Any) -> Any:
        half = 0.5 * df
        log_precision = ops.log_standard_gamma(half, noise.normal(), noise.uniform(), noise.uniform()) - ops.log(half)
        return loc + scale * noise.normal() * ops.exp(-0.5 * log_precision)

    @staticmethod
    def _mean(df: Any, loc: Any, scale: Any) -> Any:
        return ops.where(df > 1.0, loc, np.nan)

    @staticmethod
    def _variance(df: Any, loc: Any, scale: Any) -> Any:
        finite = ops.square(scale) * df / (ops.maximum(df, 2.0) - 2.0)
        return ops.where(df > 2.0, finite, ops.where(df > 1.0, np.inf, np.nan))

    @staticmethod
    def _cdf(x: Any, df: Any, loc: Any, scale: Any) -> Any:
        return special.stdtr(df, (x - loc) / scale)

    @staticmethod
    def _icdf(p: Any, df: Any, loc: Any, scale: Any) -> Any:
        return loc + scale * special.stdtrit(df, p)

    @staticmethod
    def _entropy(df: Any, loc: Any, scale: Any) -> Any:
        upper, half = 0.5 * (df + 1.0), 0.5 * df
        spread = 0.5 * ops.log(df * math.pi) - log_gamma_half_step(half) + ops.log(scale)
        return upper * (ops.digamma(upper) - ops.digamma(half)) + spread
