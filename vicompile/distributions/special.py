"""Special functions that only closed forms on NumPy arrays need. SciPy is imported when one is first called."""

from __future__ import annotations

from typing import Any

import numpy as np


def gammainc(a: Any, x: Any) -> Any:
    """The regularised lower incomplete gamma function: the cdf of Gamma(a, 1)."""
    from scipy import special

    return special.gammainc(a, x)


def gammaincc(a: Any, x: Any) -> Any:
    """1 - gammainc(a, x), right where that is tiny."""
    from scipy import special

    return special.gammaincc(a, x)


def gammaincinv(a: Any, p: Any) -> Any:
    """The inverse of gammainc in x."""
    from scipy import special

    return special.gammaincinv(a, p)


def gammainccinv(a: Any, p: Any) -> Any:
    """The inverse of gammaincc in x."""
    from scipy import special

    return special.gammainccinv(a, p)


def betainc(a: Any, b: Any, x: Any) -> Any:
    """The regularised incomplete beta function: the cdf of Beta(a, b)."""
    from scipy import special

    return special.betainc(a, b, x)


def betaincinv(a: Any, b: Any, p: Any) -> Any:
    """The inverse of betainc in x."""
    from scipy import special

    return special.betaincinv(a, b, p)


def stdtr(df: Any, x: Any) -> Any:
    """The cdf of the standard Student t distribution."""
    from scipy import special

    return special.stdtr(df, x)


def stdtrit(df: Any, p: Any) -> Any:
    """The inverse of stdtr in x."""
    from scipy import special

    return special.stdtrit(df, p)


def betaincc(a: Any, b: Any, x: Any) -> Any:
    """1 - betainc(a, b, x), right where that is tiny."""
    from scipy import special

    return special.betaincc(a, b, x)


def owens_t(h: Any, a: Any) -> Any:
    """Owen's T function."""
    from scipy import special

    return special.owens_t(h, a)


def chndtr(x: Any, df: Any, noncentrality: Any) -> Any:
    """The cdf of the noncentral chi-squared distribution."""
    from scipy import special

    return special.chndtr(x, df, noncentrality)


def scaled_exp1(x: Any) -> Any:
    """exp(x) E1(x) of the exponential integral E1, for x > 0."""
    from scipy import special

    inverse = 1.0 / np.maximum(x, 50.0)
    series = np.ones_like(inverse)
    # The asymptotic series (Abramowitz and Stegun 5.1.51); beyond 50 its 25th term is below rounding.
    for k in range(25, 0, -1):
        series = 1.0 - k * inverse * series
    near = np.minimum(x, 50.0)
    return np.where(x > 50.0, inverse * series, np.exp(near) * special.exp1(near))


def erfinv(p: Any) -> Any:
    """The inverse of the error function."""
    from scipy import special

    return special.erfinv(p)
