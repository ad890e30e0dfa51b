"""Plates: the axes along which draws are independent, as a context manager and as an iterator."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from types import TracebackType
from typing import Any

import numpy as np

from ..ir.dims import Shape, Size
from .eager import perform
from .marks import primitive
from .messages import Message

_open: ContextVar[tuple[plate, ...]] = ContextVar("vicompile_plates", default=())


@primitive("plate")
class plate:
    """Declare `size` independent elements.

    with plate(name, size) as index: every sample inside gets an axis of this size; `index` is np.arange(size).
    for i in plate(name, size): a plain loop over 0, 1, ..., size - 1 whose bodies are independent.

    dim: the axis, counted from the right, so negative. By default the first free one: the outermost plate takes -1, the
        next -2, as in Pyro.
    subsample_size: only None or `size`. NotImplementedError for a smaller one.

    Errors: ValueError for a name that is not a string, a size that is not a whole number from 0, a taken `dim`, or a
    name
        that is already open.
    """

    def __init__(self, name: str, size: int, subsample_size: int | None = None, dim: int | None = None) -> None:
        if not isinstance(name, str):
            raise ValueError(f"plate: the name must be a string, got {name!r}")
        if isinstance(size, bool) or not isinstance(size, (int, np.integer)) or size < 0:
            raise ValueError(f"plate `{name}`: the size must be a whole number from 0, got {size!r}")
        if subsample_size is not None and subsample_size != size:
            raise NotImplementedError(
                f"plate `{name}`: subsample_size={subsample_size!r} with size={size} is not supported yet; "
                "pass a batch of the data as the argument"
            )
        if dim is not None and (isinstance(dim, bool) or not isinstance(dim, int) or dim >= 0):
            raise ValueError(f"plate `{name}`: dim counts axes from the right and must be negative, got {dim!r}")
        self.name, self.size, self.wanted_dim = perform(Message("plate", name)), int(size), dim
        self.dim: int | None = None

    def __enter__(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        outer = _open.get()
        taken = {p.dim: p.name for p in outer}
        if any(p.name == self.name for p in outer):
            raise ValueError(f"plate `{self.name}` is already open")
        dim = self.wanted_dim
        if dim is None:
            dim = -1
            while dim in taken:
                dim -= 1
        if dim in taken:
            raise ValueError(f"plate `{self.name}`: dim {dim} is taken by the plate `{taken[dim]}` around it")
        self.dim = dim
        _open.set((*outer, self))
        return np.arange(self.size, dtype=np.int64)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _open.set(tuple(p for p in _open.get() if p is not self))
        self.dim = None

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.size))

    def __len__(self) -> int:
        return self.size


def plate_shape(own: Shape) -> Shape:
    """A batch shape made to fill the open plates. ValueError, naming the plate, where the two disagree."""
    open_plates = _open.get()
    rank = max([len(own), *(-p.dim for p in open_plates if p.dim is not None)])
    shape: list[Size] = [1] * (rank - len(own))
    shape.extend(own)
    for p in open_plates:
        assert p.dim is not None
        if shape[p.dim] not in (1, p.size):
            raise ValueError(
                f"the plate `{p.name}` has size {p.size} on axis {p.dim}, where the distribution's batch shape {own} "
                f"has {shape[p.dim]}"
            )
        shape[p.dim] = p.size
    return tuple(shape)
