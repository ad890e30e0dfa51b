"""Whether the arguments of a call are those of the call before, so that nothing has to be bound again.

Arguments can be changed in place, and a bound fit holds sums and checks made of their content: so content is compared,
not only identity. A look at an array is far cheaper than binding it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

_PLAIN = (int, float, bool, str, bytes, type(None))
_FEW_BYTES = 4096
_MANY_ITEMS = 64  # a long Python sequence is converted again: looking at each element costs as much


class Remembered:
    """One value at one moment."""

    __slots__ = ("_content", "_known", "_sure", "_value")

    def __init__(self, value: Any) -> None:
        self._value, self._sure = value, True
        self._content: Any = None
        self._known: list[Remembered] = []
        kind = type(value)
        if kind in _PLAIN or isinstance(value, np.generic):
            return
        if kind is np.ndarray:
            self._sure = value.dtype.kind in "fiub" and value.itemsize <= 8
            self._content = (value.shape, value.dtype, _copied(value)) if self._sure else None
        elif kind in (tuple, list, dict):
            children = list(value.values()) if kind is dict else value
            self._sure = len(children) <= _MANY_ITEMS
            if self._sure:
                self._content = tuple(value) if kind is dict else None
                self._known = [Remembered(child) for child in children]
        else:
            # Anything that turns itself into an array may do so differently the next time.
            self._sure = not any(hasattr(value, name) for name in ("__array__", "__array_interface__", "__len__"))

    def holds(self, value: Any) -> bool:
        """Whether `value` certainly still is what was remembered."""
        if not self._sure:
            return False
        before = self._value
        kind = type(value)
        if value is not before:
            return kind is type(before) and kind in _PLAIN and kind is not float and bool(value == before)
        if kind is np.ndarray:
            shape, dtype, content = self._content
            return bool(value.shape == shape and value.dtype == dtype and _same(value, content))
        if kind is dict:
            return tuple(value) == self._content and _all_hold(self._known, list(value.values()))
        if kind is list or kind is tuple:
            return _all_hold(self._known, value)
        return True


class RememberedCall:
    """Positional and keyword arguments at one moment."""

    __slots__ = ("_args", "_kwargs", "_names")

    def __init__(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        self._args = [Remembered(value) for value in args]
        self._kwargs = [Remembered(value) for value in kwargs.values()]
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
