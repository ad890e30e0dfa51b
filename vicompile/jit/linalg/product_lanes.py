"""Native helper: `product` for small matrices in many lanes, with the loop over the lanes innermost."""

from __future__ import annotations

from typing import Any

from vicompile.jit.mathlib import advance


def product_lanes(
    out: Any, a: Any, b: Any, scratch: Any, table: Any,
    out_stride: int, a_stride: int, b_stride: int, out_step: int, a_step: int, b_step: int,
    lanes: int, n: int, m: int, k: int, variant: int,
) -> int:  # fmt: skip
    """As `product`."""
    for j in range(m):
        for i in range(n):
            target = advance(out, out_stride * (i + n * j))
            for lane in range(lanes):
                target[out_step * lane] = 0.0
            for p in range(k):
                left = advance(a, a_stride * (p + k * i if variant == 2 else i + n * p))
                right = advance(b, b_stride * (j + m * p if variant == 1 else p + k * j))
                for lane in range(lanes):
                    target[out_step * lane] += left[a_step * lane] * right[b_step * lane]
    return 0
