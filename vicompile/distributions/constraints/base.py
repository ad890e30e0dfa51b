"""What every constraint answers, and how constraints are compared and told.

To declare one: a subclass with `check`, `condition`, and `bijection` where there is a smooth map. See
docs/add-a-distribution.md.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any

import numpy as np

from ...ir import ops
from ...ir.dims import Dim, Shape
from ...ir.nodes import Const, Node, const

if TYPE_CHECKING:
    from ..transforms.base import Transform


class Constraint:
    """A set of numbers, vectors or matrices. Equal by value: `positive == greater_than(0)`.

    name: what messages and comparisons call it.
    low, high: the bounds of each number; numbers, arrays or graph nodes that broadcast with the checked values.
    event_dim: the axes of one member: 0 for numbers, 1 for vectors, 2 for matrices.
    is_discrete: only whole numbers; there is no map from the real line then.
    """

    name: str
    low: Any
    high: Any
    event_dim: int = 0
    is_discrete: bool = False

    def __init__(self, name: str, low: Any = -np.inf, high: Any = np.inf, **fields: Any) -> None:
        for field, value in {"name": name, "low": low, "high": high, **fields}.items():
            object.__setattr__(self, field, value)

    def __setattr__(self, attribute: str, value: Any) -> None:
        raise AttributeError(f"the constraint {self!r} cannot be changed; make a new one")

    # -- to be declared ----------------------------------------------------------------------------------------------

    def check(self, x: Any) -> Any:
        """Which members of the NumPy array `x` lie inside: bool, of the batch shape. What holds NaN never does.

        The event is on the last axes. An array with fewer axes holds no member: one False.
        """
        raise NotImplementedError

    def condition(self) -> str:
        """The set in words, without its name: `x > 0`."""
        raise NotImplementedError

    def bijection(self) -> Transform:
        """The map from unconstrained numbers one to one onto the set. TypeError where there is none."""
        raise self._has_no_map()

    def parametrization(self) -> Transform:
        """A map from unconstrained numbers onto the set, one to one or not: `bijection` unless there is a simpler one.

        TypeError where there is none.
        """
        return self.bijection()

    def encloses(self, x: Any) -> Any:
        """On graph nodes too: does `x` lie within the bounds? Infinity may. True where only `check` can tell."""
        return True

    # -- what follows ------------------------------------------------------------------------------------------------

    @property
    def map(self) -> Transform:
        """`bijection()`, made once."""
        found = self.__dict__.get("_map")
        if found is None:
            found = self.bijection()
            object.__setattr__(self, "_map", found)
        return found

    def transform(self, u: Any) -> Any:
        """The member that belongs to the unconstrained `u`. TypeError where there is no bijection."""
        return self.map(u)

    def inverse(self, x: Any) -> Any:
        """The unconstrained value that belongs to the member `x`. TypeError where there is no bijection."""
        return self.map.backward(x)

    def log_abs_det(self, u: Any) -> Any:
        """log |d transform(u) / du|, of the batch shape. TypeError where there is no bijection."""
        return self.map.log_abs_det_jacobian(u, self.map(u))

    def unconstrained_shape(self, shape: Shape) -> Shape:
        """The shape of `inverse(x)` for an `x` of this shape. ValueError for a shape that no member has."""
        return self.map.inverse_shape(shape)

    def constrained_shape(self, shape: Shape) -> Shape:
        """The shape of `transform(u)` for a `u` of this shape. ValueError for a shape that does not fit."""
        return self.map.forward_shape(shape)

    def inner_point(self, event_shape: Shape = (), *, symbolic: bool = False) -> Any:
        """Some member well inside: a harmless stand-in where a value is masked out.

        event_shape: for vectors and matrices, the shape of the member. symbolic: as a graph node.
        """
        shape = self.unconstrained_shape(event_shape)
        numbers = [size for size in shape if isinstance(size, int)]
        if symbolic or len(numbers) < len(shape):
            return self.transform(ops.broadcast_to(const(0.0), shape))
        return self.transform(np.zeros(numbers))

    def with_bounds(self, low: Any, high: Any) -> Constraint:
        """The same kind of set with other bounds."""
        other = copy.copy(self)
        object.__setattr__(other, "low", low)
        object.__setattr__(other, "high", high)
        return other

    def with_params(self, function: Callable[[str, Any], Any]) -> Constraint:
        """The same set; each bound that is a graph node or an array is function("low" or "high", bound)."""

        def mapped(name: str, bound: Any) -> Any:
            return function(name, bound) if isinstance(bound, Node) or np.ndim(bound) else bound

        low, high = mapped("low", self.low), mapped("high", self.high)
        return self if low is self.low and high is self.high else self.with_bounds(low, high)

    def describe(self) -> str:
        """The set in words, e.g. `positive (x > 0)`."""
        return f"{self.name} ({self.condition()})"

    def covers(self, other: Constraint) -> bool:
        """Do both describe the same set, up to boundary points and whatever the map from the real line is?

        A set of vectors of independent numbers counts as the set of these numbers.
        """
        own, its = self.region(), other.region()
        return own is None or its is None or own == its

    def region(self) -> tuple[Hashable, ...] | None:
        """What `covers` compares; None for a set that nothing disagrees with."""
        return self._key()

    def outside(self, x: Any) -> tuple[tuple[int, ...], Any, str] | None:
        """The first member of the array `x` that is not one: its place, it and the set in words. None if all are."""
        inside = np.asarray(self.check(x))
        if inside.all():
            return None
        x = np.asarray(x)
        if x.ndim < self.event_dim:
            return (), x, self.describe()
        wide = np.broadcast_to(x, (*inside.shape, *x.shape[x.ndim - self.event_dim :]))
        first = tuple(int(k) for k in np.argwhere(~inside)[0])
        return first, wide[first], self.at(first, inside.shape).describe()

    def on_boundary(self, x: Any, unconstrained: Any) -> tuple[tuple[int, ...], Any, str]:
        """As `outside`, for a member that the map does not reach: `unconstrained`, its inverse, is not finite."""
        bad = ~np.isfinite(unconstrained)
        if not self.event_dim:
            first = tuple(int(k) for k in np.argwhere(bad)[0])
            return first, np.asarray(x)[first], self.at(first, np.shape(x)).describe()
        batch = np.shape(x)[: np.ndim(x) - self.event_dim]
        first = tuple(int(k) for k in np.argwhere(bad.reshape(*batch, -1).any(-1))[0])
        return first, np.asarray(x)[first], self.describe()

    def at(self, place: tuple[int, ...], batch_shape: tuple[int, ...]) -> Constraint:
        """The set at one place of a batch: the bounds may differ from place to place."""
        if self.event_dim:
            return self
        low, high = (np.broadcast_to(bound, batch_shape)[place] for bound in (self.low, self.high))
        return self.with_bounds(low, high)

    def _has_no_map(self) -> TypeError:
        kind = "the real line" if self.event_dim == 0 else "unconstrained numbers"
        return TypeError(f"{self.describe()} has no smooth map from {kind}")

    def _key(self) -> tuple[Hashable, ...]:
        fields = sorted((k, hashable(v)) for k, v in self.__dict__.items() if k != "name" and not k.startswith("_"))
        return (type(self).__qualname__, *fields)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_map"}

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Constraint) and self._key() == other._key())

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return self.name


def hashable(value: Any) -> Hashable:
    """A value by which sets and maps are compared; nodes are interned, so that identity is equality."""
    if isinstance(value, Const):
        return float(value.value)
    if isinstance(value, (tuple, list)) and not all(isinstance(v, (bool, int, float, np.generic)) for v in value):
        return tuple(map(hashable, value))
    if isinstance(value, (bool, int, float, np.generic, np.ndarray, list, tuple)):
        array = np.asarray(value, float)
        return float(array) if array.ndim == 0 else (array.shape, array.tobytes())
    return value  # type: ignore[no-any-return]


def is_number(bound: Any, wanted: float) -> bool:
    """Is the bound exactly this number?"""
    key = hashable(bound)
    return isinstance(key, float) and key == wanted


def bound_text(bound: Any) -> str:
    """A bound in a message."""
    key = hashable(bound)
    if isinstance(key, float):
        return f"{key:g}"
    return "a computed bound" if isinstance(bound, (Node, Dim)) else shown(bound)


def shown(member: Any) -> str:
    """A number, vector or matrix in a message."""
    array = np.asarray(member)
    if array.ndim == 0:
        return f"{array[()]:g}"
    return np.array2string(array, threshold=6, precision=6, separator=", ").replace("\n", "")


def any_batch(x: Any, event_dim: int, condition: Any) -> Any:
    """`condition(x)` for an array with enough axes, else one False: a `check` of vectors or matrices."""
    x = np.asarray(x, float)
    if x.ndim < event_dim:
        return np.asarray(False)
    with np.errstate(all="ignore"):
        return np.asarray(condition(x))
