"""exp, log and their close relatives as vectorisable formulas over float64.

Errors are in units of the last place, measured against mpmath (tests/mathlib). All are branch-free.
"""

from __future__ import annotations

from vicompile.jit.mathlib import coefficients as table
from vicompile.jit.mathlib.define import call
from vicompile.jit.mathlib.lanes import Bits, Real, bits_of

INFINITY = float("inf")
NAN = float("nan")
LOG2_E = 1.4426950408889634
# log(2) in two parts; the first has 32 trailing zero bits, so that its product with any exponent is exact without fma.
LN2_HIGH = 0.6931471803691238
LN2_LOW = 1.9082149292705877e-10
# Adding this number rounds to an integer, which then stands in the low bits.
ROUNDER = 6755399441055744.0
SQRT_HALF_BITS = bits_of(0.7071067811865476)
SIGNIFICAND = 0x000FFFFFFFFFFFFF
TWO_52 = 4503599627370496.0


def _reduce(x: Real) -> tuple[Bits, Real]:
    """The integer n nearest x / log 2 (in the low bits) and the rest x - n log 2."""
    shifted = x.times_plus(LOG2_E, ROUNDER)
    n = shifted.exact_sub(ROUNDER)
    rest = n.times_plus(-LN2_LOW, n.times_plus(-LN2_HIGH, x))
    return shifted.bits(), rest


def _expm1_near_zero(r: Real) -> Real:
    return (r * r).times_plus(r.polynomial(table.EXP), r)


def exp(x: Real) -> Real:
    """e**x, below 1 ulp; overflows to infinity and underflows gradually (results below 2**-1022 are rounded twice)."""
    n, r = _reduce(x.at_most(800.0).at_least(-800.0))
    # 2**n as two factors, so that n may lie outside the exponents of normal numbers.
    twice_biased = n + 2046
    half = twice_biased >> 1
    first = (half << 52).as_real()
    second = ((twice_biased - half) << 52).as_real()
    return (_expm1_near_zero(r) + 1.0) * first * second


def expm1(x: Real) -> Real:
    """e**x - 1, below 2 ulp (subnormal arguments are rounded to a multiple of 2**-1073)."""
    n, r = _reduce(x.at_most(720.0).at_least(-60.0))
    half_scale = ((n + 1022) << 52).as_real()
    value = _expm1_near_zero(r).times_plus(half_scale, half_scale.exact_sub(0.5)) * 2.0
    return value.where(x.above(709.782712893384), INFINITY, value)


def _split(x: Real) -> tuple[Real, Bits, Real]:
    """For positive normal x = 2**e * m, m in [sqrt(1/2), sqrt(2)): e as a double, the bits of e << 52, and m - 1."""
    offset = x.bits() - SQRT_HALF_BITS
    exponent = offset & ~SIGNIFICAND
    # The logical shift leaves 12 bits without a sign: 2048 keeps them positive, and 2**52 turns them into a double.
    biased = ((offset + (2048 << 52)) >> 52) | bits_of(TWO_52)
    e = biased.as_real().exact_sub(TWO_52 + 2048.0)
    m = (x.bits() - exponent).as_real()
    return e, exponent, m.exact_sub(1.0)


def _log_of_split(e: Real, f: Real) -> Real:
    """e log 2 + log(1 + f) for f in [sqrt(1/2) - 1, sqrt(2) - 1]."""
    s = f / (f + 2.0)
    z = s * s
    half_square = f * f * 0.5
    tail = s * (half_square + z * z.polynomial(table.LOG))
    return e.times_plus(LN2_HIGH, f - (half_square - e.times_plus(LN2_LOW, tail)))


def log(x: Real) -> Real:
    """The natural logarithm, below 1 ulp, also of subnormal numbers; -inf at 0, NaN below."""
    small = x.below(2.2250738585072014e-308)
    e, _, f = _split(x.where(small, x * 18014398509481984.0, x))
    value = _log_of_split(e - x.where(small, 54.0, 0.0), f)
    return _edges(value, x, zero=-INFINITY)


def log_of_normal(x: Real) -> Real:
    """log without the edges: for positive, finite x of at least 2**-1022."""
    e, _, f = _split(x)
    return _log_of_split(e, f)


def _edges(value: Real, x: Real, zero: float) -> Real:
    """The value for positive finite x, and what a logarithm is elsewhere."""
    value = value.where(x.above(0.0), value, value.where(x.equals(0.0), zero, NAN))
    return value.where(x.equals(INFINITY), INFINITY, value)


def log1p(x: Real) -> Real:
    """log(1 + x), below 1 ulp; -inf at -1, NaN below."""
    u = x.exact_add(1.0)
    large = x.above(1.0)
    lost = x.where(large, 1.0, x).exact_sub(u.exact_sub(x.where(large, x, 1.0)))
    e, exponent, f = _split(u)
    # What 1 + x rounded away, brought to the scale of f. (Twice 2**-e, because 2**-1024 has no normal exponent.)
    twice_scale = (x.of(2.0).bits() - exponent).as_real()
    value = _log_of_split(e, (lost * 0.5).times_plus(twice_scale, f))
    return _edges(value, u, zero=-INFINITY)


def sigmoid(x: Real) -> Real:
    """1 / (1 + exp(-x)), below 3 ulp on both sides."""
    small = call("exp", exp, x.of(0.0) - x.absolute())
    return x.where(x.below(0.0), small, 1.0) / (small + 1.0)


def softplus(x: Real) -> Real:
    """log(1 + exp(x)), below 3 ulp."""
    small = call("exp", exp, x.of(0.0) - x.absolute())
    # log1p of a number in [0, 1] needs at most one halving to come into the range of the polynomial.
    halve = small.above(0.41421356237309503)
    f = small.where(halve, small.exact_sub(1.0) * 0.5, small)
    return _log_of_split(small.where(halve, 1.0, 0.0), f) + x.where(x.above(0.0), x, 0.0)


def tanh(x: Real) -> Real:
    """The hyperbolic tangent, below 3 ulp."""
    grown = call("expm1", expm1, (x.absolute() * 2.0).at_most(50.0))
    return (grown / (grown + 2.0)).with_sign_of(x)


def log_sigmoid(x: Real) -> Real:
    """log(sigmoid(x)), below 3 ulp."""
    return x.of(0.0) - call("softplus", softplus, x.of(0.0) - x)


def sqrt(x: Real) -> Real:
    """The correctly rounded square root; NaN below 0."""
    return x.square_root()
