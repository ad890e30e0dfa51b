"""Base noise of many steps at once: the text that is compiled once and cached like a kernel.

Nothing here is imported at run time; `vicompile.jit.random.fill_source()` hands this file's text to the compiler.
"""

from __future__ import annotations

from typing import Any

from vicompile.jit.mathlib import advance, local_buffer, local_int64_buffer
from vicompile.jit.random.philox import floor_ratio, normal_pair, uniform_pair, whole


def fill_noise(
    noise: Any,
    plan: Any,
    first_step: int,
    steps: int,
    particles: int,
    row: int,
    normal_pairs: int,
    uniform_pairs: int,
    seed: int,
) -> int:
    """Write steps * particles rows of `row` doubles: 2 * normal_pairs normals, then 2 * uniform_pairs uniforms.

    noise: double*, the rows one after the other, particles fastest. plan: int64*, for each pair of a row its block
    index and site number. row is at least 2 * (normal_pairs + uniform_pairs); what lies beyond is left alone.
    particles is at least 1. Returns 0.
    """
    # Rows are short (a handful of pairs), so several of them are drawn as one tile: long loops, whatever the model.
    even = local_buffer(512)
    odd = local_buffer(512)
    row_of = local_buffer(512)
    block_of = local_int64_buffer(512)
    site_of = local_int64_buffer(512)
    rows = steps * particles
    share = 1.0 / particles
    for kind in range(2):
        pairs = normal_pairs if kind == 0 else uniform_pairs
        before = 0 if kind == 0 else normal_pairs
        low = 0
        while low < pairs:
            width = min(pairs - low, 512)
            height = min(512 // width, rows)
            here = advance(plan, 2 * (before + low))
            entry = 0
            for r in range(height):
                for k in range(width):
                    block_of[entry] = here[2 * k]
                    site_of[entry] = here[2 * k + 1]
                    row_of[entry] = r
                    entry += 1
            # Whole vectors only: a scalar remainder of the long loops below would cost as much as the loops.
            for e in range(entry, (entry + 7) & -8):
                block_of[e] = 0
                site_of[e] = 0
                row_of[e] = 0.0
            first = 0
            while first < rows:
                count = min(rows - first, height)
                target = advance(noise, first * row + 2 * (before + low))
                padded = (count * width + 7) & -8
                if kind == 0:
                    for e in range(padded):
                        index = first + row_of[e]
                        step = floor_ratio(index, particles, share)
                        particle = whole(index - step * particles)
                        pair = normal_pair(block_of[e], particle, whole(step) + first_step, site_of[e], seed)
                        even[e] = pair[0]
                        odd[e] = pair[1]
                else:
                    for e in range(padded):
                        index = first + row_of[e]
                        step = floor_ratio(index, particles, share)
                        particle = whole(index - step * particles)
                        pair = uniform_pair(block_of[e], particle, whole(step) + first_step, site_of[e], seed)
                        even[e] = pair[0]
                        odd[e] = pair[1]
                if row == 2 * width:
                    for e in range(count * width):
                        target[2 * e] = even[e]
                        target[2 * e + 1] = odd[e]
                else:
                    entry = 0
                    for _ in range(count):
                        for k in range(width):
                            target[2 * k] = even[entry]
                            target[2 * k + 1] = odd[entry]
                            entry += 1
                        target = advance(target, row)
                first += count
            low += width
    return 0
