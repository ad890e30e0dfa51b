"""The categorical distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import constraints
from .categories import (
    PROBS_OR_LOGITS,
    OverCategories,
    category_mean,
    category_variance,
    count,
    drawn,
    entropy_of,
    log_prob_of,
    number,
    probabilities,
    take,
)


class Categorical(OverCategories):
    """Categorical(probs) or Categorical(logits=...): the number of a category, counted from 0.

    probs: a vector with sum 1 along the last axis. logits: log probabilities up to a constant, finite. Exactly one of
    them; leading axes are independent draws. Support: whole numbers from 0 to the number of categories minus 1.
    """

    arg_constraints = PROBS_OR_LOGITS
    one_of = (("probs", "logits"),)
    support = None
    is_discrete = True

    @staticmethod
    def _support(probs: Any = None, logits: Any = None) -> constraints.Constraint:
        return constraints.integer_interval(0, number(count(probs, logits) - 1))

    @staticmethod
    def log_density(x: Any, probs: Any = None, logits: Any = None) -> Any:
        return log_prob_of(x, probs, logits)

    @staticmethod
    def _sample_numpy(
        generator: np.random.Generator, shape: tuple[int, ...], probs: Any = None, logits: Any = None
    ) -> Any:
        return drawn(generator, shape, probabilities(probs, logits))

    @staticmethod
    def _mean(probs: Any = None, logits: Any = None) -> Any:
        return category_mean(probabilities(probs, logits))

    @staticmethod
    def _variance(probs: Any = None, logits: Any = None) -> Any:
        return category_variance(probabilities(probs, logits))

    @staticmethod
    def _cdf(x: Any, probs: Any = None, logits: Any = None) -> Any:
        return take(np.cumsum(probabilities(probs, logits), -1), x)

    @staticmethod
    def _entropy(probs: Any = None, logits: Any = None) -> Any:
        return entropy_of(probs, logits)


class CategoricalProbs(Categorical):
    """Categorical(probs)."""

    arg_constraints = {"probs": constraints.simplex}


class CategoricalLogits(Categorical):
    """Categorical(logits=...)."""

    arg_constraints = {"logits": constraints.real_vector}
