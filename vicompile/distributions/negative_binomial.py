"""The negative binomial distribution, in the forms that Pyro and NumPyro have."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from . import constraints, special
from .base import Distribution
from .logits import ProbsOrLogits, log_odds, probability
from .stable import log_beta_function


def log_ways(x: Any, count: Any) -> Any:
    """log(Gamma(x + count) / (x! Gamma(count))), also where the gamma functions nearly cancel."""
    return -log_beta_function(x + 1.0, count) - ops.log(x + count)


class NegativeBinomial(ProbsOrLogits):
    """NegativeBinomial(total_count, probs) or (total_count, logits=...): successes before `total_count` failures.

    total_count: positive, not only whole numbers. probs: of a success, from 0 to below 1. logits: its log odds, real.
    Exactly one of the last two. Support: nonnegative integer. The mean is total_count * probs / (1 - probs).
    """

    arg_constraints = {
        "total_count": constraints.positive,
        "probs": constraints.unit_interval,
        "logits": constraints.real,
    }
    one_of = (("probs", "logits"),)
    support = constraints.nonnegative_integer
    is_discrete = True

    @staticmethod
    def log_density(x: Any, total_count: Any, probs: Any = None, logits: Any = None) -> Any:
        if logits is not None:
            return log_ways(x, total_count) - x * ops.softplus(-logits) - total_count * ops.softplus(logits)
        # Where x is 0, so may be probs.
        successes = x * ops.log(ops.where(ops.equal(x, 0.0), 1.0, probs))
        return log_ways(x, total_count) + successes + total_count * ops.log1p(-probs)

    @staticmethod
    def _sample_numpy(
        generator: np.random.Generator, shape: tuple[int, ...], total_count: Any, probs: Any = None, logits: Any = None
    ) -> Any:
        return counts(generator, shape, total_count, ops.exp(log_odds(probs, logits)))

    @staticmethod
    def _mean(total_count: Any, probs: Any = None, logits: Any = None) -> Any:
        return total_count * (ops.exp(logits) if logits is not None else probs / (1.0 - probs))

    @staticmethod
    def _variance(total_count: Any, probs: Any = None, logits: Any = None) -> Any:
        odds = ops.exp(logits) if logits is not None else probs / (1.0 - probs)
        return total_count * odds * (1.0 + odds)

    @staticmethod
    def _cdf(x: Any, total_count: Any, probs: Any = None, logits: Any = None) -> Any:
        return special.betaincc(x + 1.0, total_count, probability(probs, logits))


def counts(generator: np.random.Generator, shape: tuple[int, ...], concentration: Any, scale: Any) -> Any:
    """Poisson draws whose rates are gamma draws with this concentration and scale."""
    return generator.poisson(scale * generator.standard_gamma(concentration, shape))


class NegativeBinomialProbs(NegativeBinomial):
    """NegativeBinomial(total_count, probs)."""

    arg_constraints = {"total_count": constraints.positive, "probs": constraints.unit_interval}


class NegativeBinomialLogits(NegativeBinomial):
    """NegativeBinomial(total_count, logits)."""

    arg_constraints = {"total_count": constraints.positive, "logits": constraints.real}


class GammaPoisson(Distribution):
    """GammaPoisson(concentration, rate=1): Poisson counts whose own rate is Gamma(concentration, rate).

    concentration, rate: positive. Support: nonnegative integer. The mean is concentration / rate.
    """

    arg_constraints = {"concentration": constraints.positive, "rate": constraints.positive}
    defaults = {"rate": 1.0}
    support = constraints.nonnegative_integer
    is_discrete = True

    @staticmethod
    def log_density(x: Any, concentration: Any, rate: Any) -> Any:
        return log_ways(x, concentration) - x * ops.log1p(rate) - concentration * ops.log1p(1.0 / rate)

    @staticmethod
    def _sample_numpy(generator: np.random.Generator, shape: tuple[int, ...], concentration: Any, rate: Any) -> Any:
        return counts(generator, shape, concentration, 1.0 / rate)

    @staticmethod
    def _mean(concentration: Any, rate: Any) -> Any:
        return concentration / rate

    @staticmethod
    def _variance(concentration: Any, rate: Any) -> Any:
        return concentration / rate * (1.0 + 1.0 / rate)

    @staticmethod
    def _cdf(x: Any, concentration: Any, rate: Any) -> Any:
        return special.betaincc(x + 1.0, concentration, 1.0 / (1.0 + rate))


class NegativeBinomial2(Distribution):
    """NegativeBinomial2(mean, concentration): counts with this mean and the variance mean + mean**2 / concentration.

    mean, concentration: positive. Support: nonnegative integer.
    """

    arg_constraints = {"mean": constraints.positive, "concentration": constraints.positive}
    support = constraints.nonnegative_integer
    is_discrete = True

    @staticmethod
    def log_density(x: Any, mean: Any, concentration: Any) -> Any:
        successes = x * ops.log1p(concentration / mean)
        return log_ways(x, concentration) - successes - concentration * ops.log1p(mean / concentration)

    @staticmethod
    def _sample_numpy(generator: np.random.Generator, shape: tuple[int, ...], mean: Any, concentration: Any) -> Any:
        return counts(generator, shape, concentration, mean / concentration)

    @staticmethod
    def _mean(mean: Any, concentration: Any) -> Any:
        return mean

    @staticmethod
    def _variance(mean: Any, concentration: Any) -> Any:
        return mean * (1.0 + mean / concentration)

    @staticmethod
    def _cdf(x: Any, mean: Any, concentration: Any) -> Any:
        return special.betaincc(x + 1.0, concentration, mean / (mean + concentration))
