"""Native helper: `triangular` for small matrices in many lanes, with the loop over the lanes innermost."""

from __future__ import annotations

from math import nan
from typing import Any

from vicompile.jit.mathlib import advance


def triangular_lanes(
    out: Any, a: Any, b: Any, scratch: Any, table: Any,
    out_stride: int, a_stride: int, b_stride: int, out_step: int, a_step: int, b_step: int,
    lanes: int, n: int, m: int, k: int, variant: int,
) -> int:  # fmt: skip
    """As `triangular`. All lanes may share one matrix L, a step of 0, whose elements are then read once."""
    poison = scratch
    for lane in range(lanes):
        poison[lane] = 0.0
    for j in range(n):
        pivot = advance(a, a_stride * (j + n * j))
        for lane in range(lanes):
            poison[lane] = poison[lane] if abs(pivot[a_step * lane]) > 0.0 else nan
    for i in range(n * m):
        target, source = advance(out, out_stride * i), advance(b, b_stride * i)
        for lane in range(lanes):
            target[out_step * lane] = source[b_step * lane] + poison[lane]
    for c in range(m):
        for turn in range(n):
            j, first, last = turn, turn + 1, n
            if variant == 1:
                j, first, last = n - 1 - turn, 0, n - 1 - turn
            own, pivot = advance(out, out_stride * (j + n * c)), advance(a, a_stride * (j + n * j))
            if a_step != 0:
                for lane in range(lanes):
                    own[out_step * lane] /= pivot[a_step * lane]
            else:
                shared = pivot[0]
                for lane in range(lanes):
                    own[out_step * lane] /= shared
            for i in range(first, last):
                target = advance(out, out_stride * (i + n * c))
                weight = advance(a, a_stride * (i + n * j if variant == 0 else j + n * i))
                if a_step != 0:
                    for lane in range(lanes):
                        target[out_step * lane] -= weight[a_step * lane] * own[out_step * lane]
                else:
                    shared = weight[0]
                    for lane in range(lanes):
                        target[out_step * lane] -= shared * own[out_step * lane]
    return 0
