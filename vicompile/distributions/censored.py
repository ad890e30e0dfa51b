"""Censored observations: of some values it is only known that the draw lies below, above or between them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from ..ir.dims import Shape
from . import constraints, kinds
from .base import Distribution
from .categories import take_at
from .stable import log_difference, logaddexp
from .tails import needs_tails


class LeftCensoredDistribution(Distribution):
    """LeftCensoredDistribution(base_dist, censored): where `censored`, the draw is known to be at most the value.

    base_dist: a distribution of single numbers whose tails have closed forms, as for TruncatedDistribution.
    censored: 0 or 1, or False or True. Support: that of the base. Draws are those of the base.
    """

    arg_constraints = {"base_dist": kinds.a_distribution, "censored": constraints.boolean}
    support = None

    @staticmethod
    def _support(base_dist: Any, censored: Any) -> constraints.Constraint:
        return _base_support(base_dist)

    @staticmethod
    def log_density(x: Any, base_dist: Any, censored: Any) -> Any:
        return ops.where(censored, base_dist.log_cdf(x), base_dist.log_prob(x))

    @staticmethod
    def _sample_numpy(generator: np.random.Generator, shape: tuple[int, ...], base_dist: Any, censored: Any) -> Any:
        return base_dist.expand(shape).sample(generator=generator)

    @staticmethod
    def _mean(base_dist: Any, censored: Any) -> Any:
        return base_dist.mean

    @staticmethod
    def _variance(base_dist: Any, censored: Any) -> Any:
        return base_dist.variance

    @staticmethod
    def _cdf(x: Any, base_dist: Any, censored: Any) -> Any:
        return base_dist.cdf(x)


class RightCensoredDistribution(LeftCensoredDistribution):
    """RightCensoredDistribution(base_dist, censored): where `censored`, the draw is known to be above the value.

    Arguments as for LeftCensoredDistribution.
    """

    @staticmethod
    def log_density(x: Any, base_dist: Any, censored: Any) -> Any:
        return ops.where(censored, base_dist.log_survival(x), base_dist.log_prob(x))


class IntervalCensoredDistribution(Distribution):
    """IntervalCensoredDistribution(base_dist, left_censored, right_censored): values are pairs (lower, upper).

    base_dist: as for TruncatedDistribution. left_censored, right_censored: 0 or 1, for each pair. If neither, the draw
    lies between lower and upper, or is known exactly where they are equal. If left_censored, it is at most upper; if
    right_censored, above lower; if both, it lies outside of the interval. Support: pairs of any numbers. Draws are
    those of the base, as exactly known.
    """

    arg_constraints = {
        "base_dist": kinds.a_distribution,
        "left_censored": constraints.boolean,
        "right_censored": constraints.boolean,
    }
    support = None

    @staticmethod
    def _support(base_dist: Any, left_censored: Any, right_censored: Any) -> constraints.Constraint:
        _base_support(base_dist)
        return constraints.independent(constraints.anything, 1)

    @staticmethod
    def _event_shape(base_dist: Any, left_censored: Any, right_censored: Any) -> Shape:
        return (2,)

    @staticmethod
    def log_density(x: Any, base_dist: Any, left_censored: Any, right_censored: Any) -> Any:
        lower, upper = take_at(x, 0), take_at(x, 1)
        exact = ops.equal(lower, upper)
        # Where the draw is known exactly there is no interval.
        above_upper, below_upper = base_dist.log_survival(upper), base_dist.log_cdf(upper)
        above_lower, below_lower = base_dist.log_survival(lower), base_dist.log_cdf(lower)
        between = log_difference(
            ops.where(exact, below_lower - 1.0, below_lower),
            ops.where(exact, below_upper + 0.0, above_lower),
            below_upper,
            ops.where(exact, above_upper - 1.0, above_upper),
        )
        inside = ops.where(exact, base_dist.log_prob(lower, is_inside=False), between)
        left = ops.where(right_censored, logaddexp(below_lower, above_upper), below_upper)
        return ops.where(left_censored, left, ops.where(right_censored, above_lower, inside))

    @staticmethod
    def _sample_numpy(
        generator: np.random.Generator, shape: tuple[int, ...], base_dist: Any, left_censored: Any, right_censored: Any
    ) -> Any:
        draws = base_dist.expand(shape[:-1]).sample(generator=generator)
        return np.stack([draws, draws], -1)


def _base_support(base_dist: Any) -> constraints.Constraint:
    needs_tails(base_dist)
    support: constraints.Constraint = base_dist.support
    return support
