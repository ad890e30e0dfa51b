"""Branch-free exp, log, log1p and sine/cosine of a turn, which LLVM turns into vector code.

pip's llvmlite has no vector mathematics library, so a loop that calls libm stays scalar. The polynomials are minimax
fits (Chebyshev nodes, 40 digits); the error of each is below 2 ulp on the range that its docstring names.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

from benchmarks.limits.options import inline_helper

ROUND_MAGIC = 6755399441055744.0  # 1.5 * 2**52: adding it leaves the nearest integer in the low bits
LOG2_E = 1.4426950408889634
LN2_HIGH = 0.693147180369123816490
LN2_LOW = 1.90821492927058770002e-10
HALF_ROOT_BITS = np.int64(0x3FE6A09E667F3BCD)  # bits of sqrt(1/2)


@intrinsic
def bits_of(typing_context: Any, x: Any) -> Any:
    """The 64 bits of a double as an int64."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], context.get_value_type(types.int64))

    return types.int64(types.float64), generate


@intrinsic
def double_of(typing_context: Any, bits: Any) -> Any:
    """The double with the given 64 bits."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], context.get_value_type(types.float64))

    return types.float64(types.int64), generate


@inline_helper
def exp(x: float) -> float:
    """e**x for -708 <= x <= 709; arguments beyond are clamped to that range."""
    x = min(max(x, -708.0), 709.0)
    shifted = x * LOG2_E + ROUND_MAGIC
    n = shifted - ROUND_MAGIC
    r = (x - n * LN2_HIGH) - n * LN2_LOW
    q = 2.09147553258932e-09
    q = q * r + 2.5105312729622103e-08
    q = q * r + 2.755727347871858e-07
    q = q * r + 2.755725517000089e-06
    q = q * r + 2.480158732567746e-05
    q = q * r + 0.0001984126987500228
    q = q * r + 0.0013888888888883711
    q = q * r + 0.008333333333326084
    q = q * r + 0.04166666666666667
    q = q * r + 0.1666666666666667
    q = q * r + 0.5
    significand = 1.0 + (r + r * r * q)
    return double_of(bits_of(significand) + (bits_of(shifted) << np.int64(52)))


@inline_helper
def log(x: float) -> float:
    """Natural logarithm of a positive normal number."""
    offset = bits_of(x) - HALF_ROOT_BITS
    exponent_bits = offset & np.int64(-0x10000000000000)
    # The exponent becomes a double through the magic number: AVX2 has no int64 conversion.
    exponent = double_of((offset >> np.int64(52)) + bits_of(ROUND_MAGIC)) - ROUND_MAGIC
    f = double_of(bits_of(x) - exponent_bits) - 1.0
    s = f / (2.0 + f)
    z = s * s
    q = 0.1310072138350349
    q = q * z + 0.13267418596474884
    q = q * z + 0.15386290534658992
    q = q * z + 0.181817947008978
    q = q * z + 0.2222222240054776
    q = q * z + 0.2857142857076445
    q = q * z + 0.4000000000000094
    q = q * z + 0.6666666666666666
    # log(1 + f) = f - s*(f - z*q): the large part, f, is exact.
    return exponent * LN2_HIGH + (f - s * (f - z * q) + exponent * LN2_LOW)


@inline_helper
def log1p_of_fraction(x: float) -> float:
    """log(1 + x) for 0 <= x <= 1."""
    s = x / (2.0 + x)
    z = s * s
    q = 0.1616404561194353
    q = q * z + 0.08800738486144674
    q = q * z + 0.12001072809590713
    q = q * z + 0.13314144209654935
    q = q * z + 0.15385570064958623
    q = q * z + 0.18181789436132859
    q = q * z + 0.22222222717427864
    q = q * z + 0.2857142856710876
    q = q * z + 0.40000000000014585
    q = q * z + 0.6666666666666666
    return 2.0 * s + s * z * q


@inline_helper
def sine_cosine_of_turn(turn: float) -> tuple[float, float]:
    """(sin, cos) of 2*pi*turn for |turn| < 2**40."""
    quarters = turn * 4.0
    shifted = quarters + ROUND_MAGIC
    r = quarters - (shifted - ROUND_MAGIC)
    quadrant = bits_of(shifted)
    z = r * r
    s = 5.633933781537854e-08
    s = s * z - 3.59864335298231e-06
    s = s * z + 0.0001604411507421909
    s = s * z - 0.004681754132340976
    s = s * z + 0.07969262624604301
    s = s * z - 0.6459640975062443
    s = s * z + 1.5707963267948966
    s = s * r
    c = -6.321256869628588e-09
    c = c * z + 4.710609726757823e-07
    c = c * z - 2.520203677046026e-05
    c = c * z + 0.0009192602741831558
    c = c * z - 0.02086348076331121
    c = c * z + 0.2536695079010467
    c = c * z - 1.2337005501361697
    c = c * z + 1.0
    odd = (quadrant & np.int64(1)) == np.int64(1)
    sine = c if odd else s
    cosine = s if odd else c
    sine_sign = (quadrant & np.int64(2)) << np.int64(62)
    cosine_sign = ((quadrant + np.int64(1)) & np.int64(2)) << np.int64(62)
    return double_of(bits_of(sine) ^ sine_sign), double_of(bits_of(cosine) ^ cosine_sign)
