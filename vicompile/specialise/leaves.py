"""One argument: its kind for the compiler, and its conversion to what a kernel reads.

float64 array    floats of any width, booleans
int64 array      whole numbers: data, or positions of a gather
number           a float
whole            an int: a size if it is used as one
static           anything else without numbers in it (str, bool, None, enum ...): the code may depend on its value
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import DataError, Span
from ..ir.nodes import FLOAT, INT
from .errors import NotNumeric


@dataclass(frozen=True)
class Spec:
    """What the code depends on. `value` is that of a static argument, None otherwise."""

    kind: str
    rank: int = 0
    value: Any = None


@dataclass(frozen=True)
class Leaf:
    """One converted argument: `array` for arrays and numbers (leading axis contiguous), `value` as it was given."""

    name: str
    spec: Spec
    value: Any
    array: npt.NDArray[Any] | None


def leaf(name: str, value: Any, span: Span | None) -> Leaf:
    """Classify and convert one value. Raises DataError for what is neither numeric nor static."""
    if isinstance(value, np.ndarray) and value.dtype == np.float64 and type(value) is np.ndarray:
        return Leaf(name, Spec(FLOAT, value.ndim), value, np.asfortranarray(value))
    if value is None or isinstance(value, (bool, np.bool_, str, bytes)):
        return Leaf(name, Spec("static", value=value), value, None)
    if isinstance(value, (int, np.integer)):
        return Leaf(name, Spec("whole"), int(value), np.asarray(value, np.int64))
    if isinstance(value, (float, np.floating)):
        return Leaf(name, Spec(FLOAT), value, np.asarray(value, np.float64))
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        raise DataError(NotNumeric(span, name, "a masked array with masked entries", "fill or drop the masked entries"))
    if _is_array_like(value):
        return _array_leaf(name, value, span)
    try:
        hash(value)
    except TypeError:
        raise DataError(NotNumeric(span, name, f"a {type(value).__name__}", "pass a NumPy array")) from None
    return Leaf(name, Spec("static", value=value), value, None)


def _is_array_like(value: Any) -> bool:
    return (
        isinstance(value, (np.ndarray, list, tuple, range))
        or hasattr(value, "__array__")
        or hasattr(value, "__array_interface__")
    )


def _array_leaf(name: str, value: Any, span: Span | None) -> Leaf:
    advice = "pass numbers of one type, all rows of one length"
    try:
        array = np.asarray(value)
    except (ValueError, TypeError) as error:
        raise DataError(NotNumeric(span, name, f"not a regular array ({error})", advice)) from None
    if array.size == 0 and not isinstance(value, np.ndarray):
        array = array.astype(np.float64)
    if array.dtype.kind in "fb":
        return Leaf(name, Spec(FLOAT, array.ndim), value, np.asfortranarray(array, np.float64))
    if array.dtype.kind in "iu":
        if array.dtype == np.uint64 and array.size and array.max() > np.iinfo(np.int64).max:
            raise DataError(NotNumeric(span, name, "an array with whole numbers above 2**63", "convert it to float64"))
        return Leaf(name, Spec(INT, array.ndim), value, np.asfortranarray(array, np.int64))
    raise DataError(NotNumeric(span, name, f"an array of dtype {array.dtype}", "convert it to float64, int64 or bool"))
