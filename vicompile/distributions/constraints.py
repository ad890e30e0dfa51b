"""Constraints: which values a parameter or a draw may take, and the smooth map from the unconstrained line to them.

One object answers everything about one set: is a value inside (`check`), how is it reached from the real line
(`transform`,
`inverse`, `log_abs_det`), and how is it said in a message (`describe`). The maps are written over `ir.ops`, so that
they
mean the same on NumPy arrays and on graph nodes. Positive sets are reached by exp, bounded ones by a scaled sigmoid, as
Pyro and NumPyro do.
"""

from __future__ import annotations

import copy
from collections.abc import Hashable
from typing import Any

import numpy as np

from ..ir import ops
from ..ir.nodes import Const, Node, const

__all__ = [
    "Constraint",
    "anything",
    "boolean",
    "greater_than",
    "integer",
    "integer_interval",
    "interval",
    "less_than",
    "nonnegative",
    "nonnegative_integer",
    "positive",
    "positive_integer",
    "real",
    "real_vector",
    "softplus_positive",
    "unit_interval",
]


class Constraint:
    """A set of numbers. Equal by value: `positive == greater_than(0)`.

    name: what messages and comparisons call it.
    low, high: the bounds; numbers, arrays or graph nodes that broadcast with the checked values.
    is_discrete: only whole numbers; there is no map from the real line then.
    """

    name: str
    low: Any
    high: Any
    is_discrete = False
    event_dim = 0

    def __init__(self, name: str, low: Any = -np.inf, high: Any = np.inf) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)

    def __setattr__(self, attribute: str, value: Any) -> None:
        raise AttributeError(f"the constraint {self!r} cannot be changed; make a new one")

    def check(self, x: Any) -> Any:
        """Elementwise, a bool array: is `x` a member? NaN never is."""
        raise NotImplementedError

    def encloses(self, x: Any) -> Any:
        """Elementwise, on graph nodes too: does `x` lie within the bounds? NaN never does; infinity may."""
        raise NotImplementedError

    def with_bounds(self, low: Any, high: Any) -> Constraint:
        """The same kind of set with other bounds."""
        other = copy.copy(self)
        Constraint.__init__(other, self.name, low, high)
        return other

    def transform(self, u: Any) -> Any:
        """The member that belongs to the unconstrained `u`. TypeError for a discrete set."""
        raise self._has_no_map()

    def inverse(self, x: Any) -> Any:
        """The unconstrained number that belongs to the member `x`. TypeError for a discrete set."""
        raise self._has_no_map()

    def log_abs_det(self, u: Any) -> Any:
        """log |d transform(u) / du|, elementwise. TypeError for a discrete set."""
        raise self._has_no_map()

    def inner_point(self) -> Any:
        """Some member well inside: a harmless stand-in where a value is masked out."""
        raise NotImplementedError

    def describe(self) -> str:
        """The set in words, e.g. `positive (x > 0)`."""
        return f"{self.name} ({self._condition()})"

    def covers(self, other: Constraint) -> bool:
        """Do both describe the same set, up to boundary points and whatever the map from the real line is?"""
        return isinstance(other, Anything) or self._region() == other._region()

    def _condition(self) -> str:
        raise NotImplementedError

    def _has_no_map(self) -> TypeError:
        return TypeError(f"{self.describe()} has no smooth map from the real line")

    def _region(self) -> tuple[Hashable, ...]:
        return ("whole" if self.is_discrete else "real", _bound(self.low), _bound(self.high))

    def _key(self) -> tuple[Hashable, ...]:
        return (type(self).__name__, *self._region())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Constraint) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return self.name


class Real(Constraint):
    """Every finite number."""

    def check(self, x: Any) -> Any:
        return np.isfinite(x)

    def encloses(self, x: Any) -> Any:
        return True

    def transform(self, u: Any) -> Any:
        return u

    def inverse(self, x: Any) -> Any:
        return x

    def log_abs_det(self, u: Any) -> Any:
        return ops.broadcast_to(const(0.0) if isinstance(u, Node) else 0.0, ops.shape_of(u))

    def inner_point(self) -> Any:
        return 0.0

    def _condition(self) -> str:
        return "any finite number"


