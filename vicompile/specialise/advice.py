"""What a value that is no data is called in an error, and what to do about it."""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np
import numpy.typing as npt

_DATES = "pass numbers, such as days: (x - x.min()) / np.timedelta64(1, 'D')"
_BY_KIND = {
    "c": "pass its real and its imaginary part as two arrays",
    "M": _DATES,
    "m": "pass numbers, such as days: x / np.timedelta64(1, 'D')",
    "U": "pass codes: np.unique(x, return_inverse=True)[1]",
    "S": "pass codes: np.unique(x, return_inverse=True)[1]",
    "T": "pass codes: np.unique(x, return_inverse=True)[1]",
}
_OTHER = "convert it to float64, int64 or bool"


class Unusable(Exception):
    """A value that cannot be an argument: what it is, and what to do."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(what)
        self.what, self.advice = what, advice


def of_dtype(array: npt.NDArray[Any]) -> tuple[str, str]:
    """What an array of a dtype that is no data is, and what to do."""
    if array.dtype.names:
        return "an array with named fields", "pass a dict of its fields: {name: x[name], ...}"
    what = f"an array of dtype {array.dtype}"
    if array.dtype.kind == "O":
        return _of_objects(array, what)
    return what, _BY_KIND.get(array.dtype.kind, _OTHER)


def _of_objects(array: npt.NDArray[Any], what: str) -> tuple[str, str]:
    odd = next((k for k, one in enumerate(array.flat) if not isinstance(one, numbers.Real)), None)
    if odd is None:
        return what, "convert it: x.astype(float)"
    entry, place = array.flat[odd], ", ".join(str(k) for k in np.unravel_index(odd, array.shape))
    if isinstance(entry, str):
        return f"{what} that holds texts", _BY_KIND["U"]
    if type(entry).__module__ == "datetime" or type(entry).__name__ == "Timestamp":
        return f"{what} that holds dates", _DATES
    told = "None" if entry is None else f"a {type(entry).__name__}"
    return f"{what}, whose entry [{place}] is {told}", "pass numbers only: drop or fill the other entries"


def of_masked(value: Any) -> tuple[str, str]:
    """What a masked array is in which something is masked, and what to do."""
    count, size = int(np.ma.getmaskarray(value).sum()), int(value.size)
    entries = "masked entry" if count == 1 else "masked entries"
    advice = (
        "fill them, as in `x.filled(0.0)`, and pass what counts, `~np.ma.getmaskarray(x)`, as one more argument "
        "for `.mask(...)`; `x.filled(np.nan)` makes them NaN"
    )
    return f"a masked array with {count} {entries} of {size}", advice


def of_mixed(values: Any) -> tuple[str, str]:
    """What a long list is that holds more than numbers, and what to do."""
    odd = next(k for k, one in enumerate(values) if not isinstance(one, numbers.Real))
    entry = values[odd]
    if isinstance(entry, str) and odd == 0:
        return f"a {type(values).__name__} of {len(values)} texts", _BY_KIND["U"]
    told = "None" if entry is None else f"a {type(entry).__name__}"
    what = f"a {type(values).__name__} of {len(values)} entries, whose entry [{odd}] is {told}"
    return what, "pass numbers only, or rows of one length: drop or fill the other entries"
