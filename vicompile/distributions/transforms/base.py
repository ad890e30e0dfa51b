"""What every transform is: a map between two sets, with its inverse and the logarithm of its Jacobian.

To declare one: a subclass with `domain`, `codomain`, `__call__`, `backward` and `log_abs_det_jacobian`. See
docs/add-a-distribution.md.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from ...ir import ops
from ...ir.dims import Shape
from ...ir.nodes import Node, const
from ..constraints.base import Constraint, hashable
from ..constraints.combined import independent
from ..constraints.line import real


class Transform:
    """A map from `domain` to `codomain`, written over `vicompile.ir.ops`: the same on NumPy arrays and graph nodes.

    `t(x)` maps, `t.inv` is the inverse as a transform, `t.inv(y)` maps back. Events are on the last axes, as many as
    `domain.event_dim` and `codomain.event_dim`; leading axes are batches. Compared by their fields.

    is_bijective: False where several x have one image; then `backward` gives one of them and there is no Jacobian.
    """

    domain: Constraint = real
    codomain: Constraint = real
    is_bijective: bool = True

    def __call__(self, x: Any) -> Any:
        """The image of x."""
        raise NotImplementedError

    def backward(self, y: Any) -> Any:
        """The x whose image is y."""
        raise NotImplementedError

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        """log |det dy/dx| at x, whose image is y: of the batch shape. TypeError where the map is not bijective.

        For an image of fewer dimensions than the space it lies in: with respect to its free coordinates.
        """
        if not self.is_bijective:
            raise TypeError(f"{self!r} is not one to one: it has no Jacobian determinant")
        raise NotImplementedError

    def forward_shape(self, shape: Shape) -> Shape:
        """The shape of the image of an array of this shape."""
        return shape

    def inverse_shape(self, shape: Shape) -> Shape:
        """The shape of the x of an image of this shape."""
        return shape

    @property
    def inv(self) -> Transform:
        """The inverse."""
        return Inverse(self)

    def _key(self) -> Hashable:
        return (type(self), tuple(sorted((name, hashable(value)) for name, value in vars(self).items())))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Transform) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class Inverse(Transform):
    """The inverse of a transform."""

    def __init__(self, base: Transform) -> None:
        self.base = base
        self.is_bijective = base.is_bijective

    @property
    def domain(self) -> Constraint:  # type: ignore[override]
        """What the base maps to."""
        return self.base.codomain

    @property
    def codomain(self) -> Constraint:  # type: ignore[override]
        """What the base maps from."""
        return self.base.domain

    @property
    def inv(self) -> Transform:
        """The base itself."""
        return self.base

    def __call__(self, x: Any) -> Any:
        """The value that the base maps to x."""
        return self.base.backward(x)

    def backward(self, y: Any) -> Any:
        """What the base maps y to."""
        return self.base(y)

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        """Minus that of the base."""
        return -self.base.log_abs_det_jacobian(y, x)

    def forward_shape(self, shape: Shape) -> Shape:
        return self.base.inverse_shape(shape)

    def inverse_shape(self, shape: Shape) -> Shape:
        return self.base.forward_shape(shape)

    def __repr__(self) -> str:
        return f"{self.base!r}.inv"


class IdentityTransform(Transform):
    """y = x."""

    def __call__(self, x: Any) -> Any:
        return x

    def backward(self, y: Any) -> Any:
        return y

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return zeros(ops.shape_of(x), x)


class IndependentTransform(Transform):
    """The map `base` of each member of an array, whose last batch axes become part of one event."""

    def __init__(self, base: Transform, reinterpreted_batch_ndims: int) -> None:
        self.base, self.reinterpreted = base, reinterpreted_batch_ndims
        self.is_bijective = base.is_bijective

    @property
    def domain(self) -> Constraint:  # type: ignore[override]
        """Arrays of members of the base's domain."""
        return independent(self.base.domain, self.reinterpreted)

    @property
    def codomain(self) -> Constraint:  # type: ignore[override]
        """Arrays of members of the base's codomain."""
        return independent(self.base.codomain, self.reinterpreted)

    def __call__(self, x: Any) -> Any:
        return self.base(x)

    def backward(self, y: Any) -> Any:
        return self.base.backward(y)

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return sum_last(self.base.log_abs_det_jacobian(x, y), self.reinterpreted)

    def forward_shape(self, shape: Shape) -> Shape:
        return self.base.forward_shape(shape)

    def inverse_shape(self, shape: Shape) -> Shape:
        return self.base.inverse_shape(shape)

    def __repr__(self) -> str:
        return f"IndependentTransform({self.base!r}, {self.reinterpreted})"


class ComposeTransform(Transform):
    """The maps `parts` one after the other, the first one first."""

    def __init__(self, parts: Sequence[Transform]) -> None:
        self.parts = tuple(parts)
        self.is_bijective = all(part.is_bijective for part in self.parts)

    @property
    def domain(self) -> Constraint:  # type: ignore[override]
        """That of the first part, with as many event axes as the widest part needs."""
        if not self.parts:
            return real
        wanted = self.parts[-1].codomain.event_dim
        for part in reversed(self.parts):
            wanted = max(wanted + part.domain.event_dim - part.codomain.event_dim, part.domain.event_dim)
        first = self.parts[0].domain
        return independent(first, wanted - first.event_dim)

    @property
    def codomain(self) -> Constraint:  # type: ignore[override]
        """That of the last part, with as many event axes as the widest part needs."""
        if not self.parts:
            return real
        wanted = self.parts[0].domain.event_dim
        for part in self.parts:
            wanted = max(wanted + part.codomain.event_dim - part.domain.event_dim, part.codomain.event_dim)
        last = self.parts[-1].codomain
        return independent(last, wanted - last.event_dim)

    def __call__(self, x: Any) -> Any:
        for part in self.parts:
            x = part(x)
        return x

    def backward(self, y: Any) -> Any:
        for part in reversed(self.parts):
            y = part.backward(y)
        return y

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        if not self.is_bijective:
            return super().log_abs_det_jacobian(x, y)
        event_dim = self.domain.event_dim
        total: Any = None
        for part in self.parts:
            image = y if part is self.parts[-1] else part(x)
            term = sum_last(part.log_abs_det_jacobian(x, image), event_dim - part.domain.event_dim)
            total = term if total is None else total + term
            event_dim += part.codomain.event_dim - part.domain.event_dim
            x = image
        return zeros(ops.shape_of(x), x) if total is None else total

    def forward_shape(self, shape: Shape) -> Shape:
        for part in self.parts:
            shape = part.forward_shape(shape)
        return shape

    def inverse_shape(self, shape: Shape) -> Shape:
        for part in reversed(self.parts):
            shape = part.inverse_shape(shape)
        return shape

    def __repr__(self) -> str:
        return f"ComposeTransform([{', '.join(map(repr, self.parts))}])"


def zeros(shape: Shape, like: Any) -> Any:
    """Zeros: a node if `like` is one."""
    return ops.broadcast_to(const(0.0) if isinstance(like, Node) else 0.0, shape)


def sum_last(x: Any, count: int) -> Any:
    """The sum over the last `count` axes."""
    return ops.total(x, range(-count, 0)) if count else x


def last_axis(shape: Shape, owner: Transform) -> Shape:
    """The shape, which has at least one axis. ValueError for a single number."""
    if not shape:
        raise ValueError(f"{owner!r} maps vectors, and got a single number")
    return shape
