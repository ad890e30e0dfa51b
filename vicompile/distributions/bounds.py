"""Bounds that may be missing: what the truncated families share.

A missing bound is infinite. Where that is known before any data (a number of the program) its terms are left out of the
graph; where an array mixes finite and infinite bounds every element is right too.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from ..ir.nodes import Const, Node
from . import constraints
from .base import Distribution

# A standardised bound beyond which no mass is, not even of Cauchy's; its square does not overflow.
FAR = 1e150


class Bounded(Distribution, abstract=True):
    """Base of the families with bounds `low` and `high`, which None leaves open as in NumPyro."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        open_sides = [name for name in ("low", "high") if keywords.get(name, 0.0) is None]
        super().__init__(*args, **{name: value for name, value in keywords.items() if name not in open_sides})


def is_missing(bound: Any) -> bool:
    """Is the bound infinite everywhere, and is that known now?"""
    if isinstance(bound, Const):
        return bool(np.isinf(bound.value))
    return not isinstance(bound, Node) and np.ndim(bound) == 0 and bool(np.isinf(bound))


def support_between(low: Any, high: Any) -> constraints.Constraint:
    """The set of numbers between bounds of which either may be missing. ValueError unless low < high."""
    if is_missing(low):
        return constraints.real if is_missing(high) else constraints.less_than_eq(high)
    return constraints.greater_than_eq(low) if is_missing(high) else constraints.interval(low, high)


def standardised(bound: Any, loc: Any, scale: Any) -> Any:
    """(bound - loc) / scale, and -FAR or FAR where it is infinite; its gradient is finite everywhere."""
    is_finite = ops.absolute(bound) < np.inf
    inside = (ops.where(is_finite, bound, loc) - loc) / scale
    return ops.where(is_finite, inside, ops.where(bound < 0.0, -FAR, FAR))


def width(low: Any, high: Any, scale: Any, otherwise: Any) -> Any:
    """(high - low) / scale, more exact than a difference of standard units; `otherwise` unless both are finite."""
    is_finite = ops.logical_and(ops.absolute(low) < np.inf, ops.absolute(high) < np.inf)
    return ops.where(is_finite, (ops.where(is_finite, high, 1.0) - ops.where(is_finite, low, 0.0)) / scale, otherwise)
