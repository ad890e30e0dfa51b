"""Whether the arguments of a call are those of the call before, so that nothing has to be bound again.

Arguments can be changed in place, and a bound fit holds sums and checks made of their content: so content is compared,
not only identity. A look at an array is far cheaper than binding it.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..specialise import Reads, as_numpy, branch_of, column_names, is_array, record_of

_NUMBERS = {int, float, bool}
_PLAIN = (int, float, bool, str, bytes, type(None))
_FEW_BYTES = 4096
_DEEPEST = 12
_MANY_ITEMS = 64  # a long Python sequence of other things than numbers is converted again


class Remembered:
    """One value at one moment. reads: which attributes and columns of objects and tables matter.

    depth: how deep the value lies in others; objects may lead back to themselves.
    """

    __slots__ = ("_content", "_known", "_reads", "_sure", "_value")

    def __init__(self, value: Any, reads: Reads, depth: int = 0) -> None:
        self._value, self._reads, self._sure = value, reads, depth <= _DEEPEST
        self._content: Any = None
        self._known: list[Remembered] = []
        kind = type(value)
        if kind in _PLAIN or isinstance(value, np.generic):
            return
        if kind is np.ndarray:
            self._sure = value.dtype.kind in "fiub" and value.itemsize <= 8
            self._content = (value.shape, value.dtype, _copied(value)) if self._sure else None
        elif kind in (tuple, list) and set(map(type, value)) <= _NUMBERS:
            # Numbers cannot change: the same objects are the same content.
            self._content = list(value)
        else:
            parts = _parts(value, reads) if self._sure else None
            self._sure = parts is not None
            if parts is not None and (parts or isinstance(value, (list, dict))):
                self._content = tuple(parts)
                self._known = [Remembered(child, reads, depth + 1) for child in parts.values()]
                self._sure = all(one._sure for one in self._known)

    def holds(self, value: Any) -> bool:
        """Whether `value` certainly still is what was remembered."""
        if not self._sure:
            return False
        before = self._value
        kind = type(value)
        if value is not before:
            return kind is type(before) and kind in _PLAIN and kind is not float and bool(value == before)
        if kind is np.ndarray:
            return self._has_content(value)
        if self._content is None:
            return True
        if kind in (tuple, list) and not self._known:
            return len(value) == len(self._content) and all(map(operator.is_, value, self._content))
        parts = _parts(value, self._reads)
        if parts is None or tuple(parts) != self._content:
            return False
        if _is_converted(value):
            return all(one._has_content(child) for one, child in zip(self._known, parts.values()))
        return _all_hold(self._known, list(parts.values()))

    def _has_content(self, array: np.ndarray[Any, Any]) -> bool:
        """Whether an array has the remembered bits."""
        shape, dtype, content = self._content
        return bool(array.shape == shape and array.dtype == dtype and _same(array, content))


def _is_converted(value: Any) -> bool:
    """Whether the parts of a value are arrays that are made anew each time they are asked for."""
    return column_names(value) is not None or is_array(value)


def _parts(value: Any, reads: Reads) -> dict[Any, Any] | None:
    """What a value that is no plain array consists of; None where that cannot be told."""
    if isinstance(value, np.ma.MaskedArray) or (isinstance(value, (list, tuple)) and len(value) > _MANY_ITEMS):
        return None
    try:
        if isinstance(value, (list, tuple)):
            return dict(enumerate(value))
        # A class may be what a class method carries: then it is read like an object.
        is_class = isinstance(value, type)
        branch = record_of("", value, value, reads) if is_class else branch_of("", value, reads, None)
        if branch is None:
            return {"": as_numpy(value)} if is_array(value) else {}
        if branch.kind != "table":
            return {key: child for key, (_, child) in branch.parts.items()}
        columns = {key: as_numpy(child) for key, (_, child) in branch.parts.items()}
        return {**columns, ("rows",): np.asarray(len(value))}
    except Exception:  # foreign code failed: what it says is told when the value is bound
        return None


class RememberedCall:
    """Positional and keyword arguments at one moment."""

    __slots__ = ("_args", "_kwargs", "_names")

    def __init__(self, args: Sequence[Any], kwargs: Mapping[str, Any], reads: Reads) -> None:
        self._args = [Remembered(value, reads) for value in args]
        self._kwargs = [Remembered(value, reads) for value in kwargs.values()]
        self._names = tuple(kwargs)

    def holds(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
        """Whether these are certainly the same arguments with the same content."""
        return (
            tuple(kwargs) == self._names
            and _all_hold(self._args, args)
            and (not kwargs or _all_hold(self._kwargs, list(kwargs.values())))
        )


def _all_hold(known: Sequence[Remembered], values: Sequence[Any]) -> bool:
    return len(known) == len(values) and all(one.holds(value) for one, value in zip(known, values))


def _copied(array: np.ndarray[Any, Any]) -> Any:
    return array.tobytes() if array.nbytes <= _FEW_BYTES else array.copy(order="K")


def _same(array: np.ndarray[Any, Any], content: Any) -> bool:
    if isinstance(content, bytes):
        return bool(array.tobytes() == content)
    bits = f"u{array.itemsize}"  # 0.0 and -0.0 are different data
    return np.array_equal(array.view(bits), content.view(bits))
