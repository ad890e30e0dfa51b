"""The geometric distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .logits import ProbsOrLogits, probability
from .stable import log_odds_mass, xlog1py


class Geometric(ProbsOrLogits):
    """Geometric(probs) or Geometric(logits=...): failures before the first success.

    probs: of success, above 0 and at most 1. logits: its log odds, real. Exactly one of them. Support: nonnegative
    integer.
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    one_of = (("probs", "logits"),)
    support = constraints.nonnegative_integer
    is_discrete = True

    @staticmethod
    def log_density(x: Any, probs: Any = None, logits: Any = None) -> Any:
        if logits is not None:
            return log_odds_mass(1.0, x + 1.0, logits)
        return xlog1py(x, -probs, keep=True) + ops.log(probs)

    @staticmethod
    def _sample_numpy(
        generator: np.random.Generator, shape: tuple[int, ...], probs: Any = None, logits: Any = None
    ) -> Any:
        # NumPy counts the trials, the success included.
        return generator.geometric(probability(probs, logits), shape) - 1

    @staticmethod
    def _mean(probs: Any = None, logits: Any = None) -> Any:
        return ops.exp(-logits) if logits is not None else (1.0 - probs) / probs

    @staticmethod
    def _variance(probs: Any = None, logits: Any = None) -> Any:
        p = probability(probs, logits)
        return (ops.exp(-logits) if logits is not None else (1.0 - p) / p) / p

    @staticmethod
    def _cdf(x: Any, probs: Any = None, logits: Any = None) -> Any:
        log_failure = -ops.softplus(logits) if logits is not None else ops.log1p(-probs)
        return -ops.expm1((x + 1.0) * log_failure)
