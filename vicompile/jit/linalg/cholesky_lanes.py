"""Native helper: `cholesky` for small matrices in many lanes, with the loop over the lanes innermost."""

from __future__ import annotations

from math import nan, sqrt
from typing import Any

from vicompile.jit.mathlib import advance


def cholesky_lanes(
    out: Any, a: Any, b: Any, scratch: Any, table: Any,
    out_stride: int, a_stride: int, b_stride: int, out_step: int, a_step: int, b_step: int,
    lanes: int, n: int, m: int, k: int, variant: int,
) -> int:  # fmt: skip
    """As `cholesky`."""
    poison = scratch
    for lane in range(lanes):
        poison[lane] = 0.0
    for j in range(n):
        for i in range(n):
            target, source = advance(out, out_stride * (i + n * j)), advance(a, a_stride * (i + n * j))
            if i < j:
                for lane in range(lanes):
                    target[out_step * lane] = 0.0
                continue
            for lane in range(lanes):
                target[out_step * lane] = source[a_step * lane]
            for p in range(j):
                left, right = advance(out, out_stride * (i + n * p)), advance(out, out_stride * (j + n * p))
                for lane in range(lanes):
                    target[out_step * lane] -= left[out_step * lane] * right[out_step * lane]
        pivot = advance(out, out_stride * (j + n * j))
        for lane in range(lanes):
            poison[lane] = poison[lane] if pivot[out_step * lane] > 0.0 else nan
            pivot[out_step * lane] = sqrt(pivot[out_step * lane])
        for i in range(j + 1, n):
            target = advance(out, out_stride * (i + n * j))
            for lane in range(lanes):
                target[out_step * lane] /= pivot[out_step * lane]
    for j in range(n):
        for i in range(j, n):
            target = advance(out, out_stride * (i + n * j))
            for lane in range(lanes):
                target[out_step * lane] += poison[lane]
    return 0
