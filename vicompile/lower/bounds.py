"""What is certain about sizes before the data is known, and the positions and slices that are made from them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..diagnostics import Record
from ..ir.dims import Dim, Size, inside
from ..specialise import is_length
from .text import describe

# What must hold when data is bound. ("length", a, b): a <= b. ("index", a, b): 0 <= a < b. ("multiple", a, b): a is a
# multiple of b.
Bound = tuple[str, Any, Size]


class NeedsNumber(Exception):
    """A size where only a number will do."""

    def __init__(self, size: Dim, what: str) -> None:
        super().__init__(f"{what} must be a whole number that the program fixes")
        self.size = size


class Bounded(Record, eq=False):
    """The value of an array function, and what must hold when data is bound."""

    value: Any
    bounds: list[Bound]


def is_never_negative(size: Size) -> bool:
    """Whether a size is made from lengths of arrays by sums, products and quotients alone."""
    if isinstance(size, Dim):
        return all(c >= 0 for _, c in size.terms) and all(map(_is_count, size.names))
    return size >= 0


def _is_count(name: str) -> bool:
    made_of = inside(name)
    return is_length(name) if made_of is None else all(map(is_never_negative, made_of))


def whole(value: Any, what: str) -> int:
    """A whole number that is known before the data. NeedsNumber for a size, TypeError for anything else."""
    if isinstance(value, Dim):
        raise NeedsNumber(value, what)
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{what} must be a whole number that the program fixes, not {describe(value)}")
    return int(value)


def as_size(value: Any) -> Size:
    """A whole number or size. TypeError for anything else, ValueError for a negative number."""
    if isinstance(value, Dim):
        return value
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"a size must be a whole number that is known before the data, not {describe(value)}")
    if value < 0:
        raise ValueError(f"a size must not be negative, and this one is {value}")
    return int(value)


def at_most(low: Size, high: Size) -> list[Bound]:
    """The condition low <= high, unless it is certain."""
    return [] if is_never_negative(high - low) else [("length", low, high)]


def position(item: Any, length: Size) -> tuple[Size, list[Bound]]:
    """One element's place along an axis, counted from the start. IndexError where it is certainly outside."""
    if isinstance(item, Dim):
        certain = is_never_negative(item) and is_never_negative(length - item - 1)
        return item, [] if certain else [("index", item, length)]
    if isinstance(item, (bool, np.bool_)) or not isinstance(item, (int, np.integer)):
        raise TypeError(f"an index must be a whole number, a slice or an integer array, not {describe(item)}")
    place = int(item)
    needed = place + 1 if place >= 0 else -place
    if isinstance(length, int) and needed > length:
        raise IndexError(f"index {place} is out of bounds for an axis of size {length}")
    return (length + place if place < 0 else place), at_most(needed, length)


def slice_bounds(item: slice, length: Size) -> tuple[Size, Size, list[Bound]]:
    """The start and stop of a slice with step 1. Literal bounds are cut to a literal length, as in Python."""
    if item.step not in (None, 1):
        raise NotImplementedError("slices with a step")
    start, before = _end(item.start, 0, length)
    stop, after = _end(item.stop, length, length)
    if isinstance(start, int) and isinstance(stop, int):
        return start, max(start, stop), [*before, *after]
    return start, stop, [*before, *after, *at_most(start, stop)]


def stepped(item: slice, length: Size) -> tuple[Size, Size, int, list[Bound]]:
    """The start, the number of elements and the step of a slice. Literal bounds are cut to a literal length."""
    step = whole(item.step, "the step of a slice")
    if step == 0:
        raise ValueError("the step of a slice cannot be zero")
    ends = (item.start, item.stop)
    if isinstance(length, int) and not any(isinstance(end, Dim) for end in ends):
        places = range(*slice(*ends, step).indices(length))
        return places.start, len(places), step, []
    if step > 0:
        start, stop, needed = slice_bounds(slice(*ends), length)
        return start, _whole_steps(stop - start, step), step, needed
    start, before = (length - 1, []) if item.start is None else position(item.start, length)
    stop, after = (-1, []) if item.stop is None else position(item.stop, length)
    return start, _whole_steps(start - stop, -step), step, [*before, *after, *at_most(stop, start)]


def _whole_steps(span: Size, step: int) -> Size:
    """The number of steps that a span begins: span / step, rounded up."""
    return (span + (step - 1)) // step


def _end(end: Any, default: Size, length: Size) -> tuple[Size, list[Bound]]:
    if end is None:
        return default, []
    if isinstance(end, Dim):
        beyond = [] if is_never_negative(end) else at_most(length - end, length)
        return end, [*beyond, *at_most(end, length)]
    if isinstance(end, (bool, np.bool_)) or not isinstance(end, (int, np.integer)):
        raise NotImplementedError(f"a slice bound that is {describe(end)}")
    end = int(end)
    if isinstance(length, int):
        return min(max(end + length if end < 0 else end, 0), length), []
    return (length + end, at_most(-end, length)) if end < 0 else (end, at_most(end, length))
