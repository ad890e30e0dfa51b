"""What hyperparameters may be."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Range(NamedTuple):
    """What is expected, in words, and whether a number is so."""

    expected: str
    holds: Callable[[float], bool]


FINITE = Range("a finite number", math.isfinite)
FROM_ZERO = Range("a finite number from 0", lambda v: 0.0 <= v < math.inf)
ABOVE_ZERO = Range("a number above 0", lambda v: v > 0.0)
BELOW_ONE = Range("a number from 0, below 1", lambda v: 0.0 <= v < 1.0)
UP_TO_ONE = Range("a number above 0, at most 1", lambda v: 0.0 < v <= 1.0)

RANGES: Mapping[str, Range] = {
    "lr": FROM_ZERO,
    "eta": FROM_ZERO,
    "beta1": BELOW_ONE,
    "beta2": BELOW_ONE,
    "alpha": BELOW_ONE,
    "rho": BELOW_ONE,
    "momentum": BELOW_ONE,
    "eps": FROM_ZERO,
    "delta": FROM_ZERO,
    "t": UP_TO_ONE,
    "lrd": UP_TO_ONE,
    "lr_decay": FROM_ZERO,
    "weight_decay": FROM_ZERO,
    "initial_accumulator_value": FROM_ZERO,
    "clip_norm": ABOVE_ZERO,
    "clip_value": ABOVE_ZERO,
    "distance": ABOVE_ZERO,
}


def number(owner: str, key: str, value: Any, allowed: Range) -> float:
    """A hyperparameter as a float. Raises TypeError for what is no number, ValueError for one out of range."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{owner}: the hyperparameter `{key}` must be a number, got {value!r}") from None
    if not allowed.holds(found):
        raise ValueError(f"{owner}: the hyperparameter `{key}` is {found:g}, expected {allowed.expected}")
    return found


def first_outside(values: npt.NDArray[np.float64], allowed: Range) -> int | None:
    """The place of the first value out of range."""
    # The extremes tell for all, and NaN is one of them: ranges are intervals.
    if not values.size or (allowed.holds(float(values.min())) and allowed.holds(float(values.max()))):
        return None
    return next(k for k, value in enumerate(values.tolist()) if not allowed.holds(value))
