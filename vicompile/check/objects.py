"""Objects of the user's classes, as far as they are known before any data: their methods, not their attributes.

Attributes may change between two calls, so nothing is taken from them but the functions that they hold.
"""

from __future__ import annotations

import inspect
from typing import Any

from ..frontend import call_method, carries, underlying
from .recognise import is_user_function
from .values import UNKNOWN, Resolved, Value, tainted

# What arrays and tables of any library have: their methods are not the user's.
_ARRAYS = ("__array__", "__array_interface__", "__dlpack__", "__dataframe__")


class Instance(Value, eq=False):
    """An object: `self` of a bound method, or one from outside the function."""

    value: Any


class BoundMethod(Value, eq=False):
    """A function of the user's, with what is bound to its first parameters; those of `names` may be left out."""

    function: Any
    args: tuple[Value, ...]
    names: tuple[str, ...] = ()


def known_object(value: Any) -> Value:
    """What is known of a value that a program carries or captures, and that is no plain data."""
    if is_user_function(value):
        return Resolved(value)
    if carries(value):
        function, args, keywords = underlying(value)
        return BoundMethod(function, tuple(map(known_object, args)), tuple(keywords))
    is_data = isinstance(value, type) or any(hasattr(value, name) for name in _ARRAYS)
    return Instance(value) if hasattr(value, "__dict__") and not is_data else UNKNOWN


def attribute(owner: Value, name: str) -> Value:
    """`owner.name`"""
    if not isinstance(owner, Instance):
        return tainted(owner)
    held = getattr(owner.value, "__dict__", {})
    if name in held:
        return known_object(held[name])
    found = inspect.getattr_static(type(owner.value), name, None)
    if isinstance(found, staticmethod):
        return known_object(found.__func__)
    return BoundMethod(found, (owner,)) if is_user_function(found) else UNKNOWN


def callee_of(value: Value) -> Value:
    """What a call of `value` runs: the `__call__` of an object."""
    if isinstance(value, Instance) and (function := call_method(value.value)) is not None:
        return BoundMethod(function, (value,))
    return value
