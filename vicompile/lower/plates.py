"""Plates: independent elements along one axis of every site inside."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..diagnostics import Span
from ..ir.dims import Dim, Shape, Size
from ..ir.nodes import Node
from .bounds import as_size, is_never_negative
from .context import Context, equate, fail, static_size
from .errors import InvalidOperation, PlateDimension, PlateMeetsItself, PlateShape
from .subsampling import batch_of, chosen_elements
from .text import describe
from .trace import Check, PlateRecord
from .values import Plate

Values = dict[str, Any]
Spans = dict[str, Span]


def new_plate(context: Context, values: Values, spans: Spans, span: Span) -> Plate:
    """The primitive `plate`."""
    name = values.get("name")
    if not isinstance(name, str):
        fail(InvalidOperation(span, f"the name of a plate must be a text, not {describe(name)}"))
    size = _size(context, name, values.get("size"), spans.get("size", span))
    dim = _dim(values.get("dim"), f"the dim of plate `{name}`", spans.get("dim", span))
    plate = Plate(name, size, dim, chosen_elements(context, name, size, values, spans, span))
    _meet(context, plate, span)
    return plate


def stacked(values: Values, spans: Spans, span: Span) -> list[tuple[Values, Spans]]:
    """The plates that `plate_stack` stands for, `prefix_0`, `prefix_1`, ... for the sizes from the right: the arguments
    of each, and their places.
    """
    prefix, sizes = values.get("prefix"), values.get("sizes")
    if not isinstance(prefix, str):
        fail(InvalidOperation(span, f"the prefix of a stack of plates must be a text, not {describe(prefix)}"))
    if not isinstance(sizes, (tuple, list)):
        fail(InvalidOperation(spans.get("sizes", span), f"the sizes must be a tuple, not {describe(sizes)}"))
    dim = _dim(values.get("rightmost_dim", -1), "`rightmost_dim`", spans.get("rightmost_dim", span)) or -1
    places = {"size": spans.get("sizes", span)}
    return [({"name": f"{prefix}_{k}", "size": size, "dim": dim - k}, places) for k, size in enumerate(reversed(sizes))]


def _size(context: Context, name: str, size: Any, place: Span) -> Size:
    if isinstance(size, (bool, np.bool_)) or not isinstance(size, (int, np.integer, Dim)):
        what = f"the size of plate `{name}` must be a whole number that is known before the data, not {describe(size)}"
        fail(InvalidOperation(place, what))
    if isinstance(size, Dim):
        if not is_never_negative(size):
            context.trace.checks.append(Check("length", "", place, needed=0, size=size))
    elif size < 0:
        fail(InvalidOperation(place, f"the size of plate `{name}` must not be negative, and it is {size}"))
    return as_size(size)


def _dim(dim: Any, what: str, place: Span) -> int | None:
    dim = static_size(dim, place)
    if dim is not None and (not isinstance(dim, int) or isinstance(dim, bool) or dim >= 0):
        fail(InvalidOperation(place, f"{what} counts from the right and must be negative"))
    return dim


def _meet(context: Context, plate: Plate, span: Span) -> None:
    """A plate may be declared in several places, and is the same one there."""
    record = PlateRecord(plate.name, plate.size, plate.chosen, span)
    known = context.trace.plates.setdefault(plate.name, record)
    disagreement = known.disagreement(record)
    if disagreement is not None:
        what, ours, theirs = disagreement
        if what == "size" and not (isinstance(ours, int) and isinstance(theirs, int)):
            equate(ours, theirs, span)
        fail(PlateMeetsItself(span, plate.name, what))


def open_plate(context: Context, plate: Plate, span: Span) -> Plate:
    """Give the plate its axis and open it."""
    taken = {q.dim: q.name for q in context.plates}
    if plate.name in taken.values():
        fail(InvalidOperation(span, f"the plate `{plate.name}` is already open"))
    dim = plate.dim
    if dim is None:
        dim = -1
        while dim in taken:
            dim -= 1
    if dim in taken:
        fail(PlateDimension(span, plate.name, dim, taken[dim]))
    opened = plate.replaced(dim=dim)
    context.plates.append(opened)
    return opened


def in_plates(context: Context, shape: Shape, span: Span) -> Shape:
    """A batch shape made to fill the open plates."""
    rank = max([len(shape), *(-(q.dim or 0) for q in context.plates)])
    result: list[Size] = [*[1] * (rank - len(shape)), *shape]
    for plate in context.plates:
        assert plate.dim is not None
        own = result[plate.dim]
        if own != plate.length and own != 1:
            if isinstance(own, int) and isinstance(plate.length, int):
                fail(PlateShape(span, plate.name, plate.length, plate.dim, own))
            equate(own, plate.length, span)
        result[plate.dim] = plate.length
    return tuple(result)


def rows_in_plates(context: Context, value: Node, event_dim: int, span: Span) -> Node:
    """Of an array over all elements of subsampled plates those that are in; one of their number stays as it is."""
    for plate in context.plates:
        assert plate.dim is not None
        axis = value.rank - event_dim + plate.dim
        if plate.chosen is None or axis < 0 or value.shape[axis] in (1, plate.length):
            continue
        if value.shape[axis] != plate.size:
            equate(value.shape[axis], plate.size, span)
        value = rows_at(value, axis, plate.chosen)
    return batch_of(value)


def rows_at(value: Node, axis: int, chosen: Node) -> Node:
    """The elements with these indices along one axis."""
    from .arrays import index

    found: Node = index(value, [*[slice(None)] * axis, chosen])[0]
    return found


def subsample(context: Context, values: Values, spans: Spans, span: Span) -> Node:
    """The primitive `subsample`."""
    value = context.node(values.get("data"), spans.get("data", span), "what is subsampled")
    return rows_in_plates(context, value, event_dim_of(value, values.get("event_dim", 0), span), span)


def event_dim_of(value: Node, event_dim: Any, span: Span) -> int:
    """How many axes at the right belong to one element."""
    count = static_size(event_dim, span)
    if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= value.rank:
        fail(InvalidOperation(span, f"`event_dim` must be a number of axes from 0 to {value.rank}, not {count!r}"))
    return count
