"""One argument: its kind for the compiler, and its conversion to what a kernel reads.

float64 array    floats of any width, booleans
int64 array      whole numbers: data, or positions of a gather
number           a float
whole            an int: a size if it is used as one
static           anything else without numbers in it (str, bool, None, enum ...): the code may depend on its value

An array of float64 or int64 is taken as it is, whatever its strides; any other is copied once.
"""

from __future__ import annotations

from collections.abc import ItemsView, KeysView, ValuesView
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from ..diagnostics import DataError, Record, Span
from ..ir.nodes import FLOAT, INT
from .advice import Unusable, of_dtype, of_masked
from .errors import NotNumeric
from .foreign import as_numpy, converted, is_array

_WHOLE_MIN, _WHOLE_MAX = np.iinfo(np.int64).min, np.iinfo(np.int64).max


@dataclass(frozen=True)
class Spec:
    """What the code depends on. `value` is that of a static argument, None otherwise.

    is_condition: whether an array was one of booleans; its elements are the numbers 0.0 and 1.0.
    """

    kind: str
    rank: int = 0
    value: Any = None
    is_condition: bool = False


class Leaf(Record):
    """One converted argument: `array` for arrays and numbers, `value` as it was given.

    rows: the symbol of its first axis where that is the length of a table; "" for one of its own.
    """

    name: str
    spec: Spec
    value: Any
    array: npt.NDArray[Any] | None
    span: Span | None = None
    rows: str = ""

    def axis(self, number: int) -> str:
        """The symbol of the length of one axis."""
        return self.rows if self.rows and number == 0 else f"{self.name}.{number}"


def leaf(name: str, value: Any, span: Span | None, rows: str = "") -> Leaf:
    """Classify and convert one value. Raises DataError for what is neither numeric nor static."""
    if type(value) is np.ndarray and value.dtype == np.float64:
        return Leaf(name, Spec(FLOAT, value.ndim), value, value, span, rows)
    if value is None or isinstance(value, (bool, np.bool_, str, bytes)):
        return Leaf(name, Spec("static", value=value), value, None, span)
    if isinstance(value, (int, np.integer)) and not isinstance(value, np.timedelta64):
        return _whole(name, int(value), span)
    if isinstance(value, (float, np.floating)):
        return Leaf(name, Spec(FLOAT), value, np.asarray(value, np.float64), span)
    _refuse_misleading(name, value, span)
    if is_array(value) or isinstance(value, (list, tuple, range)):
        return _array_leaf(name, value, span, rows)
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
    if isinstance(value, (complex, np.complexfloating)):
        _refuse(name, "a complex number", "pass its real and its imaginary part as two numbers", span)
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        _refuse(name, *of_masked(value), span)
    if isinstance(value, np.matrix):
        _refuse(name, "a np.matrix, whose `*` is a matrix product", "pass np.asarray(...) and write `@`", span)
    if hasattr(value, "__next__"):
        _refuse(name, "an iterator, which can be read only once", "pass a list or an array", span)
    if isinstance(value, (KeysView, ValuesView, ItemsView)):
        _refuse(name, f"a view of a dict ({type(value).__name__})", "pass `list(...)` of it", span)
    if hasattr(value, "toarray"):
        _refuse(name, f"a sparse {type(value).__name__}", "pass `.toarray()`", span)
    if hasattr(value, "collect") and type(value).__name__ == "LazyFrame":
        _refuse(name, "a LazyFrame, whose data is not there yet", "pass `.collect()`", span)
    if type(value).__name__ in ("NAType", "NaTType"):
        _refuse(name, "a missing value (pd.NA or pd.NaT)", "pass a number, or None", span)


def _array_leaf(name: str, value: Any, span: Span | None, rows: str) -> Leaf:
    try:
        array = as_numpy(value) if is_array(value) else _of_sequence(value)
    except Unusable as error:
        _refuse(name, error.what, error.advice, span)
    if type(array) is not np.ndarray:
        array = np.asarray(array)
    if array.dtype.kind in "fb":
        spec = Spec(FLOAT, array.ndim, is_condition=array.dtype.kind == "b")
        return Leaf(name, spec, value, np.asarray(array, np.float64), span, rows)
    if array.dtype.kind in "iu":
        if array.ndim == 0:
            return _whole(name, int(array), span)
        if array.dtype == np.uint64 and array.size and array.max() > _WHOLE_MAX:
            _refuse(name, "an array with whole numbers of 2**63 or more", "convert it to float64", span)
        return Leaf(name, Spec(INT, array.ndim), value, np.asarray(array, np.int64), span, rows)
    _refuse(name, *of_dtype(array), span)


def _of_sequence(value: Any) -> npt.NDArray[Any]:
    try:
        array = converted(value)
    except Unusable:
        raise Unusable("not a regular array", "pass numbers of one type, all rows of one length") from None
    return array if array.size else array.astype(np.float64)
