"""The Bernoulli distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .logits import ProbsOrLogits, probability
from .stable import log_odds_mass, xlog1py, xlogy


class Bernoulli(ProbsOrLogits):
    """Bernoulli(probs) or Bernoulli(logits=...): 1 with probability `probs`, else 0.

    probs: in the unit interval. logits: log(probs / (1 - probs)), real. Exactly one of them. Support: boolean.
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    one_of = (("probs", "logits"),)
    support = constraints.boolean
    is_discrete = True

    @staticmethod
    def log_density(x: Any, probs: Any = None, logits: Any = None) -> Any:
        if logits is not None:
            return log_odds_mass(x, 1.0, logits)
        return xlogy(x, probs, keep=True) + xlog1py(1.0 - x, -probs, keep=True)

    @staticmethod
    def _sample_numpy(
        generator: np.random.Generator, shape: tuple[int, ...], probs: Any = None, logits: Any = None
    ) -> Any:
        return (generator.random(shape) < probability(probs, logits)).astype(np.int64)

    @staticmethod
    def _mean(probs: Any = None, logits: Any = None) -> Any:
        return probability(probs, logits)

    @staticmethod
    def _variance(probs: Any = None, logits: Any = None) -> Any:
        if logits is not None:
            return ops.sigmoid(logits) * ops.sigmoid(-logits)
        return probs * (1.0 - probs)

    @staticmethod
    def _cdf(x: Any, probs: Any = None, logits: Any = None) -> Any:
        failure = ops.sigmoid(-logits) if logits is not None else 1.0 - probs
        return ops.where(ops.less(x, 1.0), failure, 1.0)

    @staticmethod
    def _entropy(probs: Any = None, logits: Any = None) -> Any:
        if logits is not None:
            return ops.softplus(logits) - logits * ops.sigmoid(logits)
        return -xlogy(probs, probs) - xlog1py(1.0 - probs, -probs)
