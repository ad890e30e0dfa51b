"""Plates: independent elements along one axis of every site inside."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..diagnostics import Span
from ..ir.dims import Dim, Shape, Size
from .bounds import is_never_negative
from .context import Context, equate, fail, static_size
from .errors import InvalidOperation, NotSupported, PlateDimension
from .text import describe
from .trace import Check
from .values import Plate


def new_plate(context: Context, values: dict[str, Any], spans: dict[str, Span], span: Span) -> Plate:
    """The primitive `plate`."""
    name, size, dim = values.get("name"), values.get("size"), values.get("dim")
    if not isinstance(name, str):
        fail(InvalidOperation(span, f"the name of a plate must be a text, not {describe(name)}"))
    if values.get("subsample_size") is not None:
        fail(NotSupported(spans["subsample_size"], "`subsample_size`", "pass a batch of the data as the argument"))
    place = spans.get("size", span)
    if isinstance(size, (bool, np.bool_)) or not isinstance(size, (int, np.integer, Dim)):
        what = f"the size of plate `{name}` must be a whole number that is known before the data, not {describe(size)}"
        fail(InvalidOperation(place, what))
    if isinstance(size, Dim):
        if not is_never_negative(size):
            context.trace.checks.append(Check("length", "", place, needed=0, size=size))
    elif size < 0:
        fail(InvalidOperation(place, f"the size of plate `{name}` must not be negative, and it is {size}"))
    dim = static_size(dim, span)
    if dim is not None and (not isinstance(dim, int) or isinstance(dim, bool) or dim >= 0):
        what = f"the dim of plate `{name}` counts from the right and must be negative"
        fail(InvalidOperation(spans["dim"], what))
    return Plate(name, size if isinstance(size, Dim) else int(size), dim)


def open_plate(context: Context, plate: Plate, span: Span) -> Plate:
    """Give the plate its axis and open it."""
    taken = {q.dim: q.name for q in context.plates}
    dim = plate.dim
    if dim is None:
        dim = -1
        while dim in taken:
            dim -= 1
    if dim in taken:
        fail(PlateDimension(span, plate.name, dim, taken[dim]))
    opened = Plate(plate.name, plate.size, dim)
    context.plates.append(opened)
    return opened


def in_plates(context: Context, shape: Shape, span: Span) -> Shape:
    """A batch shape made to fill the open plates."""
    rank = max([len(shape), *(-(q.dim or 0) for q in context.plates)])
    result: list[Size] = [*[1] * (rank - len(shape)), *shape]
    for plate in context.plates:
        assert plate.dim is not None
        own = result[plate.dim]
        if own != plate.size and own != 1:
            equate(own, plate.size, span)
        result[plate.dim] = plate.size
    return tuple(result)
