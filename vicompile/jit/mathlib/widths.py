"""What differs between the formulas of `elementary` for float64 and those for float32: bits, bounds and polynomials."""

from __future__ import annotations

import struct
from typing import NamedTuple

from vicompile.jit.mathlib import coefficients as table
from vicompile.jit.mathlib.lanes import Real, bits_of

# Adding this number rounds a double to an integer, which then stands in the low bits.
ROUNDER = 6755399441055744.0
TWO_52 = 4503599627370496.0


class Width(NamedTuple):
    """One format of numbers.

    fraction: the bits behind the point. bias: of the exponent. ln2_high, ln2_low: log 2 in two parts, the first with so
    many trailing zero bits that its product with any exponent is exact without fma. rounder: adding it rounds to an
    integer, which then stands in the low bits. whole: 2**fraction, and its bits. sqrt_half: bits. tiny: the smallest
    normal number. lift: by how many powers of two subnormal numbers are lifted. far: beyond it exp is 0 or infinite.
    vanishing: below its negative expm1 is -1. overflow: above it expm1 is infinite. exp, log, log1p: polynomials.
    """

    fraction: int
    bias: int
    ln2_high: float
    ln2_low: float
    rounder: float
    whole: float
    whole_bits: int
    sqrt_half: int
    tiny: float
    lift: int
    far: float
    vanishing: float
    overflow: float
    exp: tuple[float, ...]
    log: tuple[float, ...]
    log1p: tuple[float, ...]


def _single_bits(number: float) -> int:
    return int(struct.unpack("<I", struct.pack("<f", number))[0])


DOUBLE_WIDTH = Width(
    52, 1023, 0.6931471803691238, 1.9082149292705877e-10, ROUNDER, TWO_52, bits_of(TWO_52),
    bits_of(0.7071067811865476), 2.2250738585072014e-308, 54, 800.0, 60.0,
    709.782712893384, table.EXP, table.LOG, table.LOG1P,
)  # fmt: skip
SINGLE_WIDTH = Width(
    23, 127, 0.693359375, -2.1219444005469057e-04, 12582912.0, 8388608.0,
    _single_bits(8388608.0), _single_bits(0.7071067811865476), 1.1754943508222875e-38, 25, 150.0,
    30.0, 88.72283935546875, table.EXP_SINGLE, table.LOG_SINGLE, table.LOG1P_SINGLE,
)  # fmt: skip


def width(x: Real) -> Width:
    """The format of a number."""
    return SINGLE_WIDTH if x.is_single else DOUBLE_WIDTH
