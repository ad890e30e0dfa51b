"""The binomial distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from . import constraints, special
from .logits import ProbsOrLogits, probability
from .stable import log_beta_function, log_odds_mass, xlog1py, xlogy


class Binomial(ProbsOrLogits):
    """Binomial(total_count=1, probs) or Binomial(total_count=1, logits=...): successes among `total_count` trials.

    total_count: whole number from 0. probs: in the unit interval. logits: real. Exactly one of the last two.
    Support: whole numbers from 0 to total_count.
    """

    arg_constraints = {
        "total_count": constraints.nonnegative_integer,
        "probs": constraints.unit_interval,
        "logits": constraints.real,
    }
    defaults = {"total_count": 1}
    one_of = (("probs", "logits"),)
    support = None
    is_discrete = True

    @staticmethod
    def _support(total_count: Any, probs: Any = None, logits: Any = None) -> constraints.Constraint:
        return constraints.integer_interval(0, total_count)

    @staticmethod
    def log_density(x: Any, total_count: Any, probs: Any = None, logits: Any = None) -> Any:
        failures = total_count - x
        ways = -log_beta_function(x + 1.0, failures + 1.0) - ops.log1p(total_count)
        ways = ops.where(ops.equal(total_count, ops.floor(total_count)), ways, np.nan)
        if logits is not None:
            return ways + log_odds_mass(x, total_count, logits)
        return ways + xlogy(x, probs, keep=True) + xlog1py(failures, -probs, keep=True)

    @staticmethod
    def _sample_numpy(
        generator: np.random.Generator, shape: tuple[int, ...], total_count: Any, probs: Any = None, logits: Any = None
    ) -> Any:
        return generator.binomial(np.asarray(total_count, np.int64), probability(probs, logits), shape)

    @staticmethod
    def _mean(total_count: Any, probs: Any = None, logits: Any = None) -> Any:
        return total_count * probability(probs, logits)

    @staticmethod
    def _variance(total_count: Any, probs: Any = None, logits: Any = None) -> Any:
        if logits is not None:
            return total_count * ops.sigmoid(logits) * ops.sigmoid(-logits)
        return total_count * probs * (1.0 - probs)

    @staticmethod
    def _cdf(x: Any, total_count: Any, probs: Any = None, logits: Any = None) -> Any:
        return special.betaincc(x + 1.0, total_count - x, probability(probs, logits))