class Anything(Real):
    """No restriction at all, also none that another support could disagree with."""

    def check(self, x: Any) -> Any:
        return ~np.isnan(x)

    def covers(self, other: Constraint) -> bool:
        return True

    def _condition(self) -> str:
        return "any number"


class GreaterThan(Constraint):
    """low < x, reached by low + exp(u)."""

    def __init__(self, low: Any, name: str | None = None) -> None:
        super().__init__(name or ("positive" if _is_number(low, 0) else "greater_than"), low=low)

    def check(self, x: Any) -> Any:
        return np.isfinite(x) & np.asarray(np.greater(x, self.low))

    def encloses(self, x: Any) -> Any:
        return ops.greater(x, self.low)

    def transform(self, u: Any) -> Any:
        return _shift(ops.exp(u), self.low)

    def inverse(self, x: Any) -> Any:
        return ops.log(_shift(x, self.low, sign=-1))

    def log_abs_det(self, u: Any) -> Any:
        return u

    def inner_point(self) -> Any:
        return _shift(1.0, self.low)

    def _condition(self) -> str:
        return f"x > {_text(self.low)}"


class SoftplusPositive(GreaterThan):
    """0 < x, reached by log(1 + exp(u)): close to the identity for large u."""

    def __init__(self) -> None:
        super().__init__(0.0, "softplus_positive")

    def transform(self, u: Any) -> Any:
        return ops.softplus(u)

    def inverse(self, x: Any) -> Any:
        return x + ops.log(-ops.expm1(-x))

    def log_abs_det(self, u: Any) -> Any:
        return -ops.softplus(-u)


class NonNegative(GreaterThan):
    """0 <= x; the map is that of `positive`, and never reaches 0."""

    def __init__(self) -> None:
        super().__init__(0.0, "nonnegative")

    def check(self, x: Any) -> Any:
        return np.isfinite(x) & np.asarray(np.greater_equal(x, 0.0))

    def encloses(self, x: Any) -> Any:
        return ops.greater_equal(x, 0.0)

    def _condition(self) -> str:
        return "x >= 0"


class LessThan(Constraint):
    """x < high, reached by high - exp(u)."""

    def __init__(self, high: Any) -> None:
        super().__init__("less_than", high=high)

    def check(self, x: Any) -> Any:
        return np.isfinite(x) & np.asarray(np.less(x, self.high))

    def encloses(self, x: Any) -> Any:
        return ops.less(x, self.high)

    def transform(self, u: Any) -> Any:
        return self.high - ops.exp(u)

    def inverse(self, x: Any) -> Any:
        return ops.log(self.high - x)

    def log_abs_det(self, u: Any) -> Any:
        return u

    def inner_point(self) -> Any:
        return self.high - 1.0

    def _condition(self) -> str:
        return f"x < {_text(self.high)}"


class Interval(Constraint):
    """low <= x <= high, reached by low + (high - low) * sigmoid(u). ValueError unless low < high."""

    def __init__(self, low: Any, high: Any) -> None:
        if not isinstance(low, Node) and not isinstance(high, Node) and not np.all(np.less(low, high)):
            raise ValueError(f"interval({_text(low)}, {_text(high)}): the lower bound must be below the upper one")
        super().__init__("unit_interval" if _is_number(low, 0) and _is_number(high, 1) else "interval", low, high)

    def check(self, x: Any) -> Any:
        return np.asarray(np.greater_equal(x, self.low)) & np.asarray(np.less_equal(x, self.high))

    def encloses(self, x: Any) -> Any:
        return ops.logical_and(ops.greater_equal(x, self.low), ops.less_equal(x, self.high))

    def transform(self, u: Any) -> Any:
        # A bare sigmoid for (0, 1), so that rewrites recognise it.
        unit = ops.sigmoid(u)
        return unit if self.name == "unit_interval" else _shift(unit * self._width(), self.low)

    def inverse(self, x: Any) -> Any:
        if self.name == "unit_interval":
            return ops.log(x) - ops.log1p(-x)
        return ops.log(_shift(x, self.low, sign=-1)) - ops.log(self.high - x)

    def log_abs_det(self, u: Any) -> Any:
        slope = -(ops.softplus(u) + ops.softplus(-u))
        return slope if self.name == "unit_interval" else slope + ops.log(self._width())

    def inner_point(self) -> Any:
        return _shift(0.5 * self._width(), self.low)

    def _width(self) -> Any:
        return self.high - self.low

    def _condition(self) -> str:
        return f"{_text(self.low)} <= x <= {_text(self.high)}"


