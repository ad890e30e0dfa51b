"""Sets of vectors, on the last axis."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from ...ir import ops, vectors
from ...ir.dims import Shape
from ...ir.nodes import Node, const
from .base import Constraint, any_batch, bound_text, hashable

if TYPE_CHECKING:
    from ..transforms.base import Transform

MapMaker: TypeAlias = "Callable[[Any], Transform]"
# How far a sum may be from what it should be: values are often given with few digits.
TOLERANCE = 1e-6


class VectorSet(Constraint):
    """One set of vectors of this module, told by a condition on arrays.

    holds: bool of the batch shape for a float array. text: the condition in words. bijection, covering: make the maps
    from the module `transforms`. kind: the same for sets that are equal up to their boundary and their map.
    """

    event_dim = 1

    def __init__(
        self,
        name: str,
        holds: Callable[[Any], Any],
        text: str,
        bijection: MapMaker | None,
        covering: MapMaker | None = None,
        kind: str | None = None,
    ) -> None:
        super().__init__(name, _holds=holds, _text=text, _bijection=bijection, _covering=covering, _kind=kind or name)

    _holds: Callable[[Any], Any]
    _text: str
    _bijection: MapMaker | None
    _covering: MapMaker | None
    _kind: str

    def check(self, x: Any) -> Any:
        return any_batch(x, self.event_dim, self._holds)

    def condition(self) -> str:
        return self._text

    def bijection(self) -> Transform:
        return self._made(self._bijection)

    def parametrization(self) -> Transform:
        return self._made(self._covering or self._bijection)

    def inner_point(self, event_shape: Shape = (), *, symbolic: bool = False) -> Any:
        if self._bijection is not None:
            return super().inner_point(event_shape, symbolic=symbolic)
        one = const(1.0) if symbolic else 1.0
        return self.parametrization()(ops.broadcast_to(one, event_shape))

    def _made(self, maker: MapMaker | None) -> Transform:
        from .. import transforms

        if maker is None:
            raise self._has_no_map()
        return maker(transforms)

    def with_bounds(self, low: Any, high: Any) -> Constraint:
        return self

    def region(self) -> tuple[Hashable, ...] | None:
        return (self.event_dim, self._kind)

    def _key(self) -> tuple[Hashable, ...]:
        return (type(self).__qualname__, self.name)

    def __reduce__(self) -> str:
        return self.name


class ZeroSum(Constraint):
    """Arrays whose sums along each of the last `event_dim` axes are zero."""

    def __init__(self, event_dim: int = 1) -> None:
        if not isinstance(event_dim, int) or event_dim < 1:
            raise ValueError(f"zero_sum({event_dim!r}): the number of axes must be a whole number from 1")
        super().__init__("zero_sum", event_dim=event_dim)

    def check(self, x: Any) -> Any:
        def holds(x: Any) -> Any:
            axes = tuple(range(-self.event_dim, 0))
            scale = TOLERANCE * (1.0 + np.abs(x).max(axes, initial=0.0, keepdims=True))
            fits = [(np.abs(x.sum(k, keepdims=True)) <= scale).all(axes) for k in axes]
            return np.logical_and.reduce([np.isfinite(x).all(axes), *fits])

        return any_batch(x, self.event_dim, holds)

    def condition(self) -> str:
        return "a vector with sum 0" if self.event_dim == 1 else f"sums along the last {self.event_dim} axes are 0"

    def bijection(self) -> Transform:
        from ..transforms import ZeroSumTransform

        return ZeroSumTransform(self.event_dim)


class Counts(Constraint):
    """Vectors of whole numbers from 0 whose sum is `high`."""

    event_dim = 1
    is_discrete = True

    def check(self, x: Any) -> Any:
        def holds(x: Any) -> Any:
            return ((x >= 0) & (x == np.floor(x))).all(-1) & np.equal(x.sum(-1), self.high)

        return any_batch(x, 1, holds)

    def condition(self) -> str:
        if self.name == "one_hot":
            return "a vector with a single 1, and 0 elsewhere"
        return f"a vector of whole numbers from 0 with sum {bound_text(self.high)}"

    def region(self) -> tuple[Hashable, ...] | None:
        return ("counts", hashable(self.high))

    def at(self, place: tuple[int, ...], batch_shape: tuple[int, ...]) -> Constraint:
        return self.with_bounds(self.low, np.broadcast_to(self.high, batch_shape)[place])

    def inner_point(self, event_shape: Shape = (), *, symbolic: bool = False) -> Any:
        """All in the first place."""
        like: Any = const(0.0) if symbolic or not all(isinstance(s, int) for s in event_shape) else 0.0
        first = ops.equal(vectors.positions(event_shape[-1], like), 0)
        high = (
            self.high
            if isinstance(self.high, Node) or not ops.shape_of(self.high)
            else np.asarray(self.high)[..., None]
        )
        if isinstance(high, Node) and high.rank:
            high = vectors.insert_axis(high, -1)
        return ops.where(first, high, 0)


def multinomial(upper_bound: Any) -> Constraint:
    """Vectors of whole numbers from 0 whose sum is `upper_bound`."""
    return Counts("multinomial", 0, upper_bound)


def zero_sum(event_dim: int = 1) -> Constraint:
    """Arrays whose sums along each of the last `event_dim` axes are zero. ValueError unless it is at least 1."""
    return ZeroSum(event_dim)


def _simplex(x: Any) -> Any:
    return (x >= 0.0).all(-1) & (np.abs(x.sum(-1) - 1.0) <= TOLERANCE)


def _ordered(x: Any) -> Any:
    return np.isfinite(x).all(-1) & (np.diff(x, axis=-1) > 0.0).all(-1)


def _positive_ordered(x: Any) -> Any:
    return _ordered(x) & (x > 0.0).all(-1)


def _sphere(x: Any) -> Any:
    return np.abs(np.sqrt((x * x).sum(-1)) - 1.0) <= TOLERANCE


def _l1_ball(x: Any) -> Any:
    return np.abs(x).sum(-1) <= 1.0 + TOLERANCE


simplex = VectorSet(
    "simplex",
    _simplex,
    "a vector of numbers from 0 with sum 1",
    lambda t: t.StickBreakingTransform(),
    lambda t: t.SoftmaxTransform(),
)
ordered_vector = VectorSet("ordered_vector", _ordered, "a vector of increasing numbers", lambda t: t.OrderedTransform())
positive_ordered_vector = VectorSet(
    "positive_ordered_vector",
    _positive_ordered,
    "a vector of increasing positive numbers",
    lambda t: t.ComposeTransform([t.OrderedTransform(), t.ExpTransform()]),
)
sphere = VectorSet("sphere", _sphere, "a vector of length 1", None, lambda t: t.NormalizeTransform())
l1_ball = VectorSet("l1_ball", _l1_ball, "a vector with sum of |x| at most 1", lambda t: t.L1BallTransform())
one_hot = Counts("one_hot", 0, 1)
