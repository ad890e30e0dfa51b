"""Pieces of densities that need care at the ends of their range.

On NumPy arrays they are exact at the boundary. On graph nodes they keep the form of a product of a data part and a
parameter part, because sums of such products can be computed once; 0 * log(0) is NaN there, never a wrong number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..ir import ops
from ..ir.nodes import Const, Node

HALF_LOG_2PI = 0.5 * math.log(2.0 * math.pi)
# Below it an element of a drawn simplex would be 0, where its density has no logarithm.
_SMALLEST_LOG = -700.0


def xlogy(a: Any, x: Any, *, keep: bool = False) -> Any:
    """a * log(x), and 0 where a is 0.

    keep: on graph nodes the logarithm stays also for a constant 0, because it tells an invalid x by NaN.
    """
    if isinstance(a, Node) or isinstance(x, Node):
        return 0.0 if _is_zero(a) and not keep else a * ops.log(x)
    return _product(a, ops.log(x))


def xlog1py(a: Any, y: Any, *, keep: bool = False) -> Any:
    """a * log(1 + y), and 0 where a is 0; `keep` as in `xlogy`."""
    if isinstance(a, Node) or isinstance(y, Node):
        return 0.0 if _is_zero(a) and not keep else a * ops.log1p(y)
    return _product(a, ops.log1p(y))


def log_odds_mass(successes: Any, count: Any, logits: Any) -> Any:
    """The log probability of one order of `successes` among `count` trials, each with the log odds `logits`."""
    if isinstance(successes, Node) or isinstance(count, Node) or isinstance(logits, Node):
        return successes * logits - count * ops.softplus(logits)
    return -(successes * ops.softplus(-logits) + (count - successes) * ops.softplus(logits))


def logaddexp(a: Any, b: Any) -> Any:
    """log(exp(a) + exp(b)); -inf where both are. Its gradient is right also where both are equal."""
    if not isinstance(a, Node) and not isinstance(b, Node):
        return np.logaddexp(a, b)
    first = ops.greater_equal(a, b)
    large, small = ops.where(first, a, b), ops.where(first, b, a)
    gap = ops.where(ops.greater(large, -np.inf), small - large, 0.0)
    return large + ops.softplus(gap)


def log_sum_of(terms: Sequence[Any]) -> Any:
    """log of the sum of exp of several values, -inf where all are -inf; one statement per value in a kernel."""
    largest = terms[0]
    for term in terms[1:]:
        largest = ops.maximum(largest, term)
    shift = ops.detach(ops.where(ops.is_finite(largest), largest, 0.0))
    summed = sum(ops.exp(term - shift) for term in terms)
    found = ops.greater(summed, 0.0)
    return shift + ops.where(found, ops.log(ops.where(found, summed, 1.0)), -np.inf)


def exp_normalised(x: Any) -> Any:
    """exp(x) / sum(exp(x)) along the last axis, a draw on the simplex: no element is 0."""
    return ops.exp(ops.maximum(x - ops.logsumexp(x, [-1], keepdims=True), _SMALLEST_LOG))


def log_difference(log_cdf_low: Any, log_survival_low: Any, log_cdf_high: Any, log_survival_high: Any) -> Any:
    """The log probability between two values, from their log cdfs and log survivals: of the nearer tail."""
    upper = ops.less(log_survival_low, log_cdf_low)
    large = ops.where(upper, log_survival_low, log_cdf_high)
    return large + log1mexp(large - ops.where(upper, log_survival_high, log_cdf_low))


def normal_quantile(log_below: Any, log_above: Any) -> Any:
    """The standard normal quantile of a probability, given its logarithm and that of its complement."""
    lower = ops.less(log_below, log_above)
    distance = ops.ndtri_exp(ops.where(lower, log_below, log_above))
    return ops.where(lower, distance, -distance)


def log_beta_function(a: Any, b: Any) -> Any:
    """log B(a, b)."""
    return ops.log_beta(a, b)


# Of log Gamma(a + 1/2) - log Gamma(a) - log(a) / 2 in odd powers of 1 / a, from Stirling's series.
_HALF_STEP = (-1 / 8, 1 / 192, -1 / 640, 17 / 14336, -31 / 18432, 691 / 180224, -5461 / 425984)


def log_gamma_half_step(a: Any) -> Any:
    """log Gamma(a + 1/2) - log Gamma(a), also where both are huge and nearly equal.

    The asymptotic series beyond 10, where its error is below rounding (Tricomi and Erdelyi 1951).
    """
    large = ops.maximum(a, 10.0)
    square = 1.0 / (large * large)
    series: Any = _HALF_STEP[-1]
    for coefficient in reversed(_HALF_STEP[:-1]):
        series = coefficient + square * series
    small = ops.minimum(a, 10.0)
    return ops.where(a > 10.0, 0.5 * ops.log(large) + series / large, ops.lgamma(small + 0.5) - ops.lgamma(small))


def log1mexp(x: Any) -> Any:
    """log(1 - exp(-x)) for x >= 0, right for small and for large x (Maechler 2012); -inf at 0."""
    small, large = ops.minimum(x, math.log(2.0)), ops.maximum(x, math.log(2.0))
    return ops.where(x < math.log(2.0), ops.log(-ops.expm1(-small)), ops.log1p(-ops.exp(-large)))


def log_scaled_ndtr(x: Any) -> Any:
    """x * x / 2 + log ndtr(x), without the cancellation at negative x."""
    left = -ops.log(ops.log_ndtr_slope(ops.minimum(x, 0.0))) - HALF_LOG_2PI
    right = ops.maximum(x, 0.0)
    return ops.where(x < 0.0, left, 0.5 * ops.square(right) + ops.log_ndtr(right))


def _is_zero(a: Any) -> bool:
    if isinstance(a, Const):
        return a.value == 0
    return not isinstance(a, Node) and np.ndim(a) == 0 and a == 0


def _product(a: Any, logarithm: Any) -> Any:
    with np.errstate(all="ignore"):
        return np.where(np.equal(a, 0.0), 0.0, np.multiply(a, logarithm))
