"""Native helper: what needs the LU factorisation of a square matrix.

Variant 0 solves A X = B, variant 1 A' X = B; variant 2 is log |det A|, variant 3 the sign of the determinant.
"""

from __future__ import annotations

from math import inf, log, nan
from typing import Any

from vicompile.jit.mathlib import advance, lapack, packed, unpacked


def general(
    out: Any, a: Any, b: Any, scratch: Any, table: Any,
    out_stride: int, a_stride: int, b_stride: int, out_step: int, a_step: int, b_step: int,
    lanes: int, n: int, m: int, k: int, variant: int,
) -> int:  # fmt: skip
    """out = X, n x m, or one number. NaN in X, minus infinity or zero where A is singular."""
    lu, pivots = scratch, advance(scratch, n * n)
    by_library = table[1] != 0 and variant < 3
    singular, sign = False, 1.0
    for lane in range(lanes):
        result, matrix, side = advance(out, lane * out_step), advance(a, lane * a_step), advance(b, lane * b_step)
        # One matrix for all lanes is factorised once.
        if lane == 0 or a_step != 0:
            singular, sign = False, 1.0
            for i in range(n * n):
                lu[i] = matrix[a_stride * i]
            if by_library:
                singular = lapack(table[1], "", (n, n, lu, n, pivots)) != 0
            else:
                for j in range(n):
                    best, largest = j, abs(lu[j + n * j])
                    for i in range(j + 1, n):
                        if abs(lu[i + n * j]) > largest:
                            best, largest = i, abs(lu[i + n * j])
                    pivots[j] = best
                    if largest == 0.0:
                        singular = True
                        break
                    if best != j:
                        sign = -sign
                        for c in range(n):
                            kept = lu[j + n * c]
                            lu[j + n * c] = lu[best + n * c]
                            lu[best + n * c] = kept
                    pivot = lu[j + n * j]
                    for i in range(j + 1, n):
                        lu[i + n * j] /= pivot
                    for c in range(j + 1, n):
                        weight = lu[j + n * c]
                        for i in range(j + 1, n):
                            lu[i + n * c] -= weight * lu[i + n * j]
        if variant == 2:
            total = 0.0
            for j in range(n):
                total += log(abs(lu[j + n * j]))
            result[0] = -inf if singular else total
        elif variant == 3:
            total = sign
            for j in range(n):
                value = lu[j + n * j]
                total = total if value > 0.0 else -total if value < 0.0 else value
            result[0] = 0.0 if singular else total
        else:
            room = advance(pivots, n)
            x = packed(result, out_stride, 0, room)
            for i in range(n * m):
                x[i] = nan if singular else side[b_stride * i]
            if by_library:
                if not singular and m > 0:
                    if variant == 0:
                        lapack(table[2], "N", (n, m, lu, n, pivots, x, n))
                    else:
                        lapack(table[2], "T", (n, m, lu, n, pivots, x, n))
            elif not singular:
                for c in range(m):
                    column = advance(x, n * c)
                    if variant == 0:
                        for j in range(n):
                            best = int(pivots[j])
                            kept = column[j]
                            column[j] = column[best]
                            column[best] = kept
                        for j in range(n):
                            value = column[j]
                            for i in range(j + 1, n):
                                column[i] -= value * lu[i + n * j]
                        for j in range(n - 1, -1, -1):
                            value = column[j] / lu[j + n * j]
                            column[j] = value
                            for i in range(j):
                                column[i] -= value * lu[i + n * j]
                    else:
                        for j in range(n):
                            value = 0.0
                            for i in range(j):
                                value += column[i] * lu[i + n * j]
                            column[j] = (column[j] - value) / lu[j + n * j]
                        for j in range(n - 1, -1, -1):
                            value = 0.0
                            for i in range(j + 1, n):
                                value += column[i] * lu[i + n * j]
                            column[j] -= value
                        for j in range(n - 1, -1, -1):
                            best = int(pivots[j])
                            kept = column[j]
                            column[j] = column[best]
                            column[best] = kept
            unpacked(x, n * m, result, out_stride)
    return 0
