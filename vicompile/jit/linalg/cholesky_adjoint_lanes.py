"""Native helper: `cholesky_adjoint` for small matrices in many lanes, with the loop over the lanes innermost.

Murray (2016), "Differentiation of the Cholesky decomposition", section 4.2.
"""

from __future__ import annotations

from math import nan
from typing import Any

from vicompile.jit.mathlib import advance


def cholesky_adjoint_lanes(
    out: Any, a: Any, b: Any, scratch: Any, table: Any,
    out_stride: int, a_stride: int, b_stride: int, out_step: int, a_step: int, b_step: int,
    lanes: int, n: int, m: int, k: int, variant: int,
) -> int:  # fmt: skip
    """As `cholesky_adjoint`."""
    poison = scratch
    for lane in range(lanes):
        poison[lane] = 0.0
    for j in range(n):
        pivot = advance(a, a_stride * (j + n * j))
        for lane in range(lanes):
            poison[lane] = poison[lane] if abs(pivot[a_step * lane]) > 0.0 else nan
    for j in range(n):
        for i in range(n):
            target, source = advance(out, out_stride * (i + n * j)), advance(b, b_stride * (i + n * j))
            for lane in range(lanes):
                target[out_step * lane] = source[b_step * lane] + poison[lane] if i >= j else 0.0
    for j in range(n - 1, -1, -1):
        pivot, own = advance(a, a_stride * (j + n * j)), advance(out, out_stride * (j + n * j))
        for i in range(j + 1, n):
            c, c_bar = advance(a, a_stride * (i + n * j)), advance(out, out_stride * (i + n * j))
            for lane in range(lanes):
                value = c_bar[out_step * lane] / pivot[a_step * lane]
                c_bar[out_step * lane] = value
                own[out_step * lane] -= value * c[a_step * lane]
        for lane in range(lanes):
            own[out_step * lane] /= pivot[a_step * lane]
        for p in range(j):
            r, r_bar = advance(a, a_stride * (j + n * p)), advance(out, out_stride * (j + n * p))
            for lane in range(lanes):
                r_bar[out_step * lane] -= own[out_step * lane] * r[a_step * lane]
            for i in range(j + 1, n):
                below, below_bar = advance(a, a_stride * (i + n * p)), advance(out, out_stride * (i + n * p))
                c_bar = advance(out, out_stride * (i + n * j))
                for lane in range(lanes):
                    r_bar[out_step * lane] -= c_bar[out_step * lane] * below[a_step * lane]
                    below_bar[out_step * lane] -= c_bar[out_step * lane] * r[a_step * lane]
        for lane in range(lanes):
            own[out_step * lane] *= 0.5
    return 0
