"""Maps that change the shape of an event, or treat its pieces differently."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...ir import ops, vectors
from ...ir.dims import Shape, Size, product
from ..constraints.base import Constraint
from ..constraints.combined import cat, independent, stack
from ..constraints.line import real
from .base import Transform, last_axis, sum_last, zeros


class ReshapeTransform(Transform):
    """Events of one shape become events of another with as many elements, in the order of rows.

    ValueError for shapes with different numbers of elements.
    """

    def __init__(self, forward_shape: Sequence[int], inverse_shape: Sequence[int]) -> None:
        self.to, self.of = tuple(forward_shape), tuple(inverse_shape)
        if product(self.to) != product(self.of):
            raise ValueError(f"ReshapeTransform: {self.of} and {self.to} have different numbers of elements")

    @property
    def domain(self) -> Constraint:  # type: ignore[override]
        """Arrays of real numbers."""
        return independent(real, len(self.of))

    @property
    def codomain(self) -> Constraint:  # type: ignore[override]
        """Arrays of real numbers."""
        return independent(real, len(self.to))

    def __call__(self, x: Any) -> Any:
        return vectors.reshape_event(x, self.of, self.to)

    def backward(self, y: Any) -> Any:
        return vectors.reshape_event(y, self.to, self.of)

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        shape = ops.shape_of(x)
        return zeros(shape[: len(shape) - len(self.of)], x)

    def forward_shape(self, shape: Shape) -> Shape:
        return self._changed(shape, self.of, self.to)

    def inverse_shape(self, shape: Shape) -> Shape:
        return self._changed(shape, self.to, self.of)

    def _changed(self, shape: Shape, before: Shape, after: Shape) -> Shape:
        batch = len(shape) - len(before)
        if batch < 0:
            raise ValueError(f"{self!r}: an array of shape {shape} has too few axes")
        for size, wanted in zip(shape[batch:], before):
            vectors.agree(size, wanted, f"{self!r} maps events of shape {before}, got {shape[batch:]}")
        return (*shape[:batch], *after)

    def __repr__(self) -> str:
        return f"ReshapeTransform({self.to}, {self.of})"


class CatTransform(Transform):
    """Vectors whose pieces side by side are mapped each in its own way.

    tseq: maps of numbers or of vectors. lengths: the elements of each piece before the map, 1 each by default.
    """

    def __init__(self, tseq: Sequence[Transform], dim: int = 0, lengths: Sequence[Size] | None = None) -> None:
        if dim not in (0, -1):
            raise ValueError(f"CatTransform: dim is {dim}; the pieces of a vector lie on its only axis, 0")
        self.parts = tuple(tseq)
        self.lengths = (1,) * len(self.parts) if lengths is None else tuple(lengths)
        self.is_bijective = all(part.is_bijective for part in self.parts)

    @property
    def domain(self) -> Constraint:  # type: ignore[override]
        """The domains of the parts, side by side."""
        return cat([part.domain for part in self.parts], lengths=self.lengths)  # type: ignore[arg-type]

    @property
    def codomain(self) -> Constraint:  # type: ignore[override]
        """The codomains of the parts, side by side."""
        return cat([part.codomain for part in self.parts], lengths=self._lengths_after())  # type: ignore[arg-type]

    def _lengths_after(self) -> tuple[Size, ...]:
        return tuple(part.forward_shape((k,))[0] for part, k in zip(self.parts, self.lengths))

    def __call__(self, x: Any) -> Any:
        pieces = _pieces(x, self.lengths)
        return vectors.concatenate_last([part(piece) for part, piece in zip(self.parts, pieces)])

    def backward(self, y: Any) -> Any:
        pieces = _pieces(y, self._lengths_after())
        return vectors.concatenate_last([part.backward(piece) for part, piece in zip(self.parts, pieces)])

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        total: Any = 0.0
        pairs = zip(self.parts, _pieces(x, self.lengths), _pieces(y, self._lengths_after()))
        for part, before, after in pairs:
            total = total + sum_last(part.log_abs_det_jacobian(before, after), 1 - part.domain.event_dim)
        return total

    def forward_shape(self, shape: Shape) -> Shape:
        return self._changed(shape, self.lengths, self._lengths_after())

    def inverse_shape(self, shape: Shape) -> Shape:
        return self._changed(shape, self._lengths_after(), self.lengths)

    def _changed(self, shape: Shape, before: Sequence[Size], after: Sequence[Size]) -> Shape:
        last_axis(shape, self)
        vectors.agree(shape[-1], _total(before), f"{self!r} maps vectors of {_total(before)} elements, got {shape[-1]}")
        return (*shape[:-1], _total(after))

    def __repr__(self) -> str:
        return f"CatTransform([{', '.join(map(repr, self.parts))}], lengths={list(self.lengths)})"


class StackTransform(Transform):
    """Arrays whose parts along the first event axis are mapped each in its own way.

    tseq: maps with the same numbers of event axes, which keep the shape of an event or change it all alike.
    """

    def __init__(self, tseq: Sequence[Transform], dim: int = 0) -> None:
        self.parts = tuple(tseq)
        self.is_bijective = all(part.is_bijective for part in self.parts)
        if dim not in (0, -self.domain.event_dim):
            raise ValueError(f"StackTransform: dim is {dim}; the parts lie along the first axis of the event, 0")

    @property
    def domain(self) -> Constraint:  # type: ignore[override]
        """The domains of the parts, in turn."""
        return stack([part.domain for part in self.parts])

    @property
    def codomain(self) -> Constraint:  # type: ignore[override]
        """The codomains of the parts, in turn."""
        return stack([part.codomain for part in self.parts])

    def __call__(self, x: Any) -> Any:
        pieces = vectors.unstack(x, self.domain.event_dim)
        images = [part(piece) for part, piece in zip(self.parts, pieces, strict=True)]
        return vectors.stack(images, self.codomain.event_dim)

    def backward(self, y: Any) -> Any:
        pieces = vectors.unstack(y, self.codomain.event_dim)
        found = [part.backward(piece) for part, piece in zip(self.parts, pieces, strict=True)]
        return vectors.stack(found, self.domain.event_dim)

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        before, after = vectors.unstack(x, self.domain.event_dim), vectors.unstack(y, self.codomain.event_dim)
        total: Any = 0.0
        for part, one, image in zip(self.parts, before, after, strict=True):
            total = total + part.log_abs_det_jacobian(one, image)
        return total

    def forward_shape(self, shape: Shape) -> Shape:
        event = len(shape) - self.domain.event_dim
        (after,) = {part.forward_shape(shape[event + 1 :]) for part in self.parts}
        return (*shape[: event + 1], *after)

    def inverse_shape(self, shape: Shape) -> Shape:
        event = len(shape) - self.codomain.event_dim
        if event < 0:
            raise ValueError(f"{self!r}: an array of shape {shape} has too few axes")
        vectors.agree(shape[event], len(self.parts), f"{self!r} has {len(self.parts)} parts, got {shape[event]}")
        (before,) = {part.inverse_shape(shape[event + 1 :]) for part in self.parts}
        return (*shape[: event + 1], *before)

    def __repr__(self) -> str:
        return f"StackTransform([{', '.join(map(repr, self.parts))}])"


def _pieces(x: Any, lengths: Sequence[Size]) -> list[Any]:
    pieces, start = [], 0
    vectors.agree(
        vectors.last_size(x),
        _total(lengths),
        f"pieces of {list(lengths)} elements do not make a vector of {vectors.last_size(x)}",
    )
    for length in lengths:
        pieces.append(vectors.slice_last(x, start, start + length))
        start = start + length  # type: ignore[assignment]
    return pieces


def _total(lengths: Sequence[Size]) -> Size:
    total: Size = 0
    for length in lengths:
        total = total + length
    return total
