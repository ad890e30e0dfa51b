"""How the elements meet that a Scatter brings to one place: what it starts from, and the function of two."""

from __future__ import annotations

from typing import Any

import numpy as np

from .nodes import FLOAT

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


def start(combine: str, dtype: str) -> float | int:
    """The value of no elements: 0 for a sum, -infinity (or the smallest whole number) for a maximum."""
    if combine == "add":
        return 0.0 if dtype == FLOAT else 0
    if combine == "max":
        return -np.inf if dtype == FLOAT else _SMALLEST
    return np.inf if dtype == FLOAT else _LARGEST


def function(combine: str) -> Any:
    """NumPy's function of two."""
    return {"add": np.add, "max": np.maximum, "min": np.minimum}[combine]
