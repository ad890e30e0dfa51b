"""The half Student t distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ir import ops
from . import constraints, special
from .base import Distribution
from .noise import Noise
from .stable import log_gamma_half_step
from .student_t import StudentT


class HalfStudentT(Distribution):
    """HalfStudentT(df, scale=1): the absolute value of a StudentT(df, 0, scale) draw.

    df: degrees of freedom, positive. scale: positive. Support: nonnegative.
    """

    arg_constraints = {"df": constraints.positive, "scale": constraints.positive}
    defaults = {"scale": 1.0}
    support = constraints.nonnegative

    @staticmethod
    def log_density(x: Any, df: Any, scale: Any) -> Any:
        return StudentT.log_density(x, df, 0.0, scale) + math.log(2.0)

    @staticmethod
    def draw(noise: Noise, df: Any, scale: Any) -> Any:
        return ops.absolute(StudentT.draw(noise, df, 0.0, scale))

    @staticmethod
    def _mean(df: Any, scale: Any) -> Any:
        height = ops.exp(log_gamma_half_step(0.5 * df)) * ops.sqrt(df / math.pi)
        return ops.where(df > 1.0, 2.0 * scale * height / (ops.maximum(df, 1.0) - 1.0), np.inf)

    @staticmethod
    def _variance(df: Any, scale: Any) -> Any:
        square = StudentT._variance(df, 0.0, scale)
        return ops.where(df > 2.0, square - ops.square(HalfStudentT._mean(df, scale)), np.inf)

    @staticmethod
    def _cdf(x: Any, df: Any, scale: Any) -> Any:
        z = x / scale
        return special.betainc(0.5, 0.5 * df, z * z / (df + z * z))

    @staticmethod
    def _icdf(p: Any, df: Any, scale: Any) -> Any:
        # The smaller one of p and 1 - p keeps its digits.
        part = special.betaincinv(0.5, 0.5 * df, np.minimum(p, 0.5))
        upper = -special.stdtrit(df, 0.5 * (1.0 - p))
        return scale * ops.where(p < 0.5, ops.sqrt(df * part / (1.0 - part)), upper)

    @staticmethod
    def _entropy(df: Any, scale: Any) -> Any:
        return StudentT._entropy(df, 0.0, scale) - math.log(2.0)
