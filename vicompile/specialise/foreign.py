"""Arrays of other libraries as NumPy arrays, by what they offer: pandas, polars, xarray, PyTorch, JAX.

What can lose something on the way (missing entries, categories) is refused, with what to do instead.
"""

from __future__ import annotations

import array as standard_array
from typing import Any

import numpy as np
import numpy.typing as npt

from .advice import Unusable, of_dtype
from .tables import Whole, column_names, library_of

_CATEGORIES = {
    "pandas": "pass its codes, `x.cat.codes`, and the number of categories",
    "polars": "pass its codes, `x.to_physical()`, and the number of categories",
}
_FILL = {
    "pandas": "drop them or fill them: `x.dropna()`, `x.fillna(value)`",
    "polars": "drop them or fill them: `x.drop_nulls()`, `x.fill_null(value)`",
}


def is_array(value: Any) -> bool:
    """Whether a value is, or offers, one array."""
    return isinstance(value, (np.ndarray, Whole, standard_array.array, memoryview)) or any(
        hasattr(value, name) for name in ("__array__", "__array_interface__", "__dlpack__")
    )


def as_numpy(value: Any) -> npt.NDArray[Any]:
    """The array of `value`, without a copy where its library allows that. Raises Unusable."""
    if isinstance(value, Whole):
        return _of_table(value.table, column_names(value.table) or ())
    library = library_of(value, "Series", "Index", "ExtensionArray", "Categorical")
    if library == "pandas":
        return _of_pandas(value)
    if library == "polars":
        return _of_polars(value)
    return converted(value)


def converted(value: Any) -> npt.NDArray[Any]:
    """What NumPy itself makes of a value. Raises Unusable."""
    try:
        if hasattr(value, "__dlpack__") and not hasattr(value, "__array__"):
            return np.from_dlpack(value)
        return np.asarray(value)
    except Exception as error:  # the conversion is foreign code
        what = f"{_named(value)} that does not become a NumPy array"
        said = str(error).strip().splitlines()
        raise Unusable(what, f"convert it first; it says: {said[0] if said else type(error).__name__}") from None


def _of_table(value: Any, names: tuple[Any, ...]) -> npt.NDArray[Any]:
    """All columns side by side."""
    columns: list[npt.NDArray[Any]] = []
    for name in names:
        try:
            columns.append(as_numpy(value[name]))
        except Unusable as error:
            raise Unusable(f"{_named(value)} whose column `{name}` is {error.what}", error.advice) from None
    kinds = {column.dtype for column in columns}
    if len(kinds) == 1:
        # Columns of one kind often lie side by side already.
        array = converted(value)
        if array.dtype in kinds:
            return array
    return np.column_stack(columns) if columns else np.empty((len(value), 0))


def _of_pandas(value: Any) -> npt.NDArray[Any]:
    dtype = value.dtype
    if not isinstance(dtype, np.dtype):
        if str(dtype) == "category":
            raise Unusable(f"{_named(value)} of categories", _CATEGORIES["pandas"])
        _refuse_missing(value, np.asarray(value.isna()), "pandas")
        plain = getattr(dtype, "numpy_dtype", None)
        if plain is not None and plain.kind in "biuf":
            array: npt.NDArray[Any] = value.to_numpy(dtype=plain)
            return array
    return _numeric(value)


def _of_polars(value: Any) -> npt.NDArray[Any]:
    if str(value.dtype).startswith(("Categorical", "Enum")):
        raise Unusable(f"{_named(value)} of categories", _CATEGORIES["polars"])
    if value.null_count():
        _refuse_missing(value, value.is_null().to_numpy(), "polars")
    return _numeric(value)


def _numeric(value: Any) -> npt.NDArray[Any]:
    array = converted(value)
    if array.dtype.kind not in "biuf":
        advice = of_dtype(array)[1]
        raise Unusable(f"{_named(value)} of dtype {value.dtype}", advice)
    return array


def _refuse_missing(value: Any, missing: npt.NDArray[np.bool_], library: str) -> None:
    count = int(missing.sum())
    if count:
        first = int(np.flatnonzero(missing)[0])
        entries = "missing entry" if count == 1 else "missing entries"
        raise Unusable(f"{_named(value)} with {count} {entries}, the first at [{first}]", _FILL[library])


def _named(value: Any) -> str:
    name = type(value).__name__
    return f"an {name}" if name[0] in "AEIOUaeiou" else f"a {name}"
