"""exp, log and their close relatives as vectorisable formulas over float64 and float32.

Errors are in units of the last place, measured against mpmath (tests/mathlib). All are branch-free.
"""

from __future__ import annotations

from vicompile.jit.mathlib.define import call
from vicompile.jit.mathlib.lanes import Bits, Real
from vicompile.jit.mathlib.widths import width

INFINITY = float("inf")
NAN = float("nan")
LOG2_E = 1.4426950408889634


def _reduce(x: Real) -> tuple[Bits, Real]:
    """The integer n nearest x / log 2 (in the low bits) and the rest x - n log 2."""
    w = width(x)
    shifted = x.times_plus(LOG2_E, w.rounder)
    n = shifted.exact_sub(w.rounder)
    rest = n.times_plus(-w.ln2_low, n.times_plus(-w.ln2_high, x))
    return shifted.bits(), rest


def exp(x: Real) -> Real:
    """e**x, below 1 ulp; overflows to infinity and underflows gradually (subnormal results are rounded twice)."""
    w = width(x)
    n, r = _reduce(x.at_most(w.far).at_least(-w.far))
    # 2**n as two factors, so that n may lie outside the exponents of normal numbers.
    twice_biased = n + 2 * w.bias
    half = twice_biased >> 1
    first = (half << w.fraction).as_real()
    second = ((twice_biased - half) << w.fraction).as_real()
    return (r + r.square_polynomial(w.exp)).times_plus(first, first) * second


def expm1(x: Real) -> Real:
    """e**x - 1, below 2 ulp (subnormal arguments are rounded to a multiple of two of the smallest)."""
    w = width(x)
    n, r = _reduce(x.at_most(w.overflow + 1.0).at_least(-w.vanishing))
    half_scale = ((n + (w.bias - 1)) << w.fraction).as_real()
    near = r.square_polynomial(w.exp, r)
    value = near.times_plus(half_scale, half_scale.exact_sub(0.5)) * 2.0
    return value.rarely(x.above(w.overflow), INFINITY, value)


def _bias_of(x: Real) -> float:
    """What `_split` takes off an exponent: the bias, and the number in whose low bits it stands."""
    w = width(x)
    return w.whole + 2.0 * (w.bias + 1)


def _split(x: Real, bias: Real | float | None = None) -> tuple[Real, Bits, Real]:
    """For positive normal x = 2**e * m, m in [sqrt(1/2), sqrt(2)): e as a number, the bits of 2**e / 1, and m.

    A bias that is larger than usual lessens e.
    """
    w = width(x)
    offset = x.bits() - w.sqrt_half
    exponent = offset & ~((1 << w.fraction) - 1)
    # The logical shift leaves the exponent without a sign: twice the bias keeps it positive, and 2**fraction turns it
    # into a number.
    biased = ((offset + ((2 * (w.bias + 1)) << w.fraction)) >> w.fraction) | w.whole_bits
    return biased.as_real().exact_sub(_bias_of(x) if bias is None else bias), exponent, (x.bits() - exponent).as_real()


def _log_of_split(e: Real, m: Real, f: Real) -> Real:
    """e log 2 + log(1 + f) for 1 + f = m (more exactly than m says it) in [sqrt(1/2), sqrt(2)]."""
    w = width(f)
    # log(1 + f) = f - f**2 / 2 + s (f**2 / 2 + z P(z)) with s = f / (2 + f), z = s**2, P from the series of atanh.
    s = f / (m + 1.0)
    half_square = f * f * 0.5
    bend = (s * s).polynomial([half_square, *w.log])
    # The head, e log 2 + f, and what its rounding lost: all but the last two sums are done before the quotient is.
    scale = e.exact_times(w.ln2_high)
    head = scale.exact_add(f)
    lost = f.exact_sub(head.exact_sub(scale))
    return head + s.times_plus(bend, e.times_plus(w.ln2_low, lost) - half_square)


def log(x: Real) -> Real:
    """The natural logarithm, below 1 ulp, also of subnormal numbers; -inf at 0, NaN below."""
    w, bias = width(x), _bias_of(x)
    small, scaled = x.below(w.tiny), x * 2.0**w.lift
    # One after the other: scalar code then jumps once for both.
    normal, bias_here = x.rarely(small, scaled, x), x.rarely(small, bias + w.lift, bias)
    e, _, m = _split(normal, bias_here)
    value = _log_of_split(e, m, m.exact_sub(1.0))
    return _edges(value, x, zero=-INFINITY)


def log_of_normal(x: Real) -> Real:
    """log without the edges: for positive, finite, normal x."""
    e, _, m = _split(x)
    return _log_of_split(e, m, m.exact_sub(1.0))


def _edges(value: Real, x: Real, zero: float) -> Real:
    """The value for positive finite x, and what a logarithm is elsewhere."""
    edge = x.where(x.equals(0.0), zero, x.where(x.above(0.0), INFINITY, NAN))
    inside = x.builder.and_(x.above(0.0), x.below(INFINITY))
    return value.rarely(x.builder.not_(inside), edge, value)


def log1p(x: Real) -> Real:
    """log(1 + x), below 1 ulp; -inf at -1, NaN below."""
    u = x.exact_add(1.0)
    large = x.above(1.0)
    lost = x.where(large, 1.0, x).exact_sub(u.exact_sub(x.where(large, x, 1.0)))
    e, exponent, m = _split(u)
    # What 1 + x rounded away, brought to the scale of f. (Twice 2**-e: the largest e has no normal number 2**-e.)
    twice_scale = (x.of(2.0).bits() - exponent).as_real()
    value = _log_of_split(e, m, (lost * 0.5).times_plus(twice_scale, m.exact_sub(1.0)))
    return _edges(value, u, zero=-INFINITY)


def sigmoid(x: Real) -> Real:
    """1 / (1 + exp(-x)), below 3 ulp on both sides."""
    small = call("exp", exp, x.of(0.0) - x.absolute())
    return x.where(x.below(0.0), small, 1.0) / (small + 1.0)


def softplus(x: Real) -> Real:
    """log(1 + exp(x)), below 3 ulp."""
    small = call("exp", exp, x.of(0.0) - x.absolute())
    return log1p_of_part(small) + x.where(x.above(0.0), x, 0.0)


def log1p_of_part(f: Real) -> Real:
    """log(1 + f) for f in [0, 1], below 1.5 ulp."""
    return (f * f).times_plus((f - 0.5).polynomial(width(f).log1p), f)


def tanh(x: Real) -> Real:
    """The hyperbolic tangent, below 3 ulp; below 4 in float32."""
    grown = call("expm1", expm1, (x.absolute() * 2.0).at_most(50.0))
    return (grown / (grown + 2.0)).with_sign_of(x)


def log_sigmoid(x: Real) -> Real:
    """log(sigmoid(x)), below 3 ulp."""
    return x.of(0.0) - call("softplus", softplus, x.of(0.0) - x)


def sqrt(x: Real) -> Real:
    """The correctly rounded square root; NaN below 0."""
    return x.square_root()
