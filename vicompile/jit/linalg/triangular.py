"""Native helper: solving with a lower triangular matrix (variant 0) or its transpose (variant 1)."""

from __future__ import annotations

from math import nan
from typing import Any

from vicompile.jit.mathlib import advance, blas, packed, unpacked


def triangular(
    out: Any, a: Any, b: Any, scratch: Any, table: Any,
    out_stride: int, a_stride: int, b_stride: int, out_step: int, a_step: int, b_step: int,
    lanes: int, n: int, m: int, k: int, variant: int,
) -> int:  # fmt: skip
    """out = X with L X = B or L' X = B, B of m columns; NaN where L has a zero or NaN on its diagonal."""
    for lane in range(lanes):
        result, side = advance(out, lane * out_step), advance(b, lane * b_step)
        factor = packed(advance(a, lane * a_step), a_stride, n * n, scratch)
        x = packed(result, out_stride, 0, advance(scratch, n * n))
        for i in range(n * m):
            x[i] = side[b_stride * i]
        regular = True
        for j in range(n):
            regular = regular and abs(factor[j + n * j]) > 0.0
        if not regular:
            for i in range(n * m):
                x[i] = nan
        elif table[1] != 0 and m > 1:
            if variant == 0:
                blas(table[1], "LLNN", (n, m, 1.0, factor, n, x, n))
            else:
                blas(table[1], "LLTN", (n, m, 1.0, factor, n, x, n))
        elif variant == 0:
            for c in range(m):
                for j in range(n):
                    value = x[j + n * c] / factor[j + n * j]
                    x[j + n * c] = value
                    for i in range(j + 1, n):
                        x[i + n * c] -= value * factor[i + n * j]
        else:
            for c in range(m):
                for j in range(n - 1, -1, -1):
                    value = 0.0
                    for i in range(j + 1, n):
                        value += factor[i + n * j] * x[i + n * c]
                    x[j + n * c] = (x[j + n * c] - value) / factor[j + n * j]
        unpacked(x, n * m, result, out_stride)
    return 0
