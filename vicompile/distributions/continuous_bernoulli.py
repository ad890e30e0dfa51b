"""The continuous Bernoulli distribution."""

from __future__ import annotations

from typing import Any

from . import constraints, tilted_uniform
from .logits import ProbsOrLogits, log_odds
from .noise import Noise


class ContinuousBernoulli(ProbsOrLogits):
    """ContinuousBernoulli(probs) or ContinuousBernoulli(logits=...): density proportional to exp(logits * x).

    probs: between 0 and 1; not the mean. logits: its log odds, real. Exactly one of them. Support: unit interval.
    (Loaiza-Ganem and Cunningham 2019.)
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    one_of = (("probs", "logits"),)
    support = constraints.unit_interval

    @staticmethod
    def log_density(x: Any, probs: Any = None, logits: Any = None) -> Any:
        return tilted_uniform.log_density(x, log_odds(probs, logits))

    @staticmethod
    def draw(noise: Noise, probs: Any = None, logits: Any = None) -> Any:
        return tilted_uniform.quantile(noise.uniform(), log_odds(probs, logits))

    @staticmethod
    def _mean(probs: Any = None, logits: Any = None) -> Any:
        return tilted_uniform.mean(log_odds(probs, logits))

    @staticmethod
    def _variance(probs: Any = None, logits: Any = None) -> Any:
        return tilted_uniform.variance(log_odds(probs, logits))

    @staticmethod
    def _cdf(x: Any, probs: Any = None, logits: Any = None) -> Any:
        return tilted_uniform.cdf(x, log_odds(probs, logits))

    @staticmethod
    def _icdf(p: Any, probs: Any = None, logits: Any = None) -> Any:
        return tilted_uniform.quantile(p, log_odds(probs, logits))

    @staticmethod
    def _entropy(probs: Any = None, logits: Any = None) -> Any:
        # The log density is linear in x.
        tilt = log_odds(probs, logits)
        return -tilted_uniform.log_density(tilted_uniform.mean(tilt), tilt)
