"""Plates: the axes along which draws are independent, as a context manager and as an iterator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from math import prod
from types import TracebackType
from typing import Any

import numpy as np

from ..distributions.noise import current_generator
from ..ir.dims import Shape, Size
from .eager import perform
from .marks import primitive
from .messages import Message

_open: ContextVar[tuple[plate, ...]] = ContextVar("vicompile_plates", default=())
# Subsampled plates whose loops are being run.
_looped: ContextVar[tuple[plate, ...]] = ContextVar("vicompile_looped_plates", default=())


@primitive("plate")
class plate:
    """Declare `size` independent elements.

    with plate(name, size) as index: every sample inside gets an axis of this size; `index` is np.arange(size).
    for i in plate(name, size): a plain loop over 0, 1, ..., size - 1 whose bodies are independent.

    subsample_size: so many of the elements, chosen without replacement, are in; log densities inside count size /
        subsample_size times. A fit chooses anew in every step; called directly, each plate object chooses once.
    subsample: the indices of the elements that are in, whole numbers from 0 to below `size`.
    dim: the axis, counted from the right, so negative. By default the first free one: the outermost plate takes -1, the
        next -2, as in Pyro.
    use_cuda, device: accepted for Pyro's sake, and mean nothing.

    Errors: ValueError for a name that is not a string, a size that is not a whole number from 0, a subsample that the
        plate cannot have, a taken `dim`, or a name that is already open.
    """

    def __init__(
        self,
        name: str,
        size: int,
        subsample_size: int | None = None,
        subsample: Any = None,
        dim: int | None = None,
        use_cuda: Any = None,
        device: Any = None,
    ) -> None:
        if not isinstance(name, str):
            raise ValueError(f"plate: the name must be a string, got {name!r}")
        if isinstance(size, bool) or not isinstance(size, (int, np.integer)) or size < 0:
            raise ValueError(f"plate `{name}`: the size must be a whole number from 0, got {size!r}")
        if dim is not None and (isinstance(dim, bool) or not isinstance(dim, int) or dim >= 0):
            raise ValueError(f"plate `{name}`: dim counts axes from the right and must be negative, got {dim!r}")
        self.name, self.size, self.wanted_dim = perform(Message("plate", name)), int(size), dim
        self.dim: int | None = None
        self.indices = _indices(name, self.size, subsample_size, subsample)

    @property
    def length(self) -> int:
        """How many elements are in."""
        return len(self.indices)

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
        return self.indices

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _open.set(tuple(p for p in _open.get() if p is not self))
        self.dim = None

    def __iter__(self) -> Iterator[int]:
        if self.length == self.size:
            yield from self.indices.tolist()
            return
        for i in self.indices.tolist():
            _looped.set((*_looped.get(), self))
            try:
                yield i
            finally:
                _looped.set(tuple(p for p in _looped.get() if p is not self))

    def __len__(self) -> int:
        return self.length


def _indices(name: str, size: int, count: Any, given: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
    if given is not None:
        indices = np.asarray(given)
        if indices.ndim != 1 or (indices.size and indices.dtype.kind not in "iu"):
            raise ValueError(f"plate `{name}`: subsample must be a one-dimensional array of whole numbers")
        if indices.size and not (indices.min() >= 0 and indices.max() < size):
            raise ValueError(f"plate `{name}`: the indices in subsample must lie from 0 to below {size}")
        if count is not None and count != len(indices):
            raise ValueError(f"plate `{name}`: subsample_size is {count!r}, but subsample has {len(indices)} indices")
        return indices.astype(np.int64)
    if count is None or count == size:
        return np.arange(size, dtype=np.int64)
    if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or not 1 <= count <= size:
        raise ValueError(f"plate `{name}`: subsample_size must be a whole number from 1 to {size}, got {count!r}")
    return current_generator().choice(size, int(count), replace=False).astype(np.int64)


@primitive("plate_stack")
@contextmanager
def plate_stack(prefix: str, sizes: Iterable[int], rightmost_dim: int = -1) -> Iterator[None]:
    """Open plates `prefix_0`, `prefix_1`, ... for `sizes` from the right, on `rightmost_dim` and those left of it."""
    with ExitStack() as stack:
        for k, size in enumerate(reversed(list(sizes))):
            stack.enter_context(plate(f"{prefix}_{k}", size, dim=rightmost_dim - k))
        yield


@primitive("subsample")
def subsample(data: Any, event_dim: int = 0) -> Any:
    """Of `data` over all elements of the open subsampled plates the rows of those elements that are in.

    event_dim: how many axes at the right belong to one element; each plate's axis lies to the left of them. An axis
        that has as many elements as are in stays as it is. ValueError, naming the plate, for any other length.
    """
    array = np.asarray(data)
    for p in _open.get():
        assert p.dim is not None
        axis = array.ndim - event_dim + p.dim
        if p.length == p.size or axis < 0 or array.shape[axis] in (1, p.length):
            continue
        if array.shape[axis] != p.size:
            raise ValueError(
                f"the plate `{p.name}` has {p.size} elements, of which {p.length} are in; axis {axis} of the data has "
                f"{array.shape[axis]}"
            )
        array = np.take(array, p.indices, axis)
    return array


def plate_scale() -> float | None:
    """How often a log density counts here: size / length of every subsampled plate around; None where there is none."""
    found = [p.size / p.length for p in (*_open.get(), *_looped.get()) if 0 < p.length != p.size]
    return prod(found) if found else None


def plate_shape(own: Shape) -> Shape:
    """A batch shape made to fill the open plates. ValueError, naming the plate, where the two disagree."""
    open_plates = _open.get()
    rank = max([len(own), *(-p.dim for p in open_plates if p.dim is not None)])
    shape: list[Size] = [1] * (rank - len(own))
    shape.extend(own)
    for p in open_plates:
        assert p.dim is not None
        if shape[p.dim] not in (1, p.length):
            raise ValueError(
                f"the plate `{p.name}` has size {p.length} on axis {p.dim}, where the distribution's batch shape {own} "
                f"has {shape[p.dim]}"
            )
        shape[p.dim] = p.length
    return tuple(shape)
