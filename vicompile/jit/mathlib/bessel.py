"""The modified Bessel functions I0 and I1, scaled so that nothing overflows, as vectorisable formulas over float64."""

from __future__ import annotations

import math

from vicompile.jit.mathlib import coefficients as table
from vicompile.jit.mathlib.define import call
from vicompile.jit.mathlib.elementary import INFINITY, log1p, log_of_normal
from vicompile.jit.mathlib.lanes import Real

# Below it the power series in (x / 2)**2, beyond it in 1 / x.
EDGE = 8.0
TAU = 2.0 * math.pi


def _inverse(a: Real, is_far: Real) -> Real:
    """The place 16 / a - 1 in the tables of the far range."""
    return 2.0 * EDGE / a.where(is_far, a, EDGE) - 1.0


def log_bessel_i0e(x: Real) -> Real:
    """log(exp(-|x|) I0(x)), within 1e-15 relative to max(1, |value|), and 4 ulp for |x| up to 1."""
    a = x.absolute()
    is_far = a.above(EDGE)
    z = a.where(is_far, 0.0, a * a * 0.25)
    near = call("log1p", log1p, z * z.polynomial(table.I0_NEAR)) - a
    scaled = _inverse(a, is_far).polynomial(table.I0_FAR)
    # Two logarithms, because 2 pi a may overflow.
    log_a = call("log_of_normal", log_of_normal, a.where(is_far, a, EDGE))
    far = call("log_of_normal", log_of_normal, scaled / math.sqrt(TAU)) - log_a * 0.5
    value = a.where(is_far, far, near)
    return value.rarely(a.equals(INFINITY), -INFINITY, value)


def log_bessel_i0e_slope(x: Real) -> Real:
    """The derivative of log_bessel_i0e: sign(x) (I1(|x|) / I0(x) - 1), within 1e-14 relative."""
    a = x.absolute()
    is_far = a.above(EDGE)
    z = a.where(is_far, 0.0, a * a * 0.25)
    i0 = z * z.polynomial(table.I0_NEAR) + 1.0
    near = (i0 - a * 0.5 * z.polynomial(table.I1_NEAR)) / i0
    far = _inverse(a, is_far).polynomial(table.I_DEFICIT) / a.where(is_far, a, EDGE)
    size = a.where(is_far, far, near)
    return x.where(x.above(0.0), 0.0 - size, x.where(x.below(0.0), size, x))
