"""The closed forms of the Kullback-Leibler divergence between univariate families.

Differences that vanish where both laws agree are written with expm1(t) - t, so that they do so without cancellation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from .base import Distribution
from .bernoulli import Bernoulli
from .beta import Beta
from .cauchy import Cauchy
from .delta import Delta
from .exponential import Exponential
from .gamma import Gamma
from .geometric import Geometric
from .gumbel import Gumbel
from .half_normal import HalfNormal
from .inverse_gamma import InverseGamma
from .kl import register_kl
from .kumaraswamy import Kumaraswamy, mean_log_complement
from .laplace import Laplace
from .log_normal import LogNormal
from .normal import Normal
from .pareto import Pareto
from .poisson import Poisson
from .uniform import Uniform
from .weibull import Weibull


def _excess(t: Any) -> Any:
    """exp(t) - 1 - t."""
    return ops.expm1(t) - t


@register_kl(Delta, Distribution)
def _delta_any(p: Any, q: Any) -> Any:
    own, shape = len(q.own_event_shape), p.shape()
    weight = ops.broadcast_to(p.params["log_density"], shape)
    weight = ops.total(weight, range(-own, 0)) if own else weight
    return weight - q.elementwise_log_prob(ops.broadcast_to(p.v, shape), is_inside=False)


@register_kl(Delta, Delta)
def _delta_delta(p: Any, q: Any) -> Any:
    return _delta_any(p, q)


@register_kl(Normal, Normal)
@register_kl(LogNormal, LogNormal)
def _normal(p: Any, q: Any) -> Any:
    spread = _excess(2.0 * (ops.log(p.scale) - ops.log(q.scale)))
    return 0.5 * (spread + ops.square((p.loc - q.loc) / q.scale))


@register_kl(HalfNormal, HalfNormal)
def _half_normal(p: Any, q: Any) -> Any:
    return 0.5 * _excess(2.0 * (ops.log(p.scale) - ops.log(q.scale)))


@register_kl(Laplace, Laplace)
def _laplace(p: Any, q: Any) -> Any:
    distance = ops.absolute(p.loc - q.loc)
    ratio = ops.log(p.scale) - ops.log(q.scale)
    # Of exp(-d / p.scale) - 1 + d / p.scale; where the locations agree it is 0.
    return _excess(ratio) + p.scale / q.scale * _excess(-distance / p.scale)


@register_kl(Cauchy, Cauchy)
def _cauchy(p: Any, q: Any) -> Any:
    # Chyzak and Nielsen 2019; written around what vanishes for equal laws.
    product = p.scale * q.scale
    return ops.log1p((ops.square(p.scale - q.scale) + ops.square(p.loc - q.loc)) / (4.0 * product))


@register_kl(Gumbel, Gumbel)
def _gumbel(p: Any, q: Any) -> Any:
    ratio = p.scale / q.scale
    shift = (p.loc - q.loc) / q.scale
    growth = ops.exp(ops.lgamma(1.0 + ratio) - shift)
    return ops.log(q.scale) - ops.log(p.scale) + np.euler_gamma * (ratio - 1.0) + shift + growth - 1.0


@register_kl(Exponential, Exponential)
def _exponential(p: Any, q: Any) -> Any:
    return _excess(ops.log(q.rate) - ops.log(p.rate))


@register_kl(Gamma, Gamma)
@register_kl(InverseGamma, InverseGamma)
def _gamma(p: Any, q: Any) -> Any:
    # One over a gamma draw: the map does not change the divergence.
    a, b = p.concentration, q.concentration
    shapes = (a - b) * ops.digamma(a) - ops.lgamma(a) + ops.lgamma(b)
    ratio = ops.log(q.rate) - ops.log(p.rate)
    return shapes + a * _excess(ratio) + (a - b) * ratio


@register_kl(Weibull, Gamma)
def _weibull_gamma(p: Any, q: Any) -> Any:
    mean_log = ops.log(p.scale) - np.euler_gamma / p.concentration
    surprise = q.concentration * ops.log(q.rate) - ops.lgamma(q.concentration) + (q.concentration - 1.0) * mean_log
    return q.rate * Weibull._mean(**p.params) - surprise - Weibull._entropy(**p.params)


@register_kl(Weibull, Weibull)
def _weibull(p: Any, q: Any) -> Any:
    # Bauckhage 2013: the mean of (x / q.scale)**q.concentration is that of a power of an exponential draw.
    ratio = q.concentration / p.concentration
    log_scales = q.concentration * (ops.log(p.scale) - ops.log(q.scale))
    power = ops.exp(log_scales + ops.lgamma(1.0 + ratio))
    return -ops.log(ratio) - log_scales + np.euler_gamma * (ratio - 1.0) + power - 1.0


@register_kl(Pareto, Pareto)
def _pareto(p: Any, q: Any) -> Any:
    ratio = ops.log(p.scale) - ops.log(q.scale)
    inside = q.alpha * ratio + _excess(ops.log(q.alpha) - ops.log(p.alpha))
    return ops.where(ops.greater_equal(p.scale, q.scale), inside, np.inf)


@register_kl(Beta, Beta)
def _beta(p: Any, q: Any) -> Any:
    a, b = p.concentration1 - q.concentration1, p.concentration0 - q.concentration0
    normalisers = ops.log_beta(q.concentration1, q.concentration0) - ops.log_beta(p.concentration1, p.concentration0)
    slopes = a * ops.digamma(p.concentration1) + b * ops.digamma(p.concentration0)
    return normalisers + slopes - (a + b) * ops.digamma(p.concentration1 + p.concentration0)


@register_kl(Kumaraswamy, Beta)
def _kumaraswamy_beta(p: Any, q: Any) -> Any:
    mean_log = -(ops.digamma(p.concentration0 + 1.0) + np.euler_gamma) / p.concentration1
    complement = mean_log_complement(p.concentration1, p.concentration0)
    surprise = (q.concentration1 - 1.0) * mean_log + (q.concentration0 - 1.0) * complement
    normaliser = ops.log_beta(q.concentration1, q.concentration0)
    return normaliser - surprise - Kumaraswamy._entropy(**p.params)


@register_kl(Uniform, Uniform)
def _uniform(p: Any, q: Any) -> Any:
    contained = ops.logical_and(ops.greater_equal(p.low, q.low), ops.less_equal(p.high, q.high))
    return ops.where(contained, ops.log((q.high - q.low) / (p.high - p.low)), np.inf)


@register_kl(Poisson, Poisson)
def _poisson(p: Any, q: Any) -> Any:
    return p.rate * _excess(ops.log(q.rate) - ops.log(p.rate))


@register_kl(Bernoulli, Bernoulli)
def _bernoulli(p: Any, q: Any) -> Any:
    log_hit, log_miss = _logarithms(p)
    log_hit_q, log_miss_q = _logarithms(q)
    return weighted_difference(log_hit, log_hit_q) + weighted_difference(log_miss, log_miss_q)


@register_kl(Geometric, Geometric)
def _geometric(p: Any, q: Any) -> Any:
    log_hit, log_miss = _logarithms(p)
    log_hit_q, log_miss_q = _logarithms(q)
    failures = ops.exp(-log_hit) * weighted_difference(log_miss, log_miss_q)
    return log_hit - log_hit_q + failures


def _logarithms(d: Any) -> tuple[Any, Any]:
    """The logarithms of the probabilities of success and of failure."""
    if d.params.get("logits") is not None:
        return -ops.softplus(-d.logits), -ops.softplus(d.logits)
    return ops.log(d.probs), ops.log1p(-d.probs)


def weighted_difference(log_p: Any, log_q: Any) -> Any:
    """p (log p - log q), and 0 where p is 0; inf where only q is 0."""
    is_possible = log_p > -np.inf
    both = ops.logical_and(is_possible, log_q > -np.inf)
    safe_p, safe_q = ops.where(both, log_p, 0.0), ops.where(both, log_q, 0.0)
    return ops.where(both, ops.exp(safe_p) * (safe_p - safe_q), ops.where(is_possible, np.inf, 0.0))
