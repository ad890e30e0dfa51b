"""Native helper: the reverse rule of the Cholesky factorisation.

Murray (2016), "Differentiation of the Cholesky decomposition", sections 4.2 and 4.3: block columns from the last to the
first by matrix products, and within a diagonal block column by column.
"""

from __future__ import annotations

from math import nan
from typing import Any

from vicompile.jit.mathlib import advance, blas, packed, unpacked

# Columns in a block.
WIDTH = 32


def cholesky_adjoint(
    out: Any, a: Any, b: Any, scratch: Any, table: Any,
    out_stride: int, a_stride: int, b_stride: int, out_step: int, a_step: int, b_step: int,
    lanes: int, n: int, m: int, k: int, variant: int,
) -> int:  # fmt: skip
    """out = the adjoint of A in its lower triangle, from L (`a`) and the adjoint of L (`b`, its lower triangle)."""
    for lane in range(lanes):
        result, given = advance(out, lane * out_step), advance(b, lane * b_step)
        factor = packed(advance(a, lane * a_step), a_stride, n * n, scratch)
        bar = packed(result, out_stride, 0, advance(scratch, n * n))
        regular = True
        for j in range(n):
            regular = regular and abs(factor[j + n * j]) > 0.0
            for i in range(j):
                bar[i + n * j] = 0.0
            for i in range(j, n):
                bar[i + n * j] = given[b_stride * (i + n * j)]
        width = WIDTH if table[1] != 0 else n
        last = n
        while last > 0:
            first = max(0, last - width)
            count, below = last - first, n - last
            # In Murray's names: R = L[first:last, :first], D the diagonal block, B and C what is below them.
            diagonal = advance(factor, first + n * first)
            diagonal_bar = advance(bar, first + n * first)
            if below > 0:
                c_bar = advance(bar, last + n * first)
                blas(table[1], "RLNN", (below, count, 1.0, diagonal, n, c_bar, n))
                if first > 0:
                    blas(table[2], "NN", (below, first, count, -1.0, c_bar, n, advance(factor, first), n, 1.0,
                                          advance(bar, last), n))  # fmt: skip
                # The product's upper triangle is left in that of the diagonal block, and cleared at the end.
                blas(table[2], "TN", (count, count, below, -1.0, c_bar, n, advance(factor, last + n * first), n, 1.0,
                                      diagonal_bar, n))  # fmt: skip
            for j in range(count - 1, -1, -1):
                pivot = diagonal[j + n * j]
                total = 0.0
                for i in range(j + 1, count):
                    total += diagonal_bar[i + n * j] * diagonal[i + n * j]
                    diagonal_bar[i + n * j] /= pivot
                own = (diagonal_bar[j + n * j] - total / pivot) / pivot
                for c in range(j):
                    weight = diagonal[j + n * c]
                    total = own * weight
                    for i in range(j + 1, count):
                        total += diagonal_bar[i + n * j] * diagonal[i + n * c]
                        diagonal_bar[i + n * c] -= diagonal_bar[i + n * j] * weight
                    diagonal_bar[j + n * c] -= total
                diagonal_bar[j + n * j] = 0.5 * own
            if first > 0:
                r_bar = advance(bar, first)
                if below > 0:
                    blas(table[2], "TN", (count, first, below, -1.0, advance(bar, last + n * first), n,
                                          advance(factor, last), n, 1.0, r_bar, n))  # fmt: skip
                # D_bar + D_bar' is put together in the block; its upper triangle is cleared after.
                for j in range(count):
                    diagonal_bar[j + n * j] *= 2.0
                    for i in range(j):
                        diagonal_bar[i + n * j] = diagonal_bar[j + n * i]
                blas(table[2], "NN", (count, first, count, -1.0, diagonal_bar, n, advance(factor, first), n, 1.0,
                                      r_bar, n))  # fmt: skip
                for j in range(count):
                    diagonal_bar[j + n * j] *= 0.5
            for j in range(count):
                for i in range(j):
                    diagonal_bar[i + n * j] = 0.0
            last = first
        if not regular:
            for j in range(n):
                for i in range(j, n):
                    bar[i + n * j] = nan
        unpacked(bar, n * n, result, out_stride)
    return 0
