"""Base noise of many steps at once: the text that is compiled once and cached like a kernel.

Nothing here is imported at run time; `vicompile.jit.random.fill_source()` hands this file's text to the compiler.
"""

from __future__ import annotations

from typing import Any

from vicompile.jit.random.tiles import fill_tiles


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
    fill_tiles(noise, plan, first_step, steps, particles, row, normal_pairs, uniform_pairs, seed)
    return 0
