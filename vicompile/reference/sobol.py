"""Scrambled Sobol points: points in a cube that are spread more evenly than random ones, and each uniform all the same.

Sobol (1967), with the direction numbers of Joe and Kuo (2008), scrambled by a random linear matrix and a digital shift
(Matousek 1998). Dimensions beyond the table are pseudo-random.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int32]

BITS = 30


def sobol_points(count: int, size: int, rng: np.random.Generator) -> FloatArray:
    """`count` points (size, count) strictly inside (0, 1)^size; for a power of two their balance is perfect."""
    known = min(size, len(_table()))
    directions = _scrambled(_directions(count.bit_length())[:known], rng)
    points = rng.integers(0, 1 << BITS, (known, 1), np.int32)
    # Point number i is the exclusive or of the directions at the bits of i: twice as many with each direction.
    for bit in range((count - 1).bit_length()):
        points = np.concatenate([points, points ^ directions[:, bit, None]], axis=1)
    found: FloatArray = (points[:, :count] + 0.5) / (1 << BITS)
    if size > known:
        found = np.concatenate([found, rng.uniform(2.0**-BITS, 1.0, (size - known, count))])
    return found


def _scrambled(directions: IntArray, rng: np.random.Generator) -> IntArray:
    """Each dimension's directions, as columns of bits from the highest on, times a random lower triangular matrix."""
    weights = np.int32(1) << np.arange(BITS - 1, -1, -1, dtype=np.int32)
    # Row number p of the matrix as a number: random where a bit is higher than bit p, one there, zero below.
    rows = rng.integers(0, 1 << BITS, (len(directions), 1, BITS), np.int32) & -(weights << 1) | weights
    parities = np.bitwise_count(directions[:, :, None] & rows) & 1
    found: IntArray = (parities * weights).sum(axis=2, dtype=np.int32)
    return found


@cache
def _directions(count: int) -> IntArray:
    """The first `count` directions (dimensions, count) of all dimensions of the table, as numbers of BITS bits."""
    found = np.empty((len(_table()), count), np.int32)
    for k, (polynomial, first) in enumerate(_table()):
        degree = len(first)
        numbers = first[:count]
        while len(numbers) < count:
            # m[i] = 2 a[1] m[i-1] ^ 4 a[2] m[i-2] ^ ... ^ 2^s m[i-s] ^ m[i-s], or 1 in the first dimension.
            new = numbers[-degree] if degree else 1
            for j in range(1, degree + 1):
                if polynomial >> (degree - j) & 1:
                    new ^= numbers[-j] << j
            numbers = [*numbers, new]
        found[k] = [number << (BITS - 1 - i) for i, number in enumerate(numbers)]
    return found


@cache
def _table() -> list[tuple[int, list[int]]]:
    from .sobol_table import TABLE

    rows = [[int(number) for number in row.split()] for row in TABLE.split(";")]
    return [(polynomial, first) for polynomial, *first in rows]
