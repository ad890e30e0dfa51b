"""A random permutation of 0, 1, ..., size - 1, one element at a time: the meaning of the native function of this name.

A Feistel network over the fewest bits that hold every position, at least LEAST_BITS of them (Luby and Rackoff 1988);
a result that is no position is sent through again until it is one (cycle walking; Black and Rogaway 2002). The rounds
mix with multiplications and shifts of 64-bit words, keyed by the bits of two numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

LEAST_BITS = 10
STEP = 0x9E3779B97F4A7C15
# The first bits of pi.
KEYS = (
    0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0,
    0x082EFA98EC4E6C89, 0x452821E638D01377, 0xBE5466CF34E90C6C,
)  # fmt: skip
FIRST, SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def random_position(position: Any, size: Any, first: Any, second: Any) -> Any:
    """Where the permutation of 0, ..., size - 1 that two numbers in (0, 1) choose sends `position`; elementwise.

    int64; arguments broadcast; 0 <= position < size <= 2**53. Different positions go to different places.
    """
    position, size, first, second = np.broadcast_arrays(
        np.asarray(position, np.int64), np.asarray(size, np.int64), np.asarray(first, float), np.asarray(second, float)
    )
    shape = position.shape
    n = np.ascontiguousarray(size).ravel().astype(np.uint64)
    keys = tuple(np.ascontiguousarray(u).ravel().view(np.uint64) for u in (first, second))
    bits = np.array([max(LEAST_BITS, int(k - np.uint64(1)).bit_length()) for k in n], np.uint64)
    value = np.ascontiguousarray(position).ravel().astype(np.uint64)
    left = np.arange(len(value))
    while len(left):
        value[left] = _once(value[left], bits[left], keys[0][left], keys[1][left])
        left = left[value[left] >= n[left]]
    return value.astype(np.int64).reshape(shape)[()]


def _once(value: Any, bits: Any, first: Any, second: Any) -> Any:
    """One pass through the network: a permutation of all numbers of so many bits."""
    one, word = np.uint64(1), np.uint64(64)
    low_bits = bits >> one
    high_bits = bits - low_bits
    with np.errstate(over="ignore"):
        for turn, constant in enumerate(KEYS):
            # The lower part is mixed into the upper one, then the two change places.
            low = value & ((one << low_bits) - one)
            high = value >> low_bits
            key = (first if turn % 2 == 0 else second) ^ np.uint64(constant)
            mixed = low * np.uint64(STEP) + key
            mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(FIRST)
            mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(SECOND)
            mixed = mixed ^ (mixed >> np.uint64(31))
            value = (low << high_bits) | (high ^ (mixed >> (word - high_bits)))
            low_bits, high_bits = high_bits, low_bits
    return value
