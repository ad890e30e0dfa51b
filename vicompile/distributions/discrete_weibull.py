"""The discrete Weibull distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .base import Distribution
from .stable import log1mexp


class DiscreteWeibull(Distribution):
    """DiscreteWeibull(q, beta): P(X >= x) = q ** (x ** beta) (Nakagawa and Osaki 1975).

    q: P(X >= 1), from 0 to 1. beta: shape, positive; 1 gives the geometric distribution. Support: nonnegative integer.
    """

    arg_constraints = {"q": constraints.unit_interval, "beta": constraints.positive}
    support = constraints.nonnegative_integer
    is_discrete = True

    @staticmethod
    def log_density(x: Any, q: Any, beta: Any) -> Any:
        # 0 ** beta has no gradient in beta, so 0 stands apart.
        zero = ops.equal(x, 0.0)
        base = ops.where(zero, 1.0, x)
        power = ops.power(base, beta)
        # (x + 1)^beta - x^beta, without cancellation where x is large
        step = ops.where(zero, 1.0, power * ops.expm1(beta * ops.log1p(1.0 / base)))
        log_q = ops.log(q)
        return ops.where(zero, 0.0, power * log_q) + log1mexp(-step * log_q)

    @staticmethod
    def _sample_numpy(generator: np.random.Generator, shape: tuple[int, ...], q: Any, beta: Any) -> Any:
        exponential = generator.standard_exponential(shape)
        return np.floor((exponential / -np.log(q)) ** (1.0 / beta)).astype(np.int64)

    @staticmethod
    def _cdf(x: Any, q: Any, beta: Any) -> Any:
        return -ops.expm1(ops.power(x + 1.0, beta) * ops.log(q))
