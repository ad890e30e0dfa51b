"""Ordered categories: where a predictor with noise falls between cutpoints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from ..ir import ops
from . import constraints
from .base import Distribution
from .categories import category_mean, category_variance, count, drawn, number, take
from .stable import log1mexp, log_difference


class Ordered(Distribution, abstract=True):
    """What both ordered families have in common, in terms of the cdf of their noise."""

    noise_cdf: ClassVar[Callable[[Any], Any]]
    arg_constraints = {"predictor": constraints.real, "cutpoints": constraints.ordered_vector}
    support = None
    is_discrete = True

    @staticmethod
    def _support(predictor: Any, cutpoints: Any) -> constraints.Constraint:
        return constraints.integer_interval(0, number(count(cutpoints)))

    @classmethod
    def _sample_numpy(
        cls, generator: np.random.Generator, shape: tuple[int, ...], predictor: Any, cutpoints: Any
    ) -> Any:
        return drawn(generator, shape, cls._probs(predictor, cutpoints))

    @classmethod
    def _mean(cls, predictor: Any, cutpoints: Any) -> Any:
        return category_mean(cls._probs(predictor, cutpoints))

    @classmethod
    def _variance(cls, predictor: Any, cutpoints: Any) -> Any:
        return category_variance(cls._probs(predictor, cutpoints))

    @classmethod
    def _cdf(cls, x: Any, predictor: Any, cutpoints: Any) -> Any:
        return take(np.cumsum(cls._probs(predictor, cutpoints), -1), x)

    @classmethod
    def _probs(cls, predictor: Any, cutpoints: Any) -> Any:
        return _between(cls.noise_cdf(cutpoints - np.expand_dims(predictor, -1)))


class OrderedLogistic(Ordered):
    """OrderedLogistic(predictor, cutpoints): the number of a category, counted from 0.

    predictor: real. cutpoints: increasing numbers along the last axis, one fewer than categories. The category is the
    number of cutpoints below predictor + logistic noise. Support: whole numbers from 0 to the number of cutpoints.
    """

    noise_cdf = staticmethod(ops.sigmoid)

    @staticmethod
    def log_density(x: Any, predictor: Any, cutpoints: Any) -> Any:
        upper, lower, not_last, not_first = edges(x, cutpoints)
        # sigmoid(a) - sigmoid(b) = sigmoid(a) * sigmoid(-b) * (1 - exp(b - a)), and b - a is free of the predictor
        below = ops.where(not_last, -ops.softplus(predictor - upper), 0.0)
        above = ops.where(not_first, -ops.softplus(lower - predictor), 0.0)
        both = ops.logical_and(not_last, not_first)
        return below + above + ops.where(both, log1mexp(ops.where(both, upper - lower, 1.0)), 0.0)


class OrderedProbit(Ordered):
    """OrderedProbit(predictor, cutpoints): as OrderedLogistic, with standard normal noise.

    predictor: real. cutpoints: increasing numbers along the last axis, one fewer than categories.
    Support: whole numbers from 0 to the number of cutpoints.
    """

    noise_cdf = staticmethod(ops.ndtr)

    @staticmethod
    def log_density(x: Any, predictor: Any, cutpoints: Any) -> Any:
        upper, lower, not_last, not_first = edges(x, cutpoints)
        high, low = upper - predictor, lower - predictor
        both = ops.logical_and(not_last, not_first)
        low_inside = ops.where(both, low, high - 1.0)
        between = log_difference(
            ops.log_ndtr(low_inside), ops.log_ndtr(-low_inside), ops.log_ndtr(high), ops.log_ndtr(-high)
        )
        end = ops.where(not_last, ops.log_ndtr(high), ops.where(not_first, ops.log_ndtr(-low), 0.0))
        return ops.where(both, between, end)


def edges(x: Any, cutpoints: Any) -> tuple[Any, Any, Any, Any]:
    """The cutpoints above and below category x, and whether there is one above and one below.

    Where there is none, some other cutpoint stands in its place.
    """
    last = number(count(cutpoints))
    return take(cutpoints, x), take(cutpoints, x - 1), ops.less(x, last), ops.greater(x, 0)


def _between(steps: Any) -> Any:
    """The probabilities of the categories, from those of the cutpoints' lower sides."""
    ends = [np.zeros((*steps.shape[:-1], 1)), np.ones((*steps.shape[:-1], 1))]
    return np.diff(np.concatenate([ends[0], steps, ends[1]], -1), axis=-1)
