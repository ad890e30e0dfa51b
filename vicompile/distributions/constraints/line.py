"""Sets of real numbers: everything, half-lines, intervals."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import numpy as np

from ...ir import ops
from ...ir.dims import Shape
from ...ir.nodes import Node
from .base import Constraint, bound_text, hashable, is_number

if TYPE_CHECKING:
    from ..transforms.base import Transform


class Line(Constraint):
    """A part of the real line between two bounds."""

    def region(self) -> tuple[Hashable, ...] | None:
        return ("real", hashable(self.low), hashable(self.high))

    def inner_point(self, event_shape: Shape = (), *, symbolic: bool = False) -> Any:
        raise NotImplementedError


class Real(Line):
    """Every finite number."""

    def check(self, x: Any) -> Any:
        return np.isfinite(x)

    def bijection(self) -> Transform:
        from ..transforms import IdentityTransform

        return IdentityTransform()

    def inner_point(self, event_shape: Shape = (), *, symbolic: bool = False) -> Any:
        return 0.0

    def condition(self) -> str:
        return "any finite number"


class Anything(Real):
    """No restriction at all, also none that another support could disagree with."""

    def check(self, x: Any) -> Any:
        return ~np.isnan(x)

    def region(self) -> tuple[Hashable, ...] | None:
        return None

    def condition(self) -> str:
        return "any number"


class GreaterThan(Line):
    """low < x, reached by low + exp(u); with `closed` also low itself, which the map never reaches."""

    def __init__(self, low: Any, name: str, closed: bool = False) -> None:
        super().__init__(name, low=low, closed=closed)

    closed: bool

    def check(self, x: Any) -> Any:
        compare = np.greater_equal if self.closed else np.greater
        return np.isfinite(x) & np.asarray(compare(x, self.low))

    def encloses(self, x: Any) -> Any:
        return ops.greater_equal(x, self.low) if self.closed else ops.greater(x, self.low)

    def bijection(self) -> Transform:
        from ..transforms import AffineTransform, ComposeTransform, ExpTransform

        return (
            ExpTransform()
            if is_number(self.low, 0)
            else ComposeTransform([ExpTransform(), AffineTransform(self.low, 1.0)])
        )

    def inner_point(self, event_shape: Shape = (), *, symbolic: bool = False) -> Any:
        return 1.0 if is_number(self.low, 0) else self.low + 1.0

    def condition(self) -> str:
        return f"x {'>=' if self.closed else '>'} {bound_text(self.low)}"


class SoftplusPositive(GreaterThan):
    """0 < x, reached by log(1 + exp(u)): close to the identity for large u."""

    def __init__(self) -> None:
        super().__init__(0.0, "softplus_positive")

    def bijection(self) -> Transform:
        from ..transforms import SoftplusTransform

        return SoftplusTransform()


class LessThan(Line):
    """x < high, reached by high - exp(u); with `closed` also high itself, which the map never reaches."""

    def __init__(self, high: Any, name: str, closed: bool = False) -> None:
        super().__init__(name, high=high, closed=closed)

    closed: bool

    def check(self, x: Any) -> Any:
        compare = np.less_equal if self.closed else np.less
        return np.isfinite(x) & np.asarray(compare(x, self.high))

    def encloses(self, x: Any) -> Any:
        return ops.less_equal(x, self.high) if self.closed else ops.less(x, self.high)

    def bijection(self) -> Transform:
        from ..transforms import AffineTransform, ComposeTransform, ExpTransform

        return ComposeTransform([ExpTransform(), AffineTransform(self.high, -1.0)])

    def inner_point(self, event_shape: Shape = (), *, symbolic: bool = False) -> Any:
        return self.high - 1.0

    def condition(self) -> str:
        return f"x {'<=' if self.closed else '<'} {bound_text(self.high)}"


class Interval(Line):
    """Between low and high, reached by a scaled sigmoid. ValueError unless low < high.

    closed_low, closed_high: does the bound itself belong to it? The map reaches neither.
    """

    closed_low: bool
    closed_high: bool

    def __init__(self, low: Any, high: Any, name: str, closed_low: bool = True, closed_high: bool = True) -> None:
        if not isinstance(low, Node) and not isinstance(high, Node) and not np.all(np.less(low, high)):
            raise ValueError(
                f"{name}({bound_text(low)}, {bound_text(high)}): the lower bound must be below the upper one"
            )
        super().__init__(name, low, high, closed_low=closed_low, closed_high=closed_high)

    def check(self, x: Any) -> Any:
        above = np.greater_equal if self.closed_low else np.greater
        below = np.less_equal if self.closed_high else np.less
        return np.asarray(above(x, self.low)) & np.asarray(below(x, self.high))

    def encloses(self, x: Any) -> Any:
        above = ops.greater_equal(x, self.low) if self.closed_low else ops.greater(x, self.low)
        below = ops.less_equal(x, self.high) if self.closed_high else ops.less(x, self.high)
        return ops.logical_and(above, below)

    def bijection(self) -> Transform:
        from ..transforms import ScaledSigmoidTransform, SigmoidTransform

        if is_number(self.low, 0) and is_number(self.high, 1):
            return SigmoidTransform()
        return ScaledSigmoidTransform(self.low, self.high)

    def inner_point(self, event_shape: Shape = (), *, symbolic: bool = False) -> Any:
        return 0.5 * (self.low + self.high)

    def condition(self) -> str:
        below, above = "<=" if self.closed_low else "<", "<=" if self.closed_high else "<"
        return f"{bound_text(self.low)} {below} x {above} {bound_text(self.high)}"


def greater_than(low: Any) -> Constraint:
    """low < x. `greater_than(0)` is `positive`."""
    return GreaterThan(low, "positive" if is_number(low, 0) else "greater_than")


def greater_than_eq(low: Any) -> Constraint:
    """low <= x. `greater_than_eq(0)` is `nonnegative`."""
    return GreaterThan(low, "nonnegative" if is_number(low, 0) else "greater_than_eq", closed=True)


def less_than(high: Any) -> Constraint:
    """x < high."""
    return LessThan(high, "less_than")


def less_than_eq(high: Any) -> Constraint:
    """x <= high."""
    return LessThan(high, "less_than_eq", closed=True)


def interval(low: Any, high: Any) -> Constraint:
    """low <= x <= high. `interval(0, 1)` is `unit_interval`. ValueError unless low < high."""
    return Interval(low, high, "unit_interval" if is_number(low, 0) and is_number(high, 1) else "interval")


def open_interval(low: Any, high: Any) -> Constraint:
    """low < x < high. ValueError unless low < high."""
    return Interval(low, high, "open_interval", closed_low=False, closed_high=False)


def half_open_interval(low: Any, high: Any) -> Constraint:
    """low <= x < high. ValueError unless low < high."""
    return Interval(low, high, "half_open_interval", closed_high=False)


real = Real("real")
anything = Anything("anything")
positive = greater_than(0.0)
softplus_positive = SoftplusPositive()
nonnegative = greater_than_eq(0.0)
unit_interval = interval(0.0, 1.0)
circular = Interval(-np.pi, np.pi, "circular")
