"""Native helper: the Cholesky factorisation."""

from __future__ import annotations

from math import nan, sqrt
from typing import Any

from vicompile.jit.mathlib import advance, lapack, packed, unpacked


def cholesky(
    out: Any, a: Any, b: Any, scratch: Any, table: Any,
    out_stride: int, a_stride: int, b_stride: int, out_step: int, a_step: int, b_step: int,
    lanes: int, n: int, m: int, k: int, variant: int,
) -> int:  # fmt: skip
    """out = L with L L' = A, from A's lower triangle; NaN in L's triangle where A is not positive definite."""
    for lane in range(lanes):
        result, source = advance(out, lane * out_step), advance(a, lane * a_step)
        factor = packed(result, out_stride, 0, scratch)
        for j in range(n):
            for i in range(j):
                factor[i + n * j] = 0.0
            for i in range(j, n):
                factor[i + n * j] = source[a_stride * (i + n * j)]
        failed = False
        if table[1] != 0:
            failed = lapack(table[1], "L", (n, factor, n)) != 0
            # LAPACK lets NaN in A through, as NaN on the diagonal.
            for j in range(n):
                failed = failed or not factor[j + n * j] > 0.0
        else:
            for j in range(n):
                for p in range(j):
                    weight = factor[j + n * p]
                    for i in range(j, n):
                        factor[i + n * j] -= weight * factor[i + n * p]
                own = factor[j + n * j]
                if not own > 0.0:
                    failed = True
                    break
                own = sqrt(own)
                factor[j + n * j] = own
                for i in range(j + 1, n):
                    factor[i + n * j] /= own
        if failed:
            for j in range(n):
                for i in range(j, n):
                    factor[i + n * j] = nan
        unpacked(factor, n * n, result, out_stride)
    return 0
