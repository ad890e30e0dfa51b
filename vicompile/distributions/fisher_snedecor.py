"""The F distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from . import constraints, special
from .base import Distribution
from .noise import Noise


class FisherSnedecor(Distribution):
    """FisherSnedecor(df1, df2): (a / df1) / (b / df2) for draws a of Chi2(df1) and b of Chi2(df2); the F distribution.

    df1, df2: degrees of freedom, positive. Support: positive.
    """

    arg_constraints = {"df1": constraints.positive, "df2": constraints.positive}
    support = constraints.positive

    @staticmethod
    def log_density(x: Any, df1: Any, df2: Any) -> Any:
        # In the log odds z of a / (a + b), whose law is a beta: no term is larger than it has to be.
        log_x = ops.log(x)
        z = log_x + ops.log(df1 / df2)
        return -0.5 * (df1 * ops.softplus(-z) + df2 * ops.softplus(z)) - ops.log_beta(0.5 * df1, 0.5 * df2) - log_x

    @staticmethod
    def draw(noise: Noise, df1: Any, df2: Any) -> Any:
        top = ops.log_standard_gamma(0.5 * df1, noise.normal(), noise.uniform(), noise.uniform())
        bottom = ops.log_standard_gamma(0.5 * df2, noise.normal(), noise.uniform(), noise.uniform())
        return ops.exp(top - bottom) * (df2 / df1)

    @staticmethod
    def _mean(df1: Any, df2: Any) -> Any:
        return ops.where(df2 > 2.0, df2 / (ops.maximum(df2, 2.0) - 2.0), np.inf)

    @staticmethod
    def _variance(df1: Any, df2: Any) -> Any:
        finite = 2.0 * ops.square(df2 / (df2 - 2.0)) * (df1 + df2 - 2.0) / (df1 * (ops.maximum(df2, 4.0) - 4.0))
        return ops.where(df2 > 4.0, finite, np.inf)

    @staticmethod
    def _cdf(x: Any, df1: Any, df2: Any) -> Any:
        return special.betainc(0.5 * df1, 0.5 * df2, ops.sigmoid(ops.log(x) + ops.log(df1 / df2)))

    @staticmethod
    def _icdf(p: Any, df1: Any, df2: Any) -> Any:
        # The smaller one of the fraction and its complement keeps its digits.
        part = special.betaincinv(0.5 * df1, 0.5 * df2, p)
        rest = special.betaincinv(0.5 * df2, 0.5 * df1, 1.0 - p)
        odds = ops.where(p < 0.5, part / (1.0 - part), (1.0 - rest) / rest)
        return odds * (df2 / df1)

    @staticmethod
    def _entropy(df1: Any, df2: Any) -> Any:
        half1, half2 = 0.5 * df1, 0.5 * df2
        spread = ops.log_beta(half1, half2) + ops.log(df2 / df1)
        slopes = (1.0 - half1) * ops.digamma(half1) - (1.0 + half2) * ops.digamma(half2)
        return spread + slopes + (half1 + half2) * ops.digamma(half1 + half2)
