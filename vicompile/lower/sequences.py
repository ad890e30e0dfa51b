"""Python's functions on sequences: len, range, enumerate, zip, and what makes arrays from lists."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from ..frontend import program as p
from ..ir.dims import Dim
from ..ir.nodes import Node
from ..specialise import Table, is_length
from . import arrays, places
from .context import Context, fail
from .errors import NotSupported
from .functions import is_symbolic
from .names import family, loop_index
from .signals import NeedFixed
from .text import describe
from .values import Enumerated, FamilyName, Plate, SymbolicRange

# Functions that make an array of what they are given, and change nothing.
_AS_ARRAY = (np.asarray, np.array, np.ascontiguousarray, np.asfortranarray)


def special(
    context: Context, function: Any, args: list[Any], keywords: dict[str, Any], e: p.Apply
) -> tuple[Any] | None:
    """The value of a call whose meaning depends on more than numbers, in a tuple; None for any other function."""
    found = places.special(context, function, args, keywords, e)
    if found is not None:
        return (found[0],)
    if function is len and len(args) == 1:
        return (_length(args[0]),)
    if function is range:
        return (_range(args, e),)
    if function is enumerate and args:
        return (_enumerate(*args, **keywords),)
    if function is zip:
        return (_zip(args, e),)
    if function is reversed and isinstance(args[0], (list, tuple, range, str)):
        return (list(reversed(args[0])),)
    if function in (list, tuple) and len(args) == 1:
        from .loops import needed_items

        rounds = needed_items(args[0], e.span)
        return None if rounds is None else (function(rounds),)
    if any(function is one for one in _AS_ARRAY) and args:
        return (_as_array(context, *args, **keywords),)
    if function is str and len(args) == 1 and (isinstance(args[0], FamilyName) or loop_index(args[0])):
        return (args[0] if isinstance(args[0], FamilyName) else family(args[0]),)
    if function is int and len(args) == 1 and isinstance(args[0], Dim):
        return (args[0],)
    if function is builtins.print:
        advice = "print from outside, after the fit or from a direct call of the function"
        fail(NotSupported(e.span, "`print` in a model", advice))
    return None


def _is_sized(value: Any) -> bool:
    return (isinstance(value, Node) and value.rank > 0) or isinstance(value, (SymbolicRange, Plate, Enumerated))


def _length(value: Any) -> Any:
    if isinstance(value, Node):
        if not value.rank:
            raise TypeError("a number has no len()")
        return value.shape[0]
    if isinstance(value, Plate):
        return value.size
    if isinstance(value, Table) and value.length is not None:
        return value.length
    if isinstance(value, SymbolicRange):
        return value.length
    if not hasattr(value, "__len__"):
        raise TypeError(f"{describe(value)} has no len()")
    return len(value)


def _range(args: list[Any], e: p.Apply) -> Any:
    if any(isinstance(a, Node) for a in args):
        what = "`range` of a number that is known only at run time"
        fail(NotSupported(e.span, what, "use the length of an array, or a whole number passed as an argument"))
    sizes = [a for a in args if isinstance(a, Dim)]
    if not sizes:
        return range(*args)
    if len(args) <= 2:
        start, stop = (0, args[0]) if len(args) == 1 else args
        if all(isinstance(v, (int, Dim)) for v in (start, stop)):
            return SymbolicRange(start, stop)
    names = frozenset(name for size in sizes for name in size.symbols)
    if any(map(is_length, names)):
        fail(NotSupported(e.span, "`range` with a step over the length of data", "use a plate over the whole length"))
    raise NeedFixed(names, e.span)


def _enumerate(items: Any, start: Any = 0) -> Any:
    if not isinstance(start, int):
        raise NotImplementedError("enumerate with a start that is no plain number")
    return Enumerated((items,), start) if _is_sized(items) else list(enumerate(items, start))


def _zip(args: list[Any], e: p.Apply) -> Any:
    if any(map(_is_sized, args)):
        return Enumerated(tuple(args), None)
    return list(zip(*args))


def _as_array(context: Context, value: Any, dtype: Any = None, copy: Any = None) -> Any:
    if isinstance(value, Table):
        value = value.matrix
    if isinstance(value, (list, tuple)):
        value = arrays.stack(context.ready(value)) if is_symbolic(value) else np.asarray(value)
    if isinstance(value, (Node, Dim)):
        return value if dtype is None else arrays.astype(value, dtype)
    return np.asarray(value, dtype)
