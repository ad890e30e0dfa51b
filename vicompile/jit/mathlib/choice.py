"""Smaller, larger, sign and whole part, with NumPy's treatment of NaN."""

from __future__ import annotations

from vicompile.jit.mathlib.lanes import Real, _intrinsic


def minimum(a: Real, b: Real) -> Real:
    """The smaller one; NaN if either is."""
    smaller = a.where(a.below(b), a, b)
    return a.where(a.equals(a), smaller, a)


def maximum(a: Real, b: Real) -> Real:
    """The larger one; NaN if either is."""
    larger = a.where(a.above(b), a, b)
    return a.where(a.equals(a), larger, a)


def sign(x: Real) -> Real:
    """-1, 0 or 1; NaN stays NaN."""
    return x.where(x.above(0.0), 1.0, x.where(x.below(0.0), -1.0, x))


def floor(x: Real) -> Real:
    """The largest whole number that is not above x."""
    return Real(x.builder, x.builder.call(_intrinsic(x.builder, "floor", x.value.type, 1), [x.value]))
