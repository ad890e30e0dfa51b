"""What must hold of the data, checked on NumPy when it is bound: nothing wrong reaches a kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from ..diagnostics import DataError, Record
from ..distributions.constraints.base import shown
from ..ir.dims import evaluate
from ..ir.interpret import extend
from ..ir.nodes import Draw, Input, Iota, Node, Site
from ..ir.walk import topological
from ..lower import Check
from ..specialise import Arguments
from .errors import (
    ArgumentInvalid,
    BeyondFloat32,
    GivenValueInvalid,
    IndexDependsOnDraw,
    IndexOutOfRange,
    MissingValue,
    NotDivisible,
    OutsideSupport,
    ScaleInvalid,
    SubsampleSize,
    TooShort,
)

_LARGEST_SINGLE = float(np.finfo(np.float32).max)


def check_missing(arguments: Arguments, is_unguarded: Callable[[str], bool]) -> None:
    """No float argument holds NaN where the objective reads it without a condition that hides missing elements.

    is_unguarded: whether that is so for an argument, by name; asked only where there is a NaN.
    """
    for name, leaf in arguments.leaves.items():
        array = leaf.array
        if array is None or array.dtype.kind != "f" or not array.size or not np.isnan(np.sum(array)):
            continue
        bad = np.isnan(array)
        if bad.any() and is_unguarded(name):
            first = tuple(int(k) for k in np.argwhere(bad)[0])
            raise DataError(MissingValue(leaf.span, name, at(first), int(bad.sum())))


def check_range(arguments: Arguments) -> None:
    """No float array holds a number that float32 would turn into infinity."""
    for name, leaf in arguments.leaves.items():
        array = leaf.array
        if array is None or not array.ndim or array.dtype != np.float64 or not array.size:
            continue
        low, high = np.fmin.reduce(array, axis=None), np.fmax.reduce(array, axis=None)
        if max(-low, high) <= _LARGEST_SINGLE:
            continue
        bad = np.isfinite(array) & (np.abs(array) > _LARGEST_SINGLE)
        if bad.any():
            first = tuple(int(k) for k in np.argwhere(bad)[0])
            raise DataError(BeyondFloat32(leaf.span, name, at(first), f"{array[first]:g}"))


class PreparedCheck(Record, eq=False):
    """A check, and the nodes that lead to its value, arguments first; none where only sizes are compared."""

    check: Check
    order: list[Node]


def prepared(checks: Iterable[Check], *, draws_may_index: bool = False) -> list[PreparedCheck]:
    """The checks that data can be asked. Raises DataError for an index that is more than data, unless it may be."""
    found = []
    for check in checks:
        order = topological(check.nodes())
        if any(isinstance(n, (Draw, Site)) or (isinstance(n, Input) and n.role == "param") for n in order):
            if check.kind == "index" and not draws_may_index:
                raise DataError(IndexDependsOnDraw(check.span))
            continue
        found.append(PreparedCheck(check, order))
    return found


def run_prepared(checks: Iterable[PreparedCheck], values: Mapping[Node, Any], sizes: Mapping[str, int]) -> None:
    """All checks, in their order. Raises DataError at the first that fails."""
    for one in checks:
        check = one.check
        if check.kind == "length":
            needed, size = evaluate(check.needed, sizes), evaluate(check.size, sizes)
            if needed > size:
                raise DataError(TooShort(check.span, needed, size))
            continue
        if check.kind == "multiple":
            count, part = evaluate(check.needed, sizes), evaluate(check.size, sizes)
            if count % part:
                raise DataError(NotDivisible(check.span, count, part))
            continue
        if check.kind == "subsample":
            count, size = evaluate(check.needed, sizes), evaluate(check.size, sizes)
            if not 1 <= count <= size:
                raise DataError(SubsampleSize(check.span, check.name, count, size))
            continue
        assert check.value is not None
        known = values
        if any(root not in values for root in check.nodes()):
            known = dict(values)
            extend(known, one.order, sizes)
        array = np.asarray(known[check.value])
        if check.kind == "index":
            _check_index(check, array, evaluate(check.size, sizes))
        else:
            _check_support(check, array, known)


def _check_index(check: Check, array: Any, size: int) -> None:
    if isinstance(check.value, Iota):
        if len(array) <= size:
            return
    elif not array.size or (array.min() >= 0 and array.max() < size):
        return
    first = tuple(int(k) for k in np.argwhere((array < 0) | (array >= size))[0])
    raise DataError(IndexOutOfRange(check.span, at(first), int(array[first]), size))


def _check_support(check: Check, array: Any, known: Mapping[Node, Any]) -> None:
    constraint = check.constraint
    assert constraint is not None
    low, high = (known[b] if isinstance(b, Node) else b for b in (constraint.low, constraint.high))
    found = constraint.with_bounds(low, high).outside(array)
    if found is not None:
        place, member, expected = found
        if check.kind == "scale":
            raise DataError(ScaleInvalid(check.span, at(place), shown(member)))
        kind = {"given": GivenValueInvalid, "argument": ArgumentInvalid}.get(check.kind, OutsideSupport)
        raise DataError(kind(check.span, check.name, at(place), shown(member), expected))


def at(position: tuple[int, ...]) -> str:
    """An element's position in a message."""
    return f" at index [{', '.join(map(str, position))}]" if position else ""
