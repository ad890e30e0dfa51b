"""Simple arguments of public functions, checked before anything is done with them."""

from __future__ import annotations

import operator
import os
from typing import Any

import numpy as np
import numpy.typing as npt


def whole_number(name: str, value: Any, least: int = 0, hint: str = "") -> int:
    """`value` as an int. hint: what stands at the end of the error.

    Raises ValueError, with the argument's name, for what is no whole number from `least` on; a bool is none.
    """
    number = as_whole(value)
    if number is None or number < least:
        raise ValueError(f"{name} must be a whole number from {least}, got {shown(value)}{hint}")
    return number


def float_array(what: str, value: Any) -> npt.NDArray[np.float64]:
    """`value` as a float64 array. TypeError, with what it is, for what is no array of real numbers."""
    try:
        found = np.asarray(value)
        if found.dtype.kind in "biufO" and value is not None:
            return found.astype(np.float64)
    except (TypeError, ValueError):
        pass
    raise TypeError(f"{what} must be a number or an array of numbers, got {shown(value)}")


def shown(value: Any) -> str:
    """A wrong argument as it stands in a sentence: itself if it is short, else its type."""
    if isinstance(value, np.ndarray) and value.shape:
        return f"an array of shape {value.shape}"
    text = repr(value)
    return text if 0 < len(text) <= 60 else f"a value of type {type(value).__name__}"


def file_path(value: Any) -> str:
    """`value` as the path of a file. TypeError for what is no path, IsADirectoryError for that of a folder."""
    if isinstance(value, bytes) or not isinstance(value, (str, os.PathLike)):
        raise TypeError(f"the path of a file is a text or a Path, got a value of type {type(value).__name__}")
    path = os.fspath(value)
    if not path or os.path.isdir(path):
        raise IsADirectoryError(f"`{path}` is a folder: give the path of a file" if path else "the path is empty")
    return path


def as_whole(value: Any) -> int | None:
    """`value` as an int; None for what is no whole number, and for a bool."""
    try:
        return None if isinstance(value, (bool, np.bool_)) else operator.index(value)
    except TypeError:
        return None
