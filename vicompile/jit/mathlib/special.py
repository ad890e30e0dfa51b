"""erf, the gamma family and the normal quantile as vectorisable formulas over float64."""

from __future__ import annotations

from vicompile.jit.mathlib import coefficients as table
from vicompile.jit.mathlib.define import call
from vicompile.jit.mathlib.elementary import INFINITY, NAN, exp, log, log1p_of_part, log_of_normal
from vicompile.jit.mathlib.lanes import Real

# Bernoulli numbers B(2k): the asymptotic series (Abramowitz and Stegun 6.1.40, 6.3.18, 6.4.12) used from 8 upwards.
BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798)
LGAMMA_SERIES = tuple(b / (2 * k * (2 * k - 1)) for k, b in enumerate(BERNOULLI, 1))
DIGAMMA_SERIES = tuple(b / (2 * k) for k, b in enumerate(BERNOULLI, 1))
HALF_LOG_TAU = 0.9189385332046727
SHIFT = 8.0
# (x + k)(x + 7 - k) = x(x + 7) + PAIRED[k]: the eight factors of the shift, two by two.
PAIRED = (0.0, 6.0, 10.0, 12.0)


def _shifted(x: Real) -> Real:
    return x.rarely(x.below(SHIFT), x + SHIFT, x)


def _pairs(x: Real) -> list[Real]:
    q = x * (x + 7.0)
    return [q + extra for extra in PAIRED]


def _rising(x: Real) -> Real:
    """x (x + 1) ... (x + 7) = Gamma(x + 8) / Gamma(x)."""
    a, b, c, d = _pairs(x)
    return (a * b) * (c * d)


def _positive_axis(value: Real, x: Real, at_zero: float) -> Real:
    return value.rarely(x.builder.not_(x.above(0.0)), x.where(x.equals(0.0), at_zero, NAN), value)


def lgamma(x: Real) -> Real:
    """log Gamma(x) for x >= 0, within 1e-14 relative to max(1, |value|); +inf at 0, NaN below."""
    y = _shifted(x)
    stirling = (y - 0.5) * (call("log_of_normal", log_of_normal, y) - 1.0) + (
        _stirling_rest(1.0 / y) + (HALF_LOG_TAU - 0.5)
    )
    lost = x.rarely(x.below(SHIFT), call("log", log, _rising(x)), 0.0)
    return _positive_axis(stirling - lost, x, INFINITY)


def _stirling_rest(inverse: Real) -> Real:
    """What Stirling's series adds to (y - 1/2) log y - y + log(2 pi) / 2, y = 1 / inverse from 8 upwards."""
    return inverse * (inverse * inverse).polynomial(LGAMMA_SERIES)


def log_beta(a: Real, b: Real) -> Real:
    """log B(a, b) for a, b >= 0, within 1e-14 relative to max(1, |value|), also where one dwarfs the other.

    +inf if one is 0, -inf if one is infinite, NaN below 0. What cancels between the three gamma functions is taken out
    before anything is rounded, as DiDonato and Morris do (algorithm 708, 1992). Below 8 an argument is shifted up by 8.
    """
    builder = a.builder
    swap = b.below(a)
    p, q = a.where(swap, b, a), a.where(swap, a, b)
    p_is_small, q_is_small = p.below(SHIFT), q.below(SHIFT)
    upper = q.rarely(q_is_small, q + SHIFT, q)
    inverse = 1.0 / upper
    ratio = p * inverse
    shifted = p + SHIFT
    # log Gamma(p) by itself where p is small, else together with -p log q.
    lower = p.rarely(p_is_small, shifted, p)
    scaled = p.rarely(p_is_small, shifted, ratio)
    factor = p.rarely(p_is_small, p, 0.5)
    constant = p.rarely(p_is_small, HALF_LOG_TAU - SHIFT, HALF_LOG_TAU)
    rest = _stirling_rest(1.0 / lower) + (_stirling_rest(inverse) - _stirling_rest(1.0 / (p + upper)))
    log_upper, log_scaled = (call("log_of_normal", log_of_normal, y) for y in (upper, scaled))
    log_sum = call("log1p_of_part", log1p_of_part, ratio)
    value = (rest + constant) - factor * log_upper
    value = value - p * log_sum - (upper - 0.5) * log_sum + (lower - 0.5) * log_scaled
    lost = p.rarely(q_is_small, _rising(p) * (_rising(q) / _rising(p + q)), _rising(p))
    value = value - p.rarely(p_is_small, call("log", log, lost), 0.0)
    value = value.rarely(q.equals(INFINITY), 0.0 - q, value)
    return value.rarely(builder.not_(p.above(0.0)), p.where(p.equals(0.0), q + INFINITY, NAN), value)


