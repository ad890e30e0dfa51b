"""Truncated distributions: a base given that its draw lies between two bounds."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from ..ir.nodes import Node
from . import constraints, kinds
from .base import Distribution
from .noise import Noise
from .stable import log_difference, logaddexp
from .tails import needs_tails


class TruncatedDistribution(Distribution):
    """TruncatedDistribution(base_dist, low=None, high=None): the base given low <= x <= high.

    base_dist: a continuous distribution of single numbers whose tails have closed forms, such as Normal, LogNormal,
    HalfNormal, Cauchy, HalfCauchy, Laplace, Logistic, Gumbel, Exponential, Weibull, Uniform.
    low, high: the bounds, low < high; None for none. Support: from low to high, within the base's.
    """

    arg_constraints = {"base_dist": kinds.a_distribution, "low": constraints.real, "high": constraints.real}
    defaults = {"low": None, "high": None}
    support = None

    @staticmethod
    def _support(base_dist: Any, low: Any = None, high: Any = None) -> constraints.Constraint:
        needs_tails(base_dist, "_quantile")
        low, high = _bounds(base_dist, low, high)
        if low is None and high is None:
            whole: constraints.Constraint = base_dist.support
            return whole
        if low is None:
            return constraints.less_than_eq(high)
        return constraints.greater_than_eq(low) if high is None else constraints.interval(low, high)

    @staticmethod
    def log_density(x: Any, base_dist: Any, low: Any = None, high: Any = None) -> Any:
        return base_dist.log_prob(x) - _log_mass(base_dist, *_bounds(base_dist, low, high))

    @staticmethod
    def draw(noise: Noise, base_dist: Any, low: Any = None, high: Any = None) -> Any:
        return _quantile(noise.uniform(), base_dist, low, high)

    @staticmethod
    def _cdf(x: Any, base_dist: Any, low: Any = None, high: Any = None) -> Any:
        low, high = _bounds(base_dist, low, high)
        return ops.exp(_log_mass(base_dist, low, x) - _log_mass(base_dist, low, high))

    @staticmethod
    def _icdf(p: Any, base_dist: Any, low: Any = None, high: Any = None) -> Any:
        return _quantile(p, base_dist, low, high)


class LeftTruncatedDistribution(TruncatedDistribution):
    """LeftTruncatedDistribution(base_dist, low=0): the base given x >= low."""

    arg_constraints = {"base_dist": kinds.a_distribution, "low": constraints.real}
    defaults = {"low": 0.0}


class RightTruncatedDistribution(TruncatedDistribution):
    """RightTruncatedDistribution(base_dist, high=0): the base given x <= high."""

    arg_constraints = {"base_dist": kinds.a_distribution, "high": constraints.real}
    defaults = {"high": 0.0}


class TwoSidedTruncatedDistribution(TruncatedDistribution):
    """TwoSidedTruncatedDistribution(base_dist, low=0, high=1): the base given low <= x <= high."""

    arg_constraints = {"base_dist": kinds.a_distribution, "low": constraints.real, "high": constraints.real}
    defaults = {"low": 0.0, "high": 1.0}


def _bounds(base_dist: Any, low: Any, high: Any) -> tuple[Any, Any]:
    """The bounds of the truncated distribution: the base's own where these are narrower, None where there are none."""
    own_low, own_high = base_dist.support.low, base_dist.support.high
    if not _is_infinite(own_low):
        low = own_low if low is None else ops.maximum(low, own_low)
    if not _is_infinite(own_high):
        high = own_high if high is None else ops.minimum(high, own_high)
    return low, high


def _is_infinite(bound: Any) -> bool:
    return not isinstance(bound, Node) and np.ndim(bound) == 0 and bool(np.isinf(bound))


def _log_mass(base_dist: Any, low: Any, high: Any) -> Any:
    """The base's log probability between the bounds."""
    if low is None and high is None:
        return 0.0
    if low is None:
        return base_dist.log_cdf(high)
    if high is None:
        return base_dist.log_survival(low)
    return log_difference(
        base_dist.log_cdf(low), base_dist.log_survival(low), base_dist.log_cdf(high), base_dist.log_survival(high)
    )


def _quantile(p: Any, base_dist: Any, low: Any, high: Any) -> Any:
    """The value with the cdf p: both tails are computed, so that neither loses its digits."""
    low, high = _bounds(base_dist, low, high)
    log_mass = _log_mass(base_dist, low, high)
    log_below, log_above = ops.log(p) + log_mass, ops.log1p(-p) + log_mass
    if low is not None:
        log_below = logaddexp(base_dist.log_cdf(low), log_below)
    if high is not None:
        log_above = logaddexp(base_dist.log_survival(high), log_above)
    x = type(base_dist)._quantile(log_below, log_above, **base_dist.params)
    # Rounding must not lead outside.
    x = x if low is None else ops.maximum(x, low)
    return x if high is None else ops.minimum(x, high)
