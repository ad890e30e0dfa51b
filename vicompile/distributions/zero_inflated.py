"""Zero-inflated distributions: with probability `gate` a zero, else a draw of the base, which may be zero too."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import constraints, kinds
from .base import Distribution
from .binomial import Binomial
from .gates import GATE, GATE_LOGITS, ONE_GATE, inflated, inflated_mean, inflated_variance, is_open
from .logits import probability
from .made import MadeOfOthers
from .negative_binomial import NegativeBinomial, NegativeBinomial2
from .poisson import Poisson


class ZeroInflatedDistribution(Distribution):
    """ZeroInflatedDistribution(base_dist, gate) or (base_dist, gate_logits=...).

    base_dist: a discrete distribution of single numbers. gate: the probability of an extra zero, in the unit interval.
    gate_logits: its log odds. Exactly one of the last two. Support: that of the base.
    """

    arg_constraints = {"base_dist": kinds.a_distribution, **GATE, **GATE_LOGITS}
    one_of = ONE_GATE
    support = None

    @staticmethod
    def _support(base_dist: Any, gate: Any = None, gate_logits: Any = None) -> constraints.Constraint:
        kinds.check_unmasked(base_dist)
        if not base_dist.is_discrete or base_dist.event_dim:
            raise ValueError(f"`base_dist` must be a discrete distribution of single numbers, not {base_dist!r}")
        support: constraints.Constraint = base_dist.support
        return support

    @staticmethod
    def log_density(x: Any, base_dist: Any, gate: Any = None, gate_logits: Any = None) -> Any:
        return inflated(x, base_dist.log_prob(x), gate, gate_logits)

    @staticmethod
    def _sample_numpy(generator: np.random.Generator, shape: tuple[int, ...], base_dist: Any, **gate: Any) -> Any:
        draws = base_dist.expand(shape).sample(generator=generator)
        return np.where(is_open(generator, shape, **gate), draws, 0)

    @staticmethod
    def _mean(base_dist: Any, gate: Any = None, gate_logits: Any = None) -> Any:
        return inflated_mean(base_dist.mean, gate, gate_logits)

    @staticmethod
    def _variance(base_dist: Any, gate: Any = None, gate_logits: Any = None) -> Any:
        return inflated_variance(base_dist.mean, base_dist.variance, gate, gate_logits)

    @staticmethod
    def _cdf(x: Any, base_dist: Any, gate: Any = None, gate_logits: Any = None) -> Any:
        g = probability(gate, gate_logits)
        return (1.0 - g) * base_dist.cdf(x) + g * np.greater_equal(x, 0.0)


class ZeroInflatedProbs(ZeroInflatedDistribution):
    """ZeroInflatedDistribution(base_dist, gate)."""

    arg_constraints = {"base_dist": kinds.a_distribution, **GATE}


class ZeroInflatedLogits(ZeroInflatedDistribution):
    """ZeroInflatedDistribution(base_dist, gate_logits)."""

    arg_constraints = {"base_dist": kinds.a_distribution, **GATE_LOGITS}


class ZeroInflatedPoisson(MadeOfOthers, abstract=True):
    """ZeroInflatedPoisson(gate, rate=1) or (rate=..., gate_logits=...): ZeroInflatedDistribution of a Poisson."""

    arg_constraints = {**GATE, "rate": constraints.positive, **GATE_LOGITS}
    defaults = {"rate": 1.0}
    one_of = ONE_GATE
    support = constraints.nonnegative_integer

    @staticmethod
    def make(rate: Any, **gate: Any) -> Distribution:
        return ZeroInflatedDistribution(Poisson(rate), **gate)


class ZeroInflatedNegativeBinomial2(MadeOfOthers, abstract=True):
    """ZeroInflatedNegativeBinomial2(mean, concentration, gate) or (mean, concentration, gate_logits=...)."""

    arg_constraints = {**NegativeBinomial2.arg_constraints, **GATE, **GATE_LOGITS}
    one_of = ONE_GATE
    support = constraints.nonnegative_integer

    @staticmethod
    def make(mean: Any, concentration: Any, **gate: Any) -> Distribution:
        return ZeroInflatedDistribution(NegativeBinomial2(mean, concentration), **gate)


class ZeroInflatedNegativeBinomial(MadeOfOthers, abstract=True):
    """ZeroInflatedNegativeBinomial(total_count, probs or logits=..., gate=... or gate_logits=...)."""

    arg_constraints = {**NegativeBinomial.arg_constraints, **GATE, **GATE_LOGITS}
    one_of = (*NegativeBinomial.one_of, *ONE_GATE)
    support = constraints.nonnegative_integer

    @staticmethod
    def make(gate: Any = None, gate_logits: Any = None, **others: Any) -> Distribution:
        return ZeroInflatedDistribution(NegativeBinomial(**others), gate, gate_logits)


class ZeroInflatedBinomial(MadeOfOthers, abstract=True):
    """ZeroInflatedBinomial(total_count=1, probs or logits=..., gate=... or gate_logits=...)."""

    arg_constraints = {**Binomial.arg_constraints, **GATE, **GATE_LOGITS}
    defaults = {"total_count": 1}
    one_of = (*Binomial.one_of, *ONE_GATE)

    @staticmethod
    def make(gate: Any = None, gate_logits: Any = None, **others: Any) -> Distribution:
        return ZeroInflatedDistribution(Binomial(**others), gate, gate_logits)
