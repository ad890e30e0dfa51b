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

    a, b = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))
    small, large = np.minimum(a, b), np.maximum(a, b)
    with np.errstate(all="ignore"):
        fits = (small > 0.0) & (large >= 10.0) & np.isfinite(large)
        far = _log_beta_far(np.where(fits, small, 1.0), np.where(fits, large, 10.0))
        return np.where(fits, far, special.betaln(a, b))[()]


def _log_beta_far(small: Any, large: Any) -> Any:
    """log B where large >= 10: what cancels is taken out by Stirling's series (DiDonato and Morris 1992)."""
    from scipy import special

    ratio = small / large
    log_sum = np.log1p(ratio)
    rest = _stirling_rest(large) - _stirling_rest(small + large) - (large - 0.5) * log_sum
    beside = special.gammaln(small) + small * (1.0 - np.log(small + large))
    both = _stirling_rest(np.maximum(small, 10.0)) + 0.5 * np.log(2.0 * np.pi)
    both = both + small * (np.log(ratio) - log_sum) - 0.5 * np.log(small)
    return rest + np.where(small < 10.0, beside, both)


def _stirling_rest(x: Any) -> Any:
    """What Stirling's series adds to (x - 1/2) log x - x + log(2 pi) / 2, for x >= 10."""
    total: Any = 0.0
    for coefficient in reversed((1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)):
        total = coefficient + total / (x * x)
    return total / x


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


def erfc(x: Any) -> Any:
    """1 - erf(x), right where that is tiny."""
    if isinstance(x, float):
        return math.erfc(x)
    from scipy import special

    return special.erfc(x)


def ndtr(x: Any) -> Any:
    """The cdf of the standard normal, right in both tails."""
    from scipy import special

    return special.ndtr(x)


def log_ndtr(x: Any) -> Any:
    """log ndtr(x), also where ndtr underflows."""
    from scipy import special

    x = np.asarray(x, float)
    left = np.minimum(x, 0.0)
    tail = np.log(0.5 * special.erfcx(-left * math.sqrt(0.5))) - 0.5 * left * left
    return np.where(x > 0.0, np.log1p(-special.ndtr(-np.maximum(x, 0.0))), np.where(x == -np.inf, x, tail))


def log_ndtr_slope(x: Any) -> Any:
    """The derivative of log_ndtr: the density of the standard normal over its cdf."""
    from scipy import special

    x = np.asarray(x, float)
    slope = math.sqrt(2.0 / math.pi) / special.erfcx(-x * math.sqrt(0.5))
    return np.where(x < -1e150, -x, slope)


def ndtri_exp(y: Any) -> Any:
    """The inverse of log_ndtr."""
    from scipy import special

    return special.ndtri_exp(y)


def log_bessel_i0e(x: Any) -> Any:
    """log(exp(-|x|) I0(x)) of the modified Bessel function I0."""
    from scipy import special

    size = np.abs(np.asarray(x, float))
    z = 0.25 * size * size
    # Where I0 is 1 for rounding, by its power series (Abramowitz and Stegun 9.6.12).
    small = np.log1p(z * (1.0 + z / 4.0 * (1.0 + z / 9.0))) - size
    return np.where(size < 0.01, small, np.log(special.i0e(size)))


def log_bessel_i0e_slope(x: Any) -> Any:
    """The derivative of log_bessel_i0e, sign(x) (I1(|x|) / I0(x) - 1); 0 at 0."""
    from scipy import special

    size = np.abs(np.asarray(x, float))
    direct = 1.0 - special.i1e(size) / special.i0e(size)
    # The quotient of the asymptotic series of both (Abramowitz and Stegun 9.7.1): the difference would cancel.
    w = 1.0 / np.maximum(size, 500.0)
    series = w * (1 / 2 + w * (1 / 8 + w * (1 / 8 + w * (25 / 128 + w * (13 / 32 + w * 1073 / 1024)))))
    return -np.sign(x) * np.where(size > 500.0, series, direct)


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
