"""The triangular distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .arguments import is_symbolic
from .base import Distribution
from .noise import Noise


class Triangular(Distribution):
    """Triangular(low=0, high=1, peak=0.5): the density rises in a line from `low` to `peak` and falls to `high`.

    low, high: the ends, low < high. peak: the mode, between them or one of them (ValueError otherwise).
    Support: interval(low, high).
    """

    arg_constraints = {"low": constraints.real, "high": constraints.real, "peak": constraints.real}
    defaults = {"low": 0.0, "high": 1.0, "peak": 0.5}
    support = None

    @staticmethod
    def _support(low: Any, high: Any, peak: Any) -> constraints.Constraint:
        if not is_symbolic(low, high, peak) and not np.all(np.less_equal(low, peak) & np.less_equal(peak, high)):
            raise ValueError("the argument `peak` must lie between `low` and `high`")
        return constraints.interval(low, high)

    @staticmethod
    def log_density(x: Any, low: Any, high: Any, peak: Any) -> Any:
        rises = x < peak
        leg = ops.where(rises, peak - low, high - peak)
        # At a peak that is an end there is no leg, and the density is that of the other leg's top.
        is_top = ops.equal(x, peak)
        share = ops.where(is_top, 1.0, ops.where(rises, x - low, high - x) / ops.where(is_top, 1.0, leg))
        return math.log(2.0) - ops.log(high - low) + ops.log(share)

    @staticmethod
    def draw(noise: Noise, low: Any, high: Any, peak: Any) -> Any:
        return Triangular._icdf(noise.uniform(), low, high, peak)

    @staticmethod
    def _mean(low: Any, high: Any, peak: Any) -> Any:
        return (low + high + peak) / 3.0

    @staticmethod
    def _variance(low: Any, high: Any, peak: Any) -> Any:
        before, after = peak - low, high - peak
        return (ops.square(before) + before * after + ops.square(after)) / 18.0

    @staticmethod
    def _cdf(x: Any, low: Any, high: Any, peak: Any) -> Any:
        rises = x < peak
        before = ops.square(x - low) / ((high - low) * ops.where(rises, peak - low, 1.0))
        after = ops.square(high - x) / ((high - low) * ops.where(high > peak, high - peak, 1.0))
        return ops.where(rises, before, 1.0 - after)

    @staticmethod
    def _icdf(p: Any, low: Any, high: Any, peak: Any) -> Any:
        rises = p * (high - low) < peak - low
        # Under the root that is not taken stands 1: its slope at 0 is infinite.
        before = ops.sqrt(ops.where(rises, p * (high - low) * (peak - low), 1.0))
        after = ops.sqrt(ops.where(rises, 1.0, (1.0 - p) * (high - low) * (high - peak)))
        return ops.where(rises, low + before, high - after)

    @staticmethod
    def _entropy(low: Any, high: Any, peak: Any) -> Any:
        return 0.5 + ops.log(0.5 * (high - low))
