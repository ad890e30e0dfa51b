"""Functions that carry some of their arguments with them: bound methods, `functools.partial`, objects with `__call__`.

What they carry is taken off here, down to the function whose source is read.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any, NamedTuple

from ..diagnostics import CompileError, Span
from .errors import BoundArgumentsDoNotFit
from .libraries import is_users


class Underlying(NamedTuple):
    """A function, and what was bound to it: values of its first parameters, and values by name."""

    function: Any
    args: tuple[Any, ...]
    keywords: dict[str, Any]


def underlying(function: Callable[..., Any]) -> Underlying:
    """What `function` calls in the end, with all that is bound on the way; any other value as it is."""
    inner: Any = function
    args: tuple[Any, ...] = ()
    keywords: dict[str, Any] = {}
    while True:
        if isinstance(inner, MethodType):
            inner, args = inner.__func__, (inner.__self__, *args)
        elif isinstance(inner, functools.partial):
            inner, args, keywords = inner.func, (*inner.args, *args), {**inner.keywords, **keywords}
        elif (method := call_method(inner)) is not None:
            inner, args = method, (inner, *args)
        else:
            return Underlying(inner, args, keywords)


def call_method(value: Any) -> FunctionType | None:
    """The `__call__` of an object of a user's class; None for functions, classes, and whatever wraps a function."""
    if isinstance(value, (FunctionType, type)) or hasattr(value, "__wrapped__"):
        return None
    found = inspect.getattr_static(type(value), "__call__", None)
    return found if is_users(found) else None


def carries(value: Any) -> bool:
    """Whether a value is a method or partial of a user's function: a function with data in it."""
    if not isinstance(value, (MethodType, functools.partial)):
        return False
    return is_users(underlying(value).function)


def bound_arguments(function: FunctionType, carried: Underlying, span: Span) -> dict[str, Any]:
    """The values that are bound to parameters of `function`, by name. Raises CompileError where they do not fit."""
    try:
        return dict(inspect.signature(function).bind_partial(*carried.args, **carried.keywords).arguments)
    except TypeError as error:
        raise CompileError(BoundArgumentsDoNotFit(span, function.__name__, str(error))) from None
