"""Special functions that only closed forms on NumPy arrays need. SciPy is imported when one is first called."""

from __future__ import annotations

from typing import Any


def ndtr(x: Any) -> Any:
    """The standard normal cdf, right in both tails."""
    from scipy import special

    return special.ndtr(x)


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


def erfinv(p: Any) -> Any:
    """The inverse of the error function."""
    from scipy import special

    return special.erfinv(p)
