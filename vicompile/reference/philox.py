"""Philox4x32-10 and its uniforms and normals in NumPy: the same stream as the native one, with no compiler."""

from __future__ import annotations

from typing import Any

import numpy as np

ROUNDS = 10
MULTIPLIER_0, MULTIPLIER_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
KEY_STEP_0, KEY_STEP_1 = 0x9E3779B9, 0xBB67AE85
LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)

Words = tuple[Any, Any, Any, Any]


def words(integers: Any) -> Any:
    """Integers (also negative ones) as uint64 arrays of the same bits."""
    array = np.asarray(integers)
    return array if array.dtype == np.uint64 else array.astype(np.int64).view(np.uint64)


def philox4x32(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Words:
    """The four 32-bit words, as uint64 arrays, for counters and keys of which the low 32 bits count (broadcast)."""
    c0, c1, c2, c3, k0, k1 = (words(x) & LOW for x in np.broadcast_arrays(c0, c1, c2, c3, k0, k1))
    for turn in range(ROUNDS):
        product0, product1 = c0 * MULTIPLIER_0, c2 * MULTIPLIER_1
        key0 = (k0 + np.uint64(turn * KEY_STEP_0)) & LOW
        key1 = (k1 + np.uint64(turn * KEY_STEP_1)) & LOW
        c0, c1, c2, c3 = (product1 >> HALF) ^ c1 ^ key0, product1 & LOW, (product0 >> HALF) ^ c3 ^ key1, product0 & LOW
    return c0, c1, c2, c3


def uniform_pair(c0: Any, c1: Any, c2: Any, c3: Any, seed: Any) -> tuple[Any, Any]:
    """Two uniforms strictly inside (0, 1), with 52 bits each."""
    key = words(seed)
    w0, w1, w2, w3 = philox4x32(c0, c1, c2, c3, key, key >> HALF)
    return _unit((w0 << HALF) | w1), _unit((w2 << HALF) | w3)


def _unit(word: Any) -> Any:
    return ((word >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


def normal_pair(c0: Any, c1: Any, c2: Any, c3: Any, seed: Any) -> tuple[Any, Any]:
    """Two independent standard normals (Box-Muller)."""
    first, second = uniform_pair(c0, c1, c2, c3, seed)
    radius = np.sqrt(-2.0 * np.log(first))
    # Quarter turns are taken off exactly, so that both ways of computing agree near the zeros of sin and cos.
    quarters = np.rint(second * 4.0)
    rest = (second * 4.0 - quarters) * (np.pi / 2)
    sine, cosine = np.sin(rest), np.cos(rest)
    n = quarters.astype(np.int64) % 4
    return (
        radius * np.choose(n, [cosine, -sine, -cosine, sine]),
        radius * np.choose(n, [sine, cosine, -sine, -cosine]),
    )
