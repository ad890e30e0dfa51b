"""Ordered categories: where a predictor with noise falls between cutpoints."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .base import Distribution
from .categories import count, drawn, number, take
from .stable import log1mexp


class OrderedLogistic(Distribution):
    """OrderedLogistic(predictor, cutpoints): the number of a category, counted from 0.

    predictor: real. cutpoints: increasing numbers along the last axis, one fewer than categories. The category is the
    number of cutpoints below predictor + logistic noise. Support: whole numbers from 0 to the number of cutpoints.
    """

    arg_constraints = {"predictor": constraints.real, "cutpoints": constraints.ordered_vector}
    support = None
    is_discrete = True

    @staticmethod
    def _support(predictor: Any, cutpoints: Any) -> constraints.Constraint:
        return constraints.integer_interval(0, number(count(cutpoints)))

    @staticmethod
    def log_density(x: Any, predictor: Any, cutpoints: Any) -> Any:
        upper, lower, not_last, not_first = edges(x, predictor, cutpoints)
        # sigmoid(upper) - sigmoid(lower) = sigmoid(upper) * sigmoid(-lower) * (1 - exp(lower - upper))
        below = ops.where(not_last, -ops.softplus(-upper), 0.0)
        above = ops.where(not_first, -ops.softplus(lower), 0.0)
        both = ops.logical_and(not_last, not_first)
        return below + above + ops.where(both, log1mexp(ops.where(both, lower - upper, -1.0)), 0.0)

    @staticmethod
    def _sample_numpy(generator: np.random.Generator, shape: tuple[int, ...], predictor: Any, cutpoints: Any) -> Any:
        return drawn(generator, shape, _probs(predictor, cutpoints))

    @staticmethod
    def _mean(predictor: Any, cutpoints: Any) -> Any:
        p = _probs(predictor, cutpoints)
        return (p * np.arange(p.shape[-1])).sum(-1)

    @staticmethod
    def _variance(predictor: Any, cutpoints: Any) -> Any:
        p = _probs(predictor, cutpoints)
        places = np.arange(p.shape[-1])
        return (p * np.square(places - (p * places).sum(-1, keepdims=True))).sum(-1)

    @staticmethod
    def _cdf(x: Any, predictor: Any, cutpoints: Any) -> Any:
        return take(np.cumsum(_probs(predictor, cutpoints), -1), x)


def edges(x: Any, predictor: Any, cutpoints: Any) -> tuple[Any, Any, Any, Any]:
    """The cutpoints above and below category x, less the predictor, and whether there is one above and one below.

    Where there is none, some other cutpoint stands in its place.
    """
    last = number(count(cutpoints))
    not_last, not_first = ops.less(x, last), ops.greater(x, 0)
    return take(cutpoints, x) - predictor, take(cutpoints, x - 1) - predictor, not_last, not_first


def _probs(predictor: Any, cutpoints: Any) -> Any:
    steps = ops.sigmoid(cutpoints - np.expand_dims(predictor, -1))
    ends = [np.zeros((*steps.shape[:-1], 1)), np.ones((*steps.shape[:-1], 1))]
    return np.diff(np.concatenate([ends[0], steps, ends[1]], -1), axis=-1)