def digamma(x: Real) -> Real:
    """The derivative of lgamma for x >= 0, within 4e-15 relative to max(1, |value|); -inf at 0, NaN below."""
    y = _shifted(x)
    inverse = 1.0 / y
    square = inverse * inverse
    series = inverse.times_plus(0.5, square * square.polynomial(DIGAMMA_SERIES))
    a, b, c, d = _pairs(x)
    ab, cd = a * b, c * d
    top = (a + b) * cd + (c + d) * ab
    lost = ((x * 2.0 + 7.0) * top) / (ab * cd)
    value = call("log_of_normal", log_of_normal, y) - series - x.rarely(x.below(SHIFT), lost, 0.0)
    return _positive_axis(value.rarely(x.equals(INFINITY), INFINITY, value), x, -INFINITY)


def trigamma(x: Real) -> Real:
    """The derivative of digamma for x >= 0, within 1e-14 relative; +inf at 0, NaN below."""
    y = _shifted(x)
    inverse = 1.0 / y
    square = inverse * inverse
    value = inverse + square.times_plus(0.5, inverse * square * square.polynomial(BERNOULLI))
    spread = (x * 2.0 + 7.0) * (x * 2.0 + 7.0)
    lost = x.of(0.0)
    for pair in _pairs(x):
        lost = lost + ((spread - pair * 2.0) / pair) / pair
    value = value + x.rarely(x.below(SHIFT), lost, 0.0)
    return _positive_axis(value, x, INFINITY)


def scaled_erfc(a: Real) -> Real:
    """exp(a * a) * erfc(a) for a >= 0."""
    t = (a - 2.0) / (a + 2.0)
    return t.polynomial(table.ERFCX) / (a * 2.0 + 1.0)


def erf(x: Real) -> Real:
    """The error function, below 3 ulp."""
    a = x.absolute().at_most(6.5)
    square = a * a
    outer = 1.0 - call("exp", exp, x.of(0.0) - square) * scaled_erfc(a)
    inner = a * square.polynomial(table.ERF)
    return x.where(a.below(1.0), inner, outer).with_sign_of(x)


def exp_of_minus_square(a: Real, factor: float = 1.0) -> Real:
    """exp(-factor * a * a) to full precision, for a factor that is a power of two."""
    # The leading half of a squares exactly.
    lead = (a.bits() & 0xFFFFFFFFF8000000).as_real()
    rest = a.exact_sub(lead) * (a + lead)
    return call("exp", exp, lead * lead * -factor) * call("exp", exp, rest * -factor)


def erfc(x: Real) -> Real:
    """1 - erf(x), within 1e-15 relative also far out, down to the smallest normal numbers."""
    a = x.absolute().at_most(28.0)
    tail = exp_of_minus_square(a) * scaled_erfc(a)
    near = 1.0 - a * (a * a).polynomial(table.ERF)
    tail = x.where(a.below(0.5), near, tail)
    return x.where(x.below(0.0), 2.0 - tail, tail)


def ndtri(p: Real) -> Real:
    """The quantile function of the standard normal, within 2e-15 relative; -inf at 0, +inf at 1, NaN outside [0, 1]."""
    q = p.exact_sub(0.5)
    r = (p.of(0.0) - call("log", log, p.where(q.below(0.0), p, 1.0 - p))).square_root()
    tail = ndtri_tail(r)
    tail = p.where(r.equals(INFINITY), INFINITY, tail)
    tail = p.where(q.below(0.0), p.of(0.0) - tail, tail)
    return p.where(q.absolute().below(0.425), ndtri_centre(q), tail)


def ndtri_centre(q: Real) -> Real:
    """ndtri(1/2 + q) for |q| up to 0.425.

    Here and in `ndtri_tail`: rational approximations on the ranges of Wichura, algorithm AS 241 (1988), refitted.
    """
    z = 0.180625 - q * q
    return q * z.polynomial(table.NDTRI_CENTRE_TOP) / z.polynomial(table.NDTRI_CENTRE_BOTTOM)


def ndtri_tail(r: Real) -> Real:
    """-ndtri(p) for a p up to 0.075, given as r = sqrt(-log p)."""
    far = r.above(5.0)
    t = r.where(far, r - 5.0, r - 1.6)
    return r.where(
        far,
        t.polynomial(table.NDTRI_FAR_TOP) / t.polynomial(table.NDTRI_FAR_BOTTOM),
        t.polynomial(table.NDTRI_TAIL_TOP) / t.polynomial(table.NDTRI_TAIL_BOTTOM),
    )
