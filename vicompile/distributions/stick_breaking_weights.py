"""The first weights of a Dirichlet process."""

from __future__ import annotations

from typing import Any

from ..ir import ops, vectors
from ..ir.dims import Dim, Shape
from . import constraints, kinds
from .base import Distribution
from .noise import Noise

# Below it a weight of a draw would be 0, where the density has no logarithm.
_SMALLEST_LOG = -700.0


class StickBreakingWeights(Distribution):
    """StickBreakingWeights(alpha, K): K times a Beta(1, alpha) share of what is left of a stick, and the rest.

    alpha: positive; more of it makes more even weights. K: how often the stick is broken, from 1. A draw has K + 1
    elements. Support: simplex.
    """

    arg_constraints = {"alpha": constraints.positive, "K": kinds.plain_value}
    support = None

    @staticmethod
    def _support(alpha: Any, K: Any) -> constraints.Constraint:
        if not isinstance(K, Dim) and (not isinstance(K, int) or K < 1):
            raise ValueError(f"`K` must be a whole number from 1, not {K!r}")
        return constraints.simplex

    @staticmethod
    def _event_shape(alpha: Any, K: Any) -> Shape:
        return (K + 1,)

    @staticmethod
    def log_density(x: Any, alpha: Any, K: Any) -> Any:
        # What is left after each break; before the first it is 1.
        left = vectors.cumsum_last(vectors.slice_last(x, 1, K + 1), reverse=True)
        last = ops.total(ops.log(vectors.slice_last(left, K - 1, K)), [-1])
        return vectors.number(K) * ops.log(alpha) + alpha * last - ops.total(ops.log(left), [-1])

    @staticmethod
    def draw(noise: Noise, alpha: Any, K: Any) -> Any:
        log_rest = ops.log(noise.uniform((K,))) / vectors.beside(alpha)
        before = vectors.cumsum_last(log_rest, exclusive=True)
        weights = ops.log(-ops.expm1(log_rest)) + before
        logs = vectors.concatenate_last([weights, ops.total(log_rest, [-1], keepdims=True)])
        return ops.exp(ops.maximum(logs, _SMALLEST_LOG))

    @staticmethod
    def _mean(alpha: Any, K: Any) -> Any:
        left = alpha / (1.0 + alpha)
        wide = vectors.beside(left)
        place = vectors.positions(K + 1, left) * 1.0
        share = ops.where(place < vectors.number(K), vectors.beside(1.0 / (1.0 + alpha)), 1.0)
        return ops.power(wide, place) * share
