"""The normal cdf, its logarithm, their slope and their inverse as vectorisable formulas, right far out in the tails."""

from __future__ import annotations

import math

from vicompile.jit.mathlib import coefficients as table
from vicompile.jit.mathlib.define import call
from vicompile.jit.mathlib.elementary import INFINITY, NAN, exp, expm1, log, log1p, log_of_normal
from vicompile.jit.mathlib.lanes import Real
from vicompile.jit.mathlib.special import exp_of_minus_square, ndtri_centre, ndtri_tail, scaled_erfc

SQRT_HALF = math.sqrt(0.5)
LOG_TAU = math.log(2.0 * math.pi)
# Where ndtri's tables end: sqrt(-log p) of the smallest double.
TABLES_END = 27.5


def _tail(a: Real) -> tuple[Real, Real]:
    """exp(-a * a / 2) and exp(a * a / 2) ndtr(-a), for a >= 0."""
    return exp_of_minus_square(a.at_most(40.0), 0.5), scaled_erfc((a * SQRT_HALF).at_most(1e200)) * 0.5


def ndtr(x: Real) -> Real:
    """The standard normal cdf, within 1e-15 relative down to the smallest normal numbers."""
    a = x.absolute()
    decay, scaled = _tail(a)
    half = (a * SQRT_HALF).at_most(2.0)
    near = 0.5 - half * (half * half).polynomial(table.ERF) * 0.5
    lower = x.where(a.below(0.7), near, decay * scaled)
    return x.where(x.above(0.0), 1.0 - lower, lower)


def log_ndtr(x: Real) -> Real:
    """log ndtr(x), within 5 ulp (right of 0 within 8); -inf at -inf, and where x * x overflows."""
    a = x.absolute()
    decay, scaled = _tail(a)
    left = call("log_of_normal", log_of_normal, scaled) - a * a * 0.5
    right = call("log1p", log1p, x.of(0.0) - decay * scaled)
    value = x.where(x.above(0.0), right, left)
    return value.rarely(x.equals(-INFINITY), x, value)


def log_ndtr_slope(x: Real) -> Real:
    """The derivative of log_ndtr, the normal density over the normal cdf, within 1e-15 relative."""
    decay, scaled = _tail(x.absolute())
    is_right = x.above(0.0)
    top, bottom = x.where(is_right, decay, 1.0), x.where(is_right, 1.0 - decay * scaled, scaled)
    value = top * (1.0 / math.sqrt(2.0 * math.pi)) / bottom
    return value.rarely(x.below(-1e150), x.of(0.0) - x, value)


def _far_quantile(y: Real) -> Real:
    """x > 0 with log ndtr(-x) = y for y below -756: two Newton steps for h = x * x / 2 on the asymptotic series

    log ndtr(-x) = -h - log(4 pi h) / 2 - w + 5/2 w**2 - 37/3 w**3 + 353/4 w**4 - ..., w = 1 / (2 h).
    """
    aim = (0.0 - y).at_least(700.0) - 0.5 * LOG_TAU
    h = aim - _half_log_of_double(aim)
    for _ in range(2):
        w = 0.5 / h
        miss = aim - h - (_half_log_of_double(h) + w * w.polynomial((1.0, -5 / 2, 37 / 3, -353 / 4)))
        h = h + miss / (w + 1.0)
    return h.square_root() * math.sqrt(2.0)


def _half_log_of_double(h: Real) -> Real:
    return (call("log_of_normal", log_of_normal, h) + math.log(2.0)) * 0.5


def ndtri_exp(y: Real) -> Real:
    """The inverse of log_ndtr, within 3e-15 relative (and 2e-16 absolute); -inf at -inf, +inf at 0, NaN above 0."""
    q = call("exp", exp, y).exact_sub(0.5)
    is_lower = q.below(0.0)
    log_complement = call("log", log, y.of(0.0) - call("expm1", expm1, y))
    r = (y.of(0.0) - y.where(is_lower, y, log_complement)).square_root()
    centre, tail = ndtri_centre(q), ndtri_tail(r.at_most(TABLES_END))
    tail = tail.rarely(r.above(TABLES_END), _far_quantile(y), tail)
    tail = y.where(is_lower, y.of(0.0) - tail, tail)
    value = y.where(q.absolute().below(0.425), centre, tail)
    edge = y.where(y.equals(0.0), INFINITY, y.where(y.equals(-INFINITY), -INFINITY, NAN))
    return value.rarely(y.builder.not_(y.builder.and_(y.below(0.0), y.above(-INFINITY))), edge, value)
