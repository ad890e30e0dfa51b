"""Philox4x32-10 as a formula, and uniforms and normals made of its words.

Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011). Counters and keys are
integers of which the low 32 bits count. One counter gives four 32-bit words, that is two 64-bit ones: two uniforms, or
two normals.
"""

from __future__ import annotations

from vicompile.jit.mathlib import coefficients as table
from vicompile.jit.mathlib.elementary import log_of_normal
from vicompile.jit.mathlib.lanes import Bits, Real, bits_of
from vicompile.jit.mathlib.widths import ROUNDER

ROUNDS = 10
MULTIPLIER_0, MULTIPLIER_1 = 0xD2511F53, 0xCD9E8D57
KEY_STEP_0, KEY_STEP_1 = 0x9E3779B9, 0xBB67AE85
LOW = 0xFFFFFFFF
# (k + 1/2) / 2**52 for k in [0, 2**52): symmetric, and never 0 or 1.
BELOW_ONE = 1.0 - 2.0**-53

Words = tuple[Bits, Bits, Bits, Bits]


def rounds(c: Words, k0: Bits, k1: Bits) -> Words:
    """The four output words; only their low 32 bits mean something."""
    c0, c1, c2, c3 = c
    for _ in range(ROUNDS):
        # Masked just before the product: LLVM sees a 32 x 32 -> 64 bit multiplication and drops the mask.
        product0 = (c0 & LOW) * MULTIPLIER_0
        product1 = (c2 & LOW) * MULTIPLIER_1
        c0, c1, c2, c3 = (product1 >> 32) ^ c1 ^ k0, product1, (product0 >> 32) ^ c3 ^ k1, product0
        k0, k1 = k0 + KEY_STEP_0, k1 + KEY_STEP_1
    return c0, c1, c2, c3


def uniforms(c: Words, seed: Bits) -> tuple[Real, Real]:
    """Two uniforms strictly inside (0, 1), with 52 bits each."""
    w0, w1, w2, w3 = rounds(c, seed, seed >> 32)
    return _unit((w0 << 32) | (w1 & LOW)), _unit((w2 << 32) | (w3 & LOW))


def _unit(word: Bits) -> Real:
    return ((word >> 12) | bits_of(1.0)).as_real().exact_sub(BELOW_ONE)


def normals(c: Words, seed: Bits) -> tuple[Real, Real]:
    """Two independent standard normals."""
    return box_muller(*uniforms(c, seed))


def box_muller(first: Real, second: Real) -> tuple[Real, Real]:
    """Two independent standard normals from two uniforms (Box and Muller 1958)."""
    radius = (log_of_normal(first) * -2.0).square_root()
    sine, cosine = turn(second)
    return radius * cosine, radius * sine


def turn(part: Real) -> tuple[Real, Real]:
    """sin and cos of 2 pi * part, for part in [0, 1]."""
    quarters = part * 4.0
    shifted = quarters.exact_add(ROUNDER)
    rest = quarters - shifted.exact_sub(ROUNDER)
    z = rest * rest
    sine = rest * z.polynomial(table.SIN)
    cosine = z.times_plus(z.polynomial(table.COS), 1.0)
    n = shifted.bits()
    odd = (n & 1).is_nonzero()
    sign_of_sine = (n & 2) << 62
    sign_of_cosine = ((n + 1) & 2) << 62
    return (
        (rest.where(odd, cosine, sine).bits() ^ sign_of_sine).as_real(),
        (rest.where(odd, sine, cosine).bits() ^ sign_of_cosine).as_real(),
    )
