"""The parameters of a row: in many digits, moved a little, and whether they are whole numbers."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np


def many_digits(value: Any) -> Any:
    """A number, a vector or a matrix in mpmath, anything else as it is."""
    if isinstance(value, (list, tuple)) and all(isinstance(part, (int, float, list)) for part in value):
        return [many_digits(part) for part in value]
    return mp.mpf(value) if isinstance(value, (int, float)) else value


def is_inner(d: Any, x: Any) -> bool:
    return d.is_discrete or d.event_dim > 0 or bool(d.support.low < x < d.support.high)


def is_discrete(d: Any, name: str) -> bool:
    """Whether a parameter takes only whole numbers; the names of inner parameters hold dots."""
    head, _, rest = name.partition(".")
    if not rest:
        return bool(d.arg_constraints[name].is_discrete)
    part = d.params[head]
    if isinstance(part, tuple):
        place, _, rest = rest.partition(".")
        part = part[int(place)]
    return hasattr(part, "arg_constraints") and is_discrete(part, rest)


def shifted(value: Any, place: tuple[int, ...], step: float) -> Any:
    moved = np.array(value, float)
    moved[place] += step
    return moved
