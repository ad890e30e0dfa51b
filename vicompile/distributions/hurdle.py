"""Hurdle distributions: a zero with probability `gate`, else a draw of the base given that it is not zero.

Mullahy (1986). Where the base is continuous, the density is one with respect to a point mass at zero and the line.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import constraints, kinds
from .base import Distribution
from .gamma import Gamma
from .gates import GATE, GATE_LOGITS, ONE_GATE, hurdle, hurdle_moments, is_open, past_zero, positive_draws
from .log_normal import LogNormal
from .made import MadeOfOthers
from .negative_binomial import NegativeBinomial2
from .poisson import Poisson


class HurdleDistribution(Distribution):
    """HurdleDistribution(base_dist, gate) or (base_dist, gate_logits=...).

    base_dist: a distribution of positive numbers, or of whole numbers from 0. gate: the probability of a zero, in the
    unit interval. gate_logits: its log odds. Exactly one of the last two. Support: that of the base, with zero.
    """

    arg_constraints = {"base_dist": kinds.a_distribution, **GATE, **GATE_LOGITS}
    one_of = ONE_GATE
    support = None

    @staticmethod
    def _support(base_dist: Any, gate: Any = None, gate_logits: Any = None) -> constraints.Constraint:
        kinds.check_unmasked(base_dist)
        support: constraints.Constraint = base_dist.support
        if base_dist.event_dim or np.ndim(support.low) or support.low != 0:
            raise ValueError(f"`base_dist` must be a distribution of numbers that start at 0, not {base_dist!r}")
        if support.is_discrete:
            return support
        return constraints.nonnegative if support.high == np.inf else constraints.interval(0.0, support.high)

    @staticmethod
    def log_density(x: Any, base_dist: Any, gate: Any = None, gate_logits: Any = None) -> Any:
        return hurdle(x, base_dist.log_prob(past_zero(x)), _log_zero(base_dist), gate, gate_logits)

    @staticmethod
    def _sample_numpy(generator: np.random.Generator, shape: tuple[int, ...], base_dist: Any, **gate: Any) -> Any:
        draws = positive_draws(generator, shape, base_dist)
        return np.where(is_open(generator, shape, **gate), draws, 0)

    @staticmethod
    def _mean(base_dist: Any, gate: Any = None, gate_logits: Any = None) -> Any:
        return _moments(base_dist, gate, gate_logits)[0]

    @staticmethod
    def _variance(base_dist: Any, gate: Any = None, gate_logits: Any = None) -> Any:
        return _moments(base_dist, gate, gate_logits)[1]


def _log_zero(base_dist: Any) -> Any:
    return base_dist.log_prob(0.0) if base_dist.is_discrete else None


def _moments(base_dist: Any, gate: Any, gate_logits: Any) -> tuple[Any, Any]:
    return hurdle_moments(base_dist.mean, base_dist.variance, _log_zero(base_dist), gate, gate_logits)


class HurdleProbs(HurdleDistribution):
    """HurdleDistribution(base_dist, gate)."""

    arg_constraints = {"base_dist": kinds.a_distribution, **GATE}


class HurdleLogits(HurdleDistribution):
    """HurdleDistribution(base_dist, gate_logits)."""

    arg_constraints = {"base_dist": kinds.a_distribution, **GATE_LOGITS}


class HurdlePoisson(MadeOfOthers, abstract=True):
    """HurdlePoisson(gate, rate=1) or (rate=..., gate_logits=...)."""

    arg_constraints = {**GATE, **Poisson.arg_constraints, **GATE_LOGITS}
    defaults = {"rate": 1.0}
    one_of = ONE_GATE
    support = constraints.nonnegative_integer

    @staticmethod
    def make(rate: Any, **gate: Any) -> Distribution:
        return HurdleDistribution(Poisson(rate), **gate)


class HurdleNegativeBinomial2(MadeOfOthers, abstract=True):
    """HurdleNegativeBinomial2(gate, mean, concentration)."""

    arg_constraints = {**GATE, **NegativeBinomial2.arg_constraints}
    support = constraints.nonnegative_integer

    @staticmethod
    def make(gate: Any, mean: Any, concentration: Any) -> Distribution:
        return HurdleDistribution(NegativeBinomial2(mean, concentration), gate)


class HurdleGamma(MadeOfOthers, abstract=True):
    """HurdleGamma(gate, concentration, rate=1)."""

    arg_constraints = {**GATE, **Gamma.arg_constraints}
    defaults = {"rate": 1.0}
    support = constraints.nonnegative

    @staticmethod
    def make(gate: Any, concentration: Any, rate: Any) -> Distribution:
        return HurdleDistribution(Gamma(concentration, rate), gate)


class HurdleLogNormal(MadeOfOthers, abstract=True):
    """HurdleLogNormal(gate, loc=0, scale=1)."""

    arg_constraints = {**GATE, **LogNormal.arg_constraints}
    defaults = {"loc": 0.0, "scale": 1.0}
    support = constraints.nonnegative

    @staticmethod
    def make(gate: Any, loc: Any, scale: Any) -> Distribution:
        return HurdleDistribution(LogNormal(loc, scale), gate)
