"""Native functions for `minimise`: a loss, minus a log density, and minus the ELBO of a Gaussian for fixed draws.

The last two call a kernel over points, whose `out` is [their sum, the log densities, the gradients with the points
contiguous]; they count its gradients in `tally`, and refuse with OUT_OF_GRADIENTS what would be more than tally[1].
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vicompile.jit import NativeFunction

OUT_OF_GRADIENTS = -2
SIGNATURE = "int64(i8*, i8, i8)"

# As the loop knows them.
LOSS_SLOTS = ("kernel", "noise", "data", "sizes", "work", "parameter_count")
# What the other two know of the kernel, first; `points` is how many it takes at once.
KERNEL_SLOTS = ("kernel", "rows", "data", "table", "work", "found", "tally", "points", "d")
# A Gaussian's points are centre + spread z and centre - spread z, for `half` draws z in each of `chunks` calls.
# mean, factor: the coordinates of its mean, factor a matrix where is_dense, else its diagonal. sds, or 0: then the
# covariance is full. z: `chunks` matrices, half x d, as are `moved` and `apart`. Matrices as in `jit.mathlib.products`;
# what is not said is memory to work in, zero at first.
GAUSSIAN_SLOTS = (
    *KERNEL_SLOTS,
    "mean", "factor", "sds", "z", "chunks", "is_dense",
    "triangle", "spread", "centre", "moved", "apart", "slopes", "moments", "part",
)  # fmt: skip

_TEXT = '''
from math import inf, sqrt

from vicompile.jit.mathlib import (
    add_cross_product, advance, call_at, combine, dot, exp, float64_at, int64_at, not_finite, scale, times_transposed,
    total,
)


def loss(slots, x, out):
    """The loss and its gradient, infinite where the kernel fails."""
UNPACK_LOSS
    if call_at(kernel, (x, noise, data, sizes, work, out)) != 0 or not_finite(out, parameter_count + 1) != 0:
        float64_at(out)[0] = inf
    return 0


def point(slots, x, out):
    """Minus the log density and its gradient."""
UNPACK_POINT
    tally = int64_at(tally)
    if tally[0] + 1 > tally[1]:
        return OUT
    tally[0] += 1
    status = call_at(kernel, (x, x, data, table, work, found))
    result = float64_at(out)
    scale(result, -1.0, float64_at(found + 8), d + 1)
    if not_finite(out, d + 1) != 0:
        result[0] = inf
    return status


def gaussian(slots, x, out):
    """Minus the ELBO up to a constant, and its gradient, by (a, tau, T below its diagonal): see `infer.fitting`."""
UNPACK_GAUSSIAN
    half, draws, root = points // 2, points * chunks, sqrt(2.0)
    tall, wide, size = (half + 7) // 8 * 8, (d + 3) // 4 * 4, (d + 7) // 8 * 8
    v, result, tally = float64_at(x), float64_at(out), int64_at(tally)
    mean, factor, sds = float64_at(mean), float64_at(factor), float64_at(sds)
    triangle, spread, centre = float64_at(triangle), float64_at(spread), float64_at(centre)
    slopes, moments, part = float64_at(slopes), float64_at(moments), float64_at(part)
    rows, moved, apart, z = float64_at(rows), float64_at(moved), float64_at(apart), float64_at(z)
    values, gradients = float64_at(found + 8), float64_at(found + 8 + 8 * points)
    is_full = slots[SDS] == 0
    width = size * wide if is_full else d
    if tally[0] + draws > tally[1]:
        return OUT
    if is_full:
        place = 2 * d
        for i in range(d):
            scale(advance(triangle, size * i), 1.0, advance(v, place), i)
            triangle[i + size * i] = exp(v[d + i] / root)
            place += i
        times_transposed(spread, factor, triangle, d, d, d, 0)
    else:
        for i in range(d):
            spread[i] = sds[i] * exp(v[d + i] / root)
    scale(centre, 1.0, mean, d)
    for i in range(d):
        if is_dense:
            combine(centre, 1.0, centre, v[i], advance(factor, size * i), d)
        else:
            centre[i] += factor[i] * v[i]
    scale(slopes, 0.0, mean, d)
    slopes[d] = 0.0
    scale(moments, 0.0, factor, width)
    for chunk in range(chunks):
        draw = advance(z, chunk * wide * tall)
        if is_full:
            times_transposed(moved, draw, spread, half, d, d, 1)
        else:
            for i in range(d):
                scale(advance(moved, i * tall), spread[i], advance(draw, i * tall), half)
        for first in range(0, d, 8):  # a cache line of a row at a time
            for k in range(half):
                for i in range(first, min(first + 8, d)):
                    step = moved[i * tall + k]
                    rows[k * d + i] = centre[i] + step
                    rows[(half + k) * d + i] = centre[i] - step
        tally[0] += points
        status = call_at(kernel, (slots[ROWS], slots[ROWS], data, table, work, found))
        if status != 0:
            return status
        slopes[d] += total(values, points)
        for i in range(d):
            # Draws z and -z: the sum of their gradients is for the mean, the difference for the spread.
            up = advance(gradients, i * points)
            combine(advance(apart, i * tall), 1.0, up, -1.0, advance(up, half), half)
            slopes[i] += total(up, points)
            if not is_full:
                moments[i] += dot(advance(apart, i * tall), advance(draw, i * tall), half)
        if is_full:
            add_cross_product(moments, apart, draw, d, d, half)
        # By its bits: `isfinite` is x - x == x - x, in which reassociation sees a zero.
        if not_finite(slots[SLOPES], d + 1) != 0:
            result[0] = inf
            return 0
    result[0] = -(slopes[d] / draws + total(advance(v, d), d) / root)
    for i in range(d):
        slope = dot(advance(factor, size * i), slopes, d) if is_dense else factor[i] * slopes[i]
        result[1 + i] = -slope / draws
    if is_full:
        scale(part, 0.0, factor, width)
        add_cross_product(part, factor, moments, d, d, d)
        place = 1 + 2 * d
        for i in range(d):
            for j in range(i):
                result[place + j] = -part[i + size * j] / draws
            result[1 + d + i] = -(triangle[i + size * i] * part[i + size * i] / draws + 1.0) / root
            place += i
    else:
        for i in range(d):
            result[1 + d + i] = -(spread[i] * moments[i] / draws + 1.0) / root
    return 0
'''


def objective_text() -> str:
    """The functions as Python text, the slots unpacked by name."""
    text = _TEXT.replace("OUT\n", f"{OUT_OF_GRADIENTS}\n")
    for name, slots in (("LOSS", LOSS_SLOTS), ("POINT", KERNEL_SLOTS), ("GAUSSIAN", GAUSSIAN_SLOTS)):
        unpack = "\n".join(f"    {slot} = slots[{k}]" for k, slot in enumerate(slots))
        text = text.replace(f"UNPACK_{name}", unpack)
    for k, slot in enumerate(GAUSSIAN_SLOTS):
        text = text.replace(f"[{slot.upper()}]", f"[{k}]")
    return text


@functools.cache
def loss_function() -> NativeFunction:
    """`int64 loss(int64* slots, x, out)`, with LOSS_SLOTS; compiled or loaded at the first call."""
    from vicompile.jit import native

    return native(objective_text(), "loss", SIGNATURE, label="loss")


@functools.cache
def point_function() -> NativeFunction:
    """`int64 point(int64* slots, x, out)`, with KERNEL_SLOTS; compiled or loaded at the first call."""
    from vicompile.jit import native

    return native(objective_text(), "point", SIGNATURE, label="point")


@functools.cache
def gaussian_function() -> NativeFunction:
    """`int64 gaussian(int64* slots, x, out)`, with GAUSSIAN_SLOTS; compiled or loaded at the first call."""
    from vicompile.jit import native

    return native(objective_text(), "gaussian", SIGNATURE, label="gaussian")
