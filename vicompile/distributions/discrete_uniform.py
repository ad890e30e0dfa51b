"""The discrete uniform distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from ..ir.nodes import Node
from . import constraints
from .base import Distribution


class DiscreteUniform(Distribution):
    """DiscreteUniform(low=0, high=1): every whole number from low to high, both included, is equally likely.

    low, high: whole numbers, low <= high. Support: whole numbers from low to high.
    """

    arg_constraints = {"low": constraints.integer, "high": constraints.integer}
    defaults = {"low": 0, "high": 1}
    support = None
    is_discrete = True

    @staticmethod
    def _support(low: Any, high: Any) -> constraints.Constraint:
        if not isinstance(low, Node) and not isinstance(high, Node) and not np.all(np.less_equal(low, high)):
            raise ValueError("`low` must not be above `high`")
        return constraints.integer_interval(low, high)

    @staticmethod
    def log_density(x: Any, low: Any, high: Any) -> Any:
        return -ops.log(high - low + 1.0)

    @staticmethod
    def _sample_numpy(generator: np.random.Generator, shape: tuple[int, ...], low: Any, high: Any) -> Any:
        return generator.integers(np.asarray(low, np.int64), np.asarray(high, np.int64), shape, endpoint=True)

    @staticmethod
    def _mean(low: Any, high: Any) -> Any:
        return 0.5 * (low + high)

    @staticmethod
    def _variance(low: Any, high: Any) -> Any:
        return (ops.square(high - low + 1.0) - 1.0) / 12.0

    @staticmethod
    def _cdf(x: Any, low: Any, high: Any) -> Any:
        return (x - low + 1.0) / (high - low + 1.0)

    @staticmethod
    def _icdf(p: Any, low: Any, high: Any) -> Any:
        steps = p * (high - low + 1.0)
        return low + ops.maximum(-ops.floor(-steps), 1.0) - 1.0

    @staticmethod
    def _entropy(low: Any, high: Any) -> Any:
        return ops.log(high - low + 1.0)
