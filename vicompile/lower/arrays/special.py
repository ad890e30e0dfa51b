"""Functions of scipy.special that are made from a few primitives, named after them."""

from __future__ import annotations

import math
from typing import Any

from ...ir import ops
from ..bounds import whole
from .convert import as_array
from .elementwise import isnan, logical_xor, rint


def xlogy(x: Any, y: Any) -> Any:
    """scipy.special.xlogy: x log(y), and 0 where x is 0."""
    x, y = (ops.to_float(as_array(v)) for v in (x, y))
    zero = ops.logical_and(ops.equal(x, 0.0), ops.logical_not(isnan(y)))
    return ops.where(zero, 0.0, x * ops.log(ops.where(zero, 1.0, y)))


def xlog1py(x: Any, y: Any) -> Any:
    """scipy.special.xlog1py: x log(1 + y), and 0 where x is 0."""
    x, y = (ops.to_float(as_array(v)) for v in (x, y))
    zero = ops.logical_and(ops.equal(x, 0.0), ops.logical_not(isnan(y)))
    return ops.where(zero, 0.0, x * ops.log1p(ops.where(zero, 0.0, y)))


def entr(x: Any) -> Any:
    """scipy.special.entr: -x log(x), 0 at 0, -infinity below."""
    x = ops.to_float(as_array(x))
    return ops.where(x < 0.0, -math.inf, -xlogy(x, ops.where(x < 0.0, 1.0, x)))


def gamma(x: Any) -> Any:
    """scipy.special.gamma: infinity at 0, NaN at whole numbers below."""
    x = ops.to_float(as_array(x))
    log, sign = _log_gamma(x)
    return ops.where(_is_pole(x), ops.where(ops.equal(x, 0.0), math.inf, math.nan), sign * ops.exp(log))


def beta(a: Any, b: Any) -> Any:
    """scipy.special.beta, but for whole numbers below 1, where it is NaN."""
    a, b = (ops.to_float(as_array(v)) for v in (a, b))
    positive = ops.logical_and(a > 0.0, b > 0.0)
    inside = ops.exp(ops.log_beta(*(ops.where(positive, v, 1.0) for v in (a, b))))
    (log_a, sign_a), (log_b, sign_b), (log_sum, sign_sum) = map(_log_gamma, (a, b, a + b))
    outside = sign_a * sign_b * sign_sum * ops.exp(log_a + log_b - log_sum)
    outside = ops.where(_is_pole(a + b), 0.0, outside)
    undefined = ops.logical_or(_is_pole(a), _is_pole(b))
    return ops.where(positive, inside, ops.where(undefined, math.nan, outside))


def _is_pole(x: Any) -> Any:
    return ops.logical_and(x <= 0.0, ops.equal(x, ops.floor(x)))


def _log_gamma(x: Any) -> tuple[Any, Any]:
    """log |Gamma(x)| and the sign of Gamma(x), away from its poles: below 0 by Gamma(x) Gamma(1 - x) sin(pi x) = pi."""
    positive = x > 0.0
    nearest = rint(x)
    over = ops.where(ops.logical_or(positive, _is_pole(x)), 0.5, x - nearest)
    is_odd = ops.equal(ops.floor(0.5 * nearest), 0.5 * (nearest - 1.0))
    log = ops.lgamma(ops.where(positive, x, 1.0 - x))
    below = math.log(math.pi) - ops.log(ops.absolute(ops.sin(math.pi * over))) - log
    is_negative = ops.logical_and(x <= 0.0, logical_xor(is_odd, over < 0.0))
    return ops.where(positive, log, below), ops.where(is_negative, -1.0, 1.0)


def binomial(n: Any, k: Any) -> Any:
    """scipy.special.binom of 0 <= k <= n, and 0 for other whole k."""
    n, k = (ops.to_float(as_array(v)) for v in (n, k))
    inside = ops.logical_and(ops.logical_and(k >= 0.0, k <= n), n >= 0.0)
    top, bottom = ops.where(inside, n, 0.0), ops.where(inside, k, 0.0)
    number = ops.exp(-ops.log_beta(top - bottom + 1.0, bottom + 1.0)) / (top + 1.0)
    outside = ops.where(ops.logical_and(ops.equal(k, ops.floor(k)), n >= 0.0), 0.0, math.nan)
    return ops.where(inside, number, outside)


def combinations(N: Any, k: Any) -> Any:
    """scipy.special.comb with exact=False: 0 unless 0 <= k <= N."""
    n, chosen = (ops.to_float(as_array(v)) for v in (N, k))
    inside = ops.logical_and(ops.logical_and(chosen >= 0.0, chosen <= n), n >= 0.0)
    return ops.where(inside, binomial(ops.where(inside, n, 0.0), ops.where(inside, chosen, 0.0)), 0.0)


def multigammaln(a: Any, d: Any) -> Any:
    """scipy.special.multigammaln with a dimension that the program fixes."""
    a, size = ops.to_float(as_array(a)), whole(d, "the dimension of multigammaln")
    result: Any = size * (size - 1) / 4.0 * math.log(math.pi)
    for j in range(size):
        result = result + ops.lgamma(a - 0.5 * j)
    return result
