"""Folded distributions: the absolute value of a draw."""

from __future__ import annotations

from typing import Any

from ..ir import ops
from . import constraints, kinds
from .base import Distribution
from .noise import Noise
from .stable import logaddexp


class FoldedDistribution(Distribution):
    """FoldedDistribution(base_dist): the absolute value of a draw of the base.

    base_dist: a continuous distribution of single numbers. Support: nonnegative.
    """

    arg_constraints = {"base_dist": kinds.a_distribution}
    support = None

    @staticmethod
    def _support(base_dist: Any) -> constraints.Constraint:
        kinds.check_unmasked(base_dist)
        if base_dist.is_discrete or base_dist.event_dim:
            raise ValueError(f"`base_dist` must be a continuous distribution of single numbers, not {base_dist!r}")
        return constraints.nonnegative

    @staticmethod
    def log_density(x: Any, base_dist: Any) -> Any:
        return logaddexp(base_dist.log_prob(x, is_inside=False), base_dist.log_prob(-x, is_inside=False))

    @staticmethod
    def draw(noise: Noise, base_dist: Any) -> Any:
        return ops.absolute(base_dist.draw_from(noise))

    @staticmethod
    def _cdf(x: Any, base_dist: Any) -> Any:
        return base_dist.cdf(x) - base_dist.cdf(-x)
