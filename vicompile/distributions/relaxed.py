"""Continuous relaxations of discrete draws (Maddison, Mnih and Teh 2017; Jang, Gu and Poole 2017)."""

from __future__ import annotations

from typing import Any

from ..ir import ops, vectors
from ..ir.dims import Shape
from . import constraints
from .base import Distribution
from .categories import PROBS_OR_LOGITS, log_probs, number, one_hot_shape
from .logits import ProbsOrLogits, log_odds
from .noise import Noise
from .stable import exp_normalised


class RelaxedBernoulli(ProbsOrLogits):
    """RelaxedBernoulli(temperature, probs) or RelaxedBernoulli(temperature, logits=...): near 0 or 1 if cold.

    temperature: positive. probs: in the unit interval. logits: real. Exactly one of the last two.
    Support: unit interval.
    """

    arg_constraints = {
        "temperature": constraints.positive,
        "probs": constraints.unit_interval,
        "logits": constraints.real,
    }
    one_of = (("probs", "logits"),)
    support = constraints.unit_interval

    @staticmethod
    def log_density(x: Any, temperature: Any, probs: Any = None, logits: Any = None) -> Any:
        log_x, log_rest = ops.log(x), ops.log1p(-x)
        away = log_odds(probs, logits) - temperature * (log_x - log_rest)
        return ops.log(temperature) - log_x - log_rest - ops.softplus(away) - ops.softplus(-away)

    @staticmethod
    def draw(noise: Noise, temperature: Any, probs: Any = None, logits: Any = None) -> Any:
        u = noise.uniform()
        return ops.sigmoid((log_odds(probs, logits) + ops.log(u) - ops.log1p(-u)) / temperature)

    @staticmethod
    def _cdf(x: Any, temperature: Any, probs: Any = None, logits: Any = None) -> Any:
        return ops.sigmoid(temperature * (ops.log(x) - ops.log1p(-x)) - log_odds(probs, logits))

    @staticmethod
    def _icdf(p: Any, temperature: Any, probs: Any = None, logits: Any = None) -> Any:
        return ops.sigmoid((log_odds(probs, logits) + ops.log(p) - ops.log1p(-p)) / temperature)


class RelaxedOneHotCategorical(Distribution):
    """RelaxedOneHotCategorical(temperature, probs) or (temperature, logits=...): near a one-hot vector if cold.

    temperature: positive. probs, logits: as for Categorical. Support: simplex.
    """

    arg_constraints = {"temperature": constraints.positive, **PROBS_OR_LOGITS}
    one_of = (("probs", "logits"),)
    support = constraints.simplex

    @staticmethod
    def _event_shape(temperature: Any, probs: Any = None, logits: Any = None) -> Shape:
        return one_hot_shape(probs, logits)

    @staticmethod
    def log_density(x: Any, temperature: Any, probs: Any = None, logits: Any = None) -> Any:
        categories = number(one_hot_shape(probs, logits)[0])
        log_x = ops.log(x)
        score = log_probs(probs, logits) - vectors.beside(temperature) * log_x
        return (
            ops.lgamma(ops.to_float(categories))
            + (categories - 1.0) * ops.log(temperature)
            + ops.total(score - log_x, [-1])
            - categories * ops.logsumexp(score, [-1])
        )

    @staticmethod
    def draw(noise: Noise, temperature: Any, probs: Any = None, logits: Any = None) -> Any:
        gumbel = -ops.log(-ops.log(noise.uniform()))
        score = (log_probs(probs, logits) + gumbel) / vectors.beside(temperature)
        return exp_normalised(score)
