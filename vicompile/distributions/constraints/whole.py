"""Sets of whole numbers."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np

from ...ir import ops
from ...ir.dims import Shape
from .base import Constraint, bound_text, hashable, is_number


class Whole(Constraint):
    """Whole numbers with low <= x <= high."""

    is_discrete = True

    def check(self, x: Any) -> Any:
        whole = np.isfinite(x) & np.asarray(np.equal(x, np.floor(x)))
        return whole & np.asarray(np.greater_equal(x, self.low)) & np.asarray(np.less_equal(x, self.high))

    def encloses(self, x: Any) -> Any:
        bounds = ops.logical_and(ops.greater_equal(x, self.low), ops.less_equal(x, self.high))
        return ops.logical_and(bounds, ops.equal(x, ops.floor(x)))

    def region(self) -> tuple[Hashable, ...] | None:
        return ("whole", hashable(self.low), hashable(self.high))

    def inner_point(self, event_shape: Shape = (), *, symbolic: bool = False) -> Any:
        return 0 if is_number(self.low, -np.inf) else self.low

    def condition(self) -> str:
        if self.name == "boolean":
            return "0 or 1"
        low = "" if is_number(self.low, -np.inf) else f" from {bound_text(self.low)}"
        high = "" if is_number(self.high, np.inf) else f" to {bound_text(self.high)}"
        return f"a whole number{low}{high}"


def integer_interval(low: Any, high: Any) -> Constraint:
    """Whole numbers from low to high, both included. `integer_interval(0, 1)` is `boolean`."""
    return Whole("boolean" if is_number(low, 0) and is_number(high, 1) else "integer_interval", low, high)


def integer_greater_than(low: Any) -> Constraint:
    """Whole numbers from low on, low included, as in NumPyro; those from 0 are `nonnegative_integer`."""
    names = {0.0: "nonnegative_integer", 1.0: "positive_integer"}
    key = hashable(low)
    return Whole(names.get(key, "integer_greater_than") if isinstance(key, float) else "integer_greater_than", low)


boolean = integer_interval(0, 1)
integer = Whole("integer")
nonnegative_integer = integer_greater_than(0)
positive_integer = integer_greater_than(1)
