"""Pieces of densities that need care at the ends of their range.

On NumPy arrays they are exact at the boundary. On graph nodes they keep the form of a product of a data part and a
parameter part, because sums of such products can be computed once; 0 * log(0) is NaN there, never a wrong number.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ir import ops
from ..ir.nodes import Const, Node

HALF_LOG_2PI = 0.5 * math.log(2.0 * math.pi)


def xlogy(a: Any, x: Any) -> Any:
    """a * log(x), and 0 where a is 0."""
    if isinstance(a, Node) or isinstance(x, Node):
        return 0.0 if _is_zero(a) else a * ops.log(x)
    return _product(a, ops.log(x))


def xlog1py(a: Any, y: Any) -> Any:
    """a * log(1 + y), and 0 where a is 0."""
    if isinstance(a, Node) or isinstance(y, Node):
        return 0.0 if _is_zero(a) else a * ops.log1p(y)
    return _product(a, ops.log1p(y))


def bernoulli_logits(x: Any, logits: Any) -> Any:
    """log(sigmoid(logits)) where x is 1, log(1 - sigmoid(logits)) where x is 0."""
    if isinstance(x, Node) or isinstance(logits, Node):
        return x * logits - ops.softplus(logits)
    return -ops.softplus((1.0 - 2.0 * np.asarray(x, float)) * logits)


def log_beta_function(a: Any, b: Any) -> Any:
    """log B(a, b)."""
    if isinstance(a, Node) or isinstance(b, Node):
        return ops.lgamma(a) + ops.lgamma(b) - ops.lgamma(a + b)
    from scipy import special

    return special.betaln(a, b)


def log_gamma_half_step(a: Any) -> Any:
    """log Gamma(a + 1/2) - log Gamma(a), also where both are huge and nearly equal.

    Asymptotic series beyond 100: Abramowitz and Stegun 6.1.47 in logarithms.
    """
    large = ops.maximum(a, 100.0)
    inverse = 1.0 / large
    square = inverse * inverse
    tail = inverse * (-1.0 / 8.0 + square * (1.0 / 192.0 + square * (-1.0 / 640.0 + square * (17.0 / 14336.0))))
    small = ops.minimum(a, 100.0)
    return ops.where(a > 100.0, 0.5 * ops.log(large) + tail, ops.lgamma(small + 0.5) - ops.lgamma(small))


def _is_zero(a: Any) -> bool:
    if isinstance(a, Const):
        return a.value == 0
    return not isinstance(a, Node) and np.ndim(a) == 0 and a == 0


def _product(a: Any, logarithm: Any) -> Any:
    with np.errstate(all="ignore"):
        return np.where(np.equal(a, 0.0), 0.0, np.multiply(a, logarithm))
