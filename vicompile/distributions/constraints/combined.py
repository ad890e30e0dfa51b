"""Sets made of other sets: independent elements, pieces side by side, and what depends on other values."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...ir import ops
from ...ir.dims import Shape
from .base import Constraint, any_batch
from .line import real
from .vectors import simplex

if TYPE_CHECKING:
    from ..transforms.base import Transform


class Independent(Constraint):
    """Arrays of members of `base`: its last `reinterpreted` batch axes are part of one member."""

    base: Constraint
    reinterpreted: int

    def __init__(self, base: Constraint, reinterpreted: int, name: str | None = None) -> None:
        super().__init__(
            name or f"independent({base!r}, {reinterpreted})",
            base.low,
            base.high,
            base=base,
            reinterpreted=reinterpreted,
            event_dim=base.event_dim + reinterpreted,
            is_discrete=base.is_discrete,
        )

    def check(self, x: Any) -> Any:
        if np.ndim(x) < self.event_dim:
            return np.asarray(False)
        batch = np.shape(x)[: np.ndim(x) - self.base.event_dim]
        inside = np.broadcast_to(self.base.check(x), batch)
        return inside.all(tuple(range(-self.reinterpreted, 0)))

    def encloses(self, x: Any) -> Any:
        each = self.base.encloses(x)
        if each is True:
            return True
        outside = ops.total(ops.where(each, 0.0, 1.0), range(-self.reinterpreted, 0))
        return ops.equal(outside, 0.0)

    def bijection(self) -> Transform:
        from ..transforms import IndependentTransform

        return IndependentTransform(self.base.bijection(), self.reinterpreted)

    def parametrization(self) -> Transform:
        from ..transforms import IndependentTransform

        return IndependentTransform(self.base.parametrization(), self.reinterpreted)

    def with_bounds(self, low: Any, high: Any) -> Constraint:
        return Independent(self.base.with_bounds(low, high), self.reinterpreted, self.name)

    def outside(self, x: Any) -> tuple[tuple[int, ...], Any, str] | None:
        """As `base` tells it: which element is wrong says more than which array."""
        if np.ndim(x) < self.event_dim:
            return super().outside(x)
        return self.base.outside(x)

    def on_boundary(self, x: Any, unconstrained: Any) -> tuple[tuple[int, ...], Any, str]:
        return self.base.on_boundary(x, unconstrained)

    def inner_point(self, event_shape: Shape = (), *, symbolic: bool = False) -> Any:
        inner = self.base.inner_point(event_shape[self.reinterpreted :], symbolic=symbolic)
        shape = ops.broadcast_shapes(ops.shape_of(inner), event_shape)
        return ops.broadcast_to(ops.as_node(inner) if symbolic and not ops.shape_of(inner) else inner, shape)

    def condition(self) -> str:
        kinds = {1: "a vector", 2: "a matrix"}
        kind = kinds.get(self.event_dim, f"an array with {self.event_dim} axes")
        each = {0: "elements", 1: "rows", 2: "matrices"}.get(self.base.event_dim, "parts")
        if isinstance(self.base, type(real)):
            return f"{kind} of finite numbers"
        return f"{kind} of {each}, each {self.base.describe()}"

    def region(self) -> tuple[Hashable, ...] | None:
        return self.base.region()


class Cat(Constraint):
    """Vectors made of pieces side by side, each of its own set."""

    event_dim = 1
    parts: tuple[Constraint, ...]
    lengths: tuple[int, ...]

    def check(self, x: Any) -> Any:
        def holds(x: Any) -> Any:
            if x.shape[-1] != sum(self.lengths):
                return np.zeros(x.shape[:-1], bool)
            ends = np.cumsum(self.lengths)
            pieces = [x[..., end - length : end] for end, length in zip(ends, self.lengths)]
            return np.logical_and.reduce([part.check(piece) for part, piece in zip(self.parts, pieces)])

        return any_batch(x, 1, holds)

    def bijection(self) -> Transform:
        from ..transforms import CatTransform

        return CatTransform([part.bijection() for part in self.parts], lengths=self._unconstrained_lengths())

    def parametrization(self) -> Transform:
        from ..transforms import CatTransform

        maps = [part.parametrization() for part in self.parts]
        return CatTransform(maps, lengths=[t.inverse_shape((k,))[0] for t, k in zip(maps, self.lengths)])

    def _unconstrained_lengths(self) -> list[Any]:
        return [part.unconstrained_shape((length,))[0] for part, length in zip(self.parts, self.lengths)]

    def condition(self) -> str:
        return "pieces of " + ", ".join(f"{k}: {p.describe()}" for k, p in zip(self.lengths, self.parts))


class Stack(Constraint):
    """Arrays whose first event axis goes through members of different sets."""

    parts: tuple[Constraint, ...]

    def check(self, x: Any) -> Any:
        def holds(x: Any) -> Any:
            if x.shape[-self.event_dim] != len(self.parts):
                return np.zeros(x.shape[: x.ndim - self.event_dim], bool)
            pieces = np.moveaxis(x, -self.event_dim, 0)
            return np.logical_and.reduce([part.check(piece) for part, piece in zip(self.parts, pieces)])

        return any_batch(x, self.event_dim, holds)

    def bijection(self) -> Transform:
        from ..transforms import StackTransform

        return StackTransform([part.bijection() for part in self.parts])

    def parametrization(self) -> Transform:
        from ..transforms import StackTransform

        return StackTransform([part.parametrization() for part in self.parts])

    def condition(self) -> str:
        return "in turn " + ", ".join(part.describe() for part in self.parts)


class Dependent(Constraint):
    """A set that depends on other values: known only where these are."""

    def check(self, x: Any) -> Any:
        raise ValueError(f"{self.describe()}: whether a value is inside cannot be said here")

    def condition(self) -> str:
        return "a set that depends on other values"


def independent(base: Constraint, reinterpreted_batch_ndims: int, name: str | None = None) -> Constraint:
    """Arrays with `reinterpreted_batch_ndims` axes of members of `base`; `base` itself for 0.

    TypeError and ValueError for anything but a constraint and a whole number from 0.
    """
    count = reinterpreted_batch_ndims
    if not isinstance(base, Constraint):
        raise TypeError(f"independent: expected a constraint, got {base!r}")
    if not isinstance(count, int) or count < 0:
        raise ValueError(f"independent({base!r}, {count!r}): the number of axes must be a whole number from 0")
    if count == 0:
        return base
    if isinstance(base, Independent):
        return independent(base.base, base.reinterpreted + count, name)
    if base == real and name is None:
        name = {1: "real_vector", 2: "real_matrix"}.get(count)
    return Independent(base, count, name)


def cat(cseq: Sequence[Constraint], dim: int = 0, lengths: Sequence[int] | None = None) -> Constraint:
    """Vectors made of pieces: `lengths` elements (1 each by default) of each set in turn.

    cseq: sets of numbers or of vectors. dim: an axis of the vector, so 0 or -1.
    """
    parts = _parts("cat", cseq)
    sizes = (1,) * len(parts) if lengths is None else tuple(int(k) for k in lengths)
    if dim not in (0, -1):
        raise ValueError(f"cat: dim is {dim}; the pieces of a vector lie on its only axis, 0")
    if len(sizes) != len(parts):
        raise ValueError(f"cat: {len(parts)} sets, but {len(sizes)} lengths")
    if any(part.event_dim > 1 for part in parts):
        raise ValueError("cat: the pieces must be numbers or vectors; for matrices use `stack`")
    whole = tuple(part if part.event_dim else independent(part, 1) for part in parts)
    return Cat("cat", parts=whole, lengths=sizes, is_discrete=any(p.is_discrete for p in parts))


def stack(cseq: Sequence[Constraint], dim: int = 0) -> Constraint:
    """Arrays whose members along their first event axis are of each set in turn.

    cseq: sets with the same number of event axes. dim: the axis of the event, so 0, or as negative from the end.
    """
    parts = _parts("stack", cseq)
    dims = {part.event_dim for part in parts}
    if len(dims) != 1:
        raise ValueError("stack: the sets must have the same number of event axes")
    event_dim = dims.pop() + 1
    if dim not in (0, -event_dim):
        raise ValueError(f"stack: dim is {dim}; the sets lie along the first axis of the event, 0 or {-event_dim}")
    return Stack("stack", parts=parts, event_dim=event_dim, is_discrete=any(p.is_discrete for p in parts))


def _parts(owner: str, cseq: Sequence[Constraint]) -> tuple[Constraint, ...]:
    parts = tuple(cseq)
    if not parts or not all(isinstance(part, Constraint) for part in parts):
        raise TypeError(f"{owner}: expected a sequence of constraints, got {cseq!r}")
    return parts


real_vector = independent(real, 1)
real_matrix = independent(real, 2)
row_stochastic = independent(simplex, 1, "row_stochastic")
dependent = Dependent("dependent")
