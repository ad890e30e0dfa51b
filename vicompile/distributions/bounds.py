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

# A standardised bound beyond which no mass is; its square does not overflow.
FAR = 1e10


def is_missing(bound: Any) -> bool:
    """Is the bound infinite everywhere, and is that known now?"""
    if isinstance(bound, Const):
        return bool(np.isinf(bound.value))
    return not isinstance(bound, Node) and np.ndim(bound) == 0 and bool(np.isinf(bound))


def support_between(low: Any, high: Any) -> constraints.Constraint:
    """The set of numbers between bounds of which either may be missing. ValueError unless low < high."""
    if is_missing(low):
        return constraints.real if is_missing(high) else constraints.less_than(high)
    return constraints.greater_than(low) if is_missing(high) else constraints.interval(low, high)


def standardised(bound: Any, loc: Any, scale: Any) -> Any:
    """(bound - loc) / scale, and -FAR or FAR where it is infinite; its gradient is finite everywhere."""
    is_finite = ops.absolute(bound) < np.inf
    inside = (ops.where(is_finite, bound, loc) - loc) / scale
    return ops.where(is_finite, inside, ops.where(bound < 0.0, -FAR, FAR))
