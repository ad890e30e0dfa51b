"""The law behind both asymmetric Laplace families, which differ in what they call its parameters."""

from __future__ import annotations

from typing import Any

from ..ir import ops
from .noise import Noise


class TwoSided:
    """An exponential tail on each side of `loc`, of mean distance `left` and `right`, in closed forms.

    It is the law of loc + right * E1 - left * E2 with standard exponential E1 and E2.
    """

    @staticmethod
    def log_density(x: Any, loc: Any, left: Any, right: Any) -> Any:
        """The log density."""
        distance = x - loc
        return -ops.absolute(distance) / ops.where(distance < 0.0, left, right) - ops.log(left + right)

    @staticmethod
    def draw(noise: Noise, loc: Any, left: Any, right: Any) -> Any:
        """The difference of two exponential draws: exact in both tails."""
        return loc + left * ops.log(noise.uniform()) - right * ops.log(noise.uniform())

    @staticmethod
    def _mean(loc: Any, left: Any, right: Any) -> Any:
        """The mean."""
        return loc + (right - left)

    @staticmethod
    def _variance(loc: Any, left: Any, right: Any) -> Any:
        """The variance."""
        return ops.square(left) + ops.square(right)

    @staticmethod
    def _cdf(x: Any, loc: Any, left: Any, right: Any) -> Any:
        """The cdf, right in the left tail."""
        distance, both = x - loc, left + right
        below = left / both * ops.exp(ops.minimum(distance, 0.0) / left)
        return ops.where(distance < 0.0, below, 1.0 - right / both * ops.exp(-ops.maximum(distance, 0.0) / right))

    @staticmethod
    def _icdf(p: Any, loc: Any, left: Any, right: Any) -> Any:
        """The quantile function."""
        both = left + right
        below = left * ops.log(ops.minimum(p * both / left, 1.0))
        return loc + below - right * ops.log(ops.minimum((1.0 - p) * both / right, 1.0))

    @staticmethod
    def _entropy(loc: Any, left: Any, right: Any) -> Any:
        """The entropy."""
        return 1.0 + ops.log(left + right)