class Whole(Constraint):
    """Whole numbers with low <= x <= high."""

    is_discrete = True

    def check(self, x: Any) -> Any:
        whole = np.isfinite(x) & np.asarray(np.equal(x, np.floor(x)))
        return whole & np.asarray(np.greater_equal(x, self.low)) & np.asarray(np.less_equal(x, self.high))

    def encloses(self, x: Any) -> Any:
        bounds = ops.logical_and(ops.greater_equal(x, self.low), ops.less_equal(x, self.high))
        return ops.logical_and(bounds, ops.equal(x, ops.floor(x)))

    def inner_point(self) -> Any:
        return 0 if _is_number(self.low, -np.inf) else self.low

    def _condition(self) -> str:
        if self.name == "boolean":
            return "0 or 1"
        low = "" if _is_number(self.low, -np.inf) else f" from {_text(self.low)}"
        high = "" if _is_number(self.high, np.inf) else f" to {_text(self.high)}"
        return f"a whole number{low}{high}"


def greater_than(low: Any) -> Constraint:
    """low < x. `greater_than(0)` is `positive`."""
    return GreaterThan(low)


def less_than(high: Any) -> Constraint:
    """x < high."""
    return LessThan(high)


def interval(low: Any, high: Any) -> Constraint:
    """low <= x <= high. `interval(0, 1)` is `unit_interval`. ValueError unless low < high."""
    return Interval(low, high)


def integer_interval(low: Any, high: Any) -> Constraint:
    """Whole numbers from low to high, both included. `integer_interval(0, 1)` is `boolean`."""
    return Whole("boolean" if _is_number(low, 0) and _is_number(high, 1) else "integer_interval", low, high)


def _is_number(bound: Any, number: float) -> bool:
    key = _bound(bound)
    return isinstance(key, float) and key == number


def _bound(bound: Any) -> Hashable:
    """A bound as a hashable value; nodes are interned, so that identity is equality."""
    if isinstance(bound, Const):
        return float(bound.value)
    if isinstance(bound, (bool, int, float, np.generic, np.ndarray, list, tuple)):
        array = np.asarray(bound, float)
        return float(array) if array.ndim == 0 else (array.shape, array.tobytes())
    return bound  # type: ignore[no-any-return]


def _shift(x: Any, low: Any, sign: int = 1) -> Any:
    """x + low or x - low; nothing for low 0, so that graphs stay small."""
    if _is_number(low, 0):
        return x
    return x + low if sign > 0 else x - low


def _text(bound: Any) -> str:
    key = _bound(bound)
    if isinstance(key, float):
        return f"{key:g}"
    return "a computed bound" if isinstance(bound, Node) else np.array2string(np.asarray(bound), threshold=6)


real = Real("real")
real_vector = Real("real_vector")
anything = Anything("anything")
positive = greater_than(0.0)
softplus_positive = SoftplusPositive()
nonnegative = NonNegative()
unit_interval = interval(0.0, 1.0)
boolean = integer_interval(0, 1)
integer = Whole("integer")
nonnegative_integer = Whole("nonnegative_integer", 0)
positive_integer = Whole("positive_integer", 1)
