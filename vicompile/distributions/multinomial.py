"""Counts of categories: one-hot, multinomial and Dirichlet-multinomial."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from ..ir.dims import Shape
from . import constraints
from .base import Distribution
from .categories import (
    PROBS_OR_LOGITS,
    OverCategories,
    drawn,
    entropy_of,
    one_hot_shape,
    probabilities,
    sums_to_one,
)
from .stable import log_beta_function, xlogy


class OneHotCategorical(OverCategories):
    """OneHotCategorical(probs) or OneHotCategorical(logits=...): a vector with 1 at one category and 0 elsewhere.

    probs, logits: as for Categorical. Support: one-hot vectors.
    """

    arg_constraints = PROBS_OR_LOGITS
    one_of = (("probs", "logits"),)
    support = constraints.one_hot
    is_discrete = True
    _event_shape = staticmethod(one_hot_shape)

    @staticmethod
    def log_density(x: Any, probs: Any = None, logits: Any = None) -> Any:
        return _log_order(x, 1.0, probs, logits)

    @staticmethod
    def _sample_numpy(
        generator: np.random.Generator, shape: tuple[int, ...], probs: Any = None, logits: Any = None
    ) -> Any:
        category = drawn(generator, shape[:-1], probabilities(probs, logits))
        return (np.expand_dims(category, -1) == np.arange(shape[-1])).astype(np.int64)

    @staticmethod
    def _mean(probs: Any = None, logits: Any = None) -> Any:
        return probabilities(probs, logits)

    @staticmethod
    def _variance(probs: Any = None, logits: Any = None) -> Any:
        p = probabilities(probs, logits)
        return p * (1.0 - p)

    @staticmethod
    def _entropy(probs: Any = None, logits: Any = None) -> Any:
        return entropy_of(probs, logits)


class OneHotCategoricalProbs(OneHotCategorical):
    """OneHotCategorical(probs)."""

    arg_constraints = {"probs": constraints.simplex}


class OneHotCategoricalLogits(OneHotCategorical):
    """OneHotCategorical(logits=...)."""

    arg_constraints = {"logits": constraints.real_vector}


class Multinomial(OverCategories):
    """Multinomial(total_count=1, probs) or (total_count=1, logits=...): how often each category comes up.

    total_count: number of draws, a whole number from 0. probs, logits: as for Categorical.
    Support: vectors of whole numbers from 0 with sum total_count.
    """

    arg_constraints = {"total_count": constraints.nonnegative_integer, **PROBS_OR_LOGITS}
    defaults = {"total_count": 1}
    one_of = (("probs", "logits"),)
    support = None
    is_discrete = True
    _event_shape = staticmethod(one_hot_shape)

    @staticmethod
    def _support(total_count: Any, probs: Any = None, logits: Any = None) -> constraints.Constraint:
        return constraints.multinomial(total_count)

    @staticmethod
    def log_density(x: Any, total_count: Any, probs: Any = None, logits: Any = None) -> Any:
        orders = ops.lgamma(total_count + 1.0) - ops.total(ops.lgamma(x + 1.0), [-1])
        return orders + _log_order(x, total_count, probs, logits)

    @staticmethod
    def _sample_numpy(
        generator: np.random.Generator, shape: tuple[int, ...], total_count: Any, probs: Any = None, logits: Any = None
    ) -> Any:
        return _counts(generator, shape, total_count, probabilities(probs, logits))

    @staticmethod
    def _mean(total_count: Any, probs: Any = None, logits: Any = None) -> Any:
        return np.expand_dims(total_count, -1) * probabilities(probs, logits)

    @staticmethod
    def _variance(total_count: Any, probs: Any = None, logits: Any = None) -> Any:
        p = probabilities(probs, logits)
        return np.expand_dims(total_count, -1) * p * (1.0 - p)


class MultinomialProbs(Multinomial):
    """Multinomial with the order of arguments (probs, total_count=1)."""

    arg_constraints = {"probs": constraints.simplex, "total_count": constraints.nonnegative_integer}


class MultinomialLogits(Multinomial):
    """Multinomial with the order of arguments (logits, total_count=1)."""

    arg_constraints = {"logits": constraints.real_vector, "total_count": constraints.nonnegative_integer}


class DirichletMultinomial(Distribution):
    """DirichletMultinomial(concentration, total_count=1): Multinomial whose probs are a Dirichlet draw.

    concentration: of each category, positive. total_count: number of draws, a whole number from 0.
    Support: vectors of whole numbers from 0 with sum total_count.
    """

    arg_constraints = {
        "concentration": constraints.independent(constraints.positive, 1),
        "total_count": constraints.nonnegative_integer,
    }
    defaults = {"total_count": 1}
    support = None
    is_discrete = True

    @staticmethod
    def _support(concentration: Any, total_count: Any) -> constraints.Constraint:
        return constraints.multinomial(total_count)

    @staticmethod
    def _event_shape(concentration: Any, total_count: Any) -> Shape:
        return one_hot_shape(concentration)

    @staticmethod
    def log_density(x: Any, concentration: Any, total_count: Any) -> Any:
        # Each factor n! Gamma(a) / Gamma(n + a) is n B(n, a), which keeps the digits that gamma functions lose.
        whole = _log_rising(total_count, ops.total(concentration, [-1]))
        return ops.total(_log_rising(x, concentration), [-1]) - whole

    @staticmethod
    def _sample_numpy(
        generator: np.random.Generator, shape: tuple[int, ...], concentration: Any, total_count: Any
    ) -> Any:
        gammas = generator.standard_gamma(concentration, shape)
        return _counts(generator, shape, total_count, gammas / gammas.sum(-1, keepdims=True))

    @staticmethod
    def _mean(concentration: Any, total_count: Any) -> Any:
        return np.expand_dims(total_count, -1) * _shares(concentration)

    @staticmethod
    def _variance(concentration: Any, total_count: Any) -> Any:
        n, p = np.expand_dims(total_count, -1), _shares(concentration)
        whole = concentration.sum(-1, keepdims=True)
        return n * p * (1.0 - p) * (n + whole) / (1.0 + whole)


def _shares(concentration: Any) -> Any:
    return concentration / concentration.sum(-1, keepdims=True)


def _log_rising(n: Any, a: Any) -> Any:
    """log(Gamma(n + a) / (Gamma(a) n!)), 0 where n is 0."""
    some = ops.greater(n, 0.0)
    n = ops.where(some, n, 1.0)
    return ops.where(some, -ops.log(n) - log_beta_function(n, a), 0.0)


def _log_order(x: Any, total_count: Any, probs: Any, logits: Any) -> Any:
    """The log probability of one order of draws with these counts."""
    if logits is not None:
        return ops.total(x * logits, [-1]) - total_count * ops.logsumexp(logits, [-1])
    return ops.total(xlogy(x, probs), [-1]) + sums_to_one(probs)


def _counts(generator: np.random.Generator, shape: tuple[int, ...], total_count: Any, probs: Any) -> Any:
    """Multinomial draws by binomial ones, category after category."""
    left = np.broadcast_to(np.asarray(total_count, np.int64), shape[:-1])
    wide = np.broadcast_to(probs, shape)
    rest = np.flip(np.cumsum(np.flip(wide, -1), -1), -1)
    result = np.zeros(shape, np.int64)
    for k in range(shape[-1] - 1):
        with np.errstate(all="ignore"):
            share = np.clip(np.where(rest[..., k] > 0.0, wide[..., k] / rest[..., k], 0.0), 0.0, 1.0)
        result[..., k] = generator.binomial(left, share)
        left = left - result[..., k]
    if shape[-1]:
        result[..., -1] = left
    return result
