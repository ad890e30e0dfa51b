"""One argument: its kind for the compiler, and its conversion to what a kernel reads.

float64 array    floats of any width, booleans
int64 array      whole numbers: data, or positions of a gather
number           a float
whole            an int: a size if it is used as one
static           anything else without numbers in it (str, bool, None, enum ...): the code may depend on its value
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from ..diagnostics import DataError, Record, Span
from ..ir.nodes import FLOAT, INT
from .errors import NotNumeric

_WHOLE_MIN, _WHOLE_MAX = np.iinfo(np.int64).min, np.iinfo(np.int64).max


@dataclass(frozen=True)
class Spec:
    """What the code depends on. `value` is that of a static argument, None otherwise."""

    kind: str
    rank: int = 0
    value: Any = None


class Leaf(Record):
    """One converted argument: `array` for arrays and numbers (leading axis contiguous), `value` as it was given."""

    name: str
    spec: Spec
    value: Any
    array: npt.NDArray[Any] | None
    span: Span | None = None


def leaf(name: str, value: Any, span: Span | None) -> Leaf:
    """Classify and convert one value. Raises DataError for what is neither numeric nor static."""
    if isinstance(value, np.ndarray) and value.dtype == np.float64 and type(value) is np.ndarray:
        return Leaf(name, Spec(FLOAT, value.ndim), value, np.asfortranarray(value), span)
    if value is None or isinstance(value, (bool, np.bool_, str, bytes)):
        return Leaf(name, Spec("static", value=value), value, None, span)
    if isinstance(value, (int, np.integer)):
        return _whole(name, int(value), span)
    if isinstance(value, (float, np.floating)):
        return Leaf(name, Spec(FLOAT), value, np.asarray(value, np.float64), span)
    _refuse_misleading(name, value, span)
    if _is_array_like(value):
        return _array_leaf(name, value, span)
    try:
        hash(value)
    except TypeError:
        _refuse(name, f"a {type(value).__name__}", "pass a NumPy array", span)
    return Leaf(name, Spec("static", value=value), value, None, span)


def _refuse(name: str, what: str, advice: str, span: Span | None) -> NoReturn:
    raise DataError(NotNumeric(span, name, what, advice)) from None


def _whole(name: str, value: int, span: Span | None) -> Leaf:
    if not _WHOLE_MIN <= value <= _WHOLE_MAX:
        _refuse(name, "a whole number beyond 64 bits", "convert it to a float", span)
    return Leaf(name, Spec("whole"), value, np.asarray(value, np.int64), span)


def _refuse_misleading(name: str, value: Any, span: Span | None) -> None:
    """Things that look like arrays or plain values, and would mean something else in the model."""
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        _refuse(name, "a masked array with masked entries", "fill or drop the masked entries", span)
    if isinstance(value, np.matrix):
        _refuse(name, "a np.matrix, whose `*` is a matrix product", "pass np.asarray(...) and write `@`", span)
    if hasattr(value, "__next__"):
        _refuse(name, "an iterator, which can be read only once", "pass a list or an array", span)
    if hasattr(value, "toarray"):
        _refuse(name, f"a sparse {type(value).__name__}", "pass `.toarray()`", span)


def _is_array_like(value: Any) -> bool:
    return (
        isinstance(value, (np.ndarray, list, tuple, range))
        or hasattr(value, "__array__")
        or hasattr(value, "__array_interface__")
    )


def _array_leaf(name: str, value: Any, span: Span | None) -> Leaf:
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        _refuse(name, "not a regular array", "pass numbers of one type, all rows of one length", span)
    if array.size == 0 and not isinstance(value, np.ndarray):
        array = array.astype(np.float64)
    if array.dtype.kind in "fb":
        return Leaf(name, Spec(FLOAT, array.ndim), value, np.asfortranarray(array, np.float64), span)
    if array.dtype.kind in "iu":
        if array.ndim == 0:
            return _whole(name, int(array), span)
        if array.dtype == np.uint64 and array.size and array.max() > _WHOLE_MAX:
            _refuse(name, "an array with whole numbers of 2**63 or more", "convert it to float64", span)
        return Leaf(name, Spec(INT, array.ndim), value, np.asfortranarray(array, np.int64), span)
    _refuse(name, f"an array of dtype {array.dtype}", "convert it to float64, int64 or bool", span)
