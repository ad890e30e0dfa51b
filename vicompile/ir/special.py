"""The special functions of the primitives on NumPy arrays: the meaning that kernels are tested against.

SciPy is imported when a function that needs it is first called, never at import time, and not for single numbers where
`math` has the function: folding a constant must not cost an import.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x)), without overflow."""
    x = np.asarray(x, float)
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0 / (1.0 + e), e / (1.0 + e))


def softplus(x: Any) -> Any:
    """log(1 + exp(x)), without overflow."""
    return np.logaddexp(0.0, x)


def erf(x: Any) -> Any:
    """The error function."""
    if isinstance(x, float):
        return math.erf(x)
    from scipy import special

    return special.erf(x)


def lgamma(x: Any) -> Any:
    """log |Gamma(x)|."""
    if isinstance(x, float) and x > 0.0:
        return math.lgamma(x)
    from scipy import special

    return special.gammaln(x)


def log_beta(a: Any, b: Any) -> Any:
    """log of the beta function, also where its three gamma functions nearly cancel."""
    if isinstance(a, float) and isinstance(b, float) and a > 0.0 and b > 0.0 and a + b < 100.0:
        return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    from scipy import special

    return special.betaln(a, b)


def digamma(x: Any) -> Any:
    """The derivative of lgamma."""
    from scipy import special

    return special.digamma(x)


def trigamma(x: Any) -> Any:
    """The derivative of digamma."""
    from scipy import special

    return special.polygamma(1, x)


def ndtri(p: Any) -> Any:
    """The quantile function of the standard normal."""
    from scipy import special

    return special.ndtri(p)


def log_standard_gamma(concentration: Any, normal: Any, uniform: Any, boost: Any) -> Any:
    """The logarithm of a Gamma(concentration, 1) draw made from the given base noise."""
    from ..reference.gamma import log_standard_gamma as draw

    return draw(concentration, normal, uniform, boost)


def random_position(position: Any, size: Any, first: Any, second: Any) -> Any:
    """Where a random permutation of 0, ..., size - 1 sends a position; two numbers in (0, 1) choose it."""
    from ..reference.positions import random_position as place

    return place(position, size, first, second)


def log_gamma_gradient(concentration: Any, log_draw: Any) -> Any:
    """d log_draw / d concentration at fixed probability: implicit reparameterisation (Figurnov et al. 2018)."""
    from ..reference.gamma import log_gamma_gradient as gradient

    return gradient(concentration, log_draw)
