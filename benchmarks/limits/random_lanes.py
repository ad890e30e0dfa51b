"""xoshiro256+ in 64 independent lanes, and normals by Box-Muller: about a nanosecond a draw.

The generator is that of Blackman and Vigna (2018), "Scrambled linear pseudorandom number generators"; the lanes start
from splitmix64 states, so that two lanes overlap with negligible probability.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.limits.options import inline_helper, inline_loop
from benchmarks.limits.vector_math import double_of, log, sine_cosine_of_turn

LANES = 64
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX_ONE = np.uint64(0xBF58476D1CE4E5B9)
MIX_TWO = np.uint64(0x94D049BB133111EB)
ONE_BITS = np.uint64(0x3FF0000000000000)
HALF_ULP = 2.0**-53


@inline_loop
def seeded_lanes(seed: int) -> Any:
    """State of all lanes, uint64 of shape (4, LANES)."""
    state = np.empty((4, LANES), dtype=np.uint64)
    counter = np.uint64(seed)
    for lane in range(LANES):
        for word in range(4):
            counter += GOLDEN
            z = counter
            z = (z ^ (z >> np.uint64(30))) * MIX_ONE
            z = (z ^ (z >> np.uint64(27))) * MIX_TWO
            state[word, lane] = z ^ (z >> np.uint64(31))
    return state


@inline_helper
def fill_uniforms(state: Any, out: Any) -> None:
    """Fill `out` (float64, length a multiple of LANES) with uniforms strictly inside (0, 1)."""
    s0, s1, s2, s3 = state[0], state[1], state[2], state[3]
    for block in range(out.size // LANES):
        here = out[block * LANES : (block + 1) * LANES]
        for lane in range(LANES):
            result = s0[lane] + s3[lane]
            shifted = s1[lane] << np.uint64(17)
            s2[lane] ^= s0[lane]
            s3[lane] ^= s1[lane]
            s1[lane] ^= s2[lane]
            s0[lane] ^= s3[lane]
            s2[lane] ^= shifted
            s3[lane] = (s3[lane] << np.uint64(45)) | (s3[lane] >> np.uint64(19))
            # 52 random bits under the exponent of one, then half a step up: never 0 and never 1.
            here[lane] = double_of(np.int64((result >> np.uint64(12)) | ONE_BITS)) - 1.0 + HALF_ULP


@inline_helper
def fill_normals(state: Any, out: Any) -> None:
    """Fill `out` (float64, length a multiple of 2*LANES) with standard normals."""
    fill_uniforms(state, out)
    half = out.size // 2
    first, second = out[:half], out[half:]
    for i in range(half):
        radius = np.sqrt(-2.0 * log(first[i]))
        sine, cosine = sine_cosine_of_turn(second[i])
        first[i] = radius * cosine
        second[i] = radius * sine
