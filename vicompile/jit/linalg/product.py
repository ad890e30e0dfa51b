"""Native helper: matrix products A B (variant 0), A B' (variant 1) and A' B (variant 2); the result is n x m."""

from __future__ import annotations

from typing import Any

from vicompile.jit.mathlib import advance, blas, packed, unpacked


def product(
    out: Any, a: Any, b: Any, scratch: Any, table: Any,
    out_stride: int, a_stride: int, b_stride: int, out_step: int, a_step: int, b_step: int,
    lanes: int, n: int, m: int, k: int, variant: int,
) -> int:  # fmt: skip
    """out = the product, a sum over k."""
    for lane in range(lanes):
        result = advance(out, lane * out_step)
        left = packed(advance(a, lane * a_step), a_stride, n * k, scratch)
        right = packed(advance(b, lane * b_step), b_stride, k * m, advance(scratch, n * k))
        target = packed(result, out_stride, 0, advance(scratch, n * k + k * m))
        if table[1] != 0 and m > 0 and k > 0:
            if variant == 0:
                blas(table[1], "NN", (n, m, k, 1.0, left, n, right, k, 0.0, target, n))
            elif variant == 1:
                blas(table[1], "NT", (n, m, k, 1.0, left, n, right, m, 0.0, target, n))
            else:
                blas(table[1], "TN", (n, m, k, 1.0, left, k, right, k, 0.0, target, n))
        elif variant == 2:
            for j in range(m):
                for i in range(n):
                    total = 0.0
                    for p in range(k):
                        total += left[p + k * i] * right[p + k * j]
                    target[i + n * j] = total
        else:
            row, column = (1, k) if variant == 0 else (m, 1)
            for j in range(m):
                for i in range(n):
                    target[i + n * j] = 0.0
                for p in range(k):
                    weight = right[row * p + column * j]
                    for i in range(n):
                        target[i + n * j] += weight * left[i + n * p]
        unpacked(target, n * m, result, out_stride)
    return 0
