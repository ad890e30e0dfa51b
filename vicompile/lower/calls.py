"""Calls: the language's primitives, distributions, NumPy's functions, methods, and the user's own functions."""

from __future__ import annotations

import inspect
from functools import partial, reduce
from types import FunctionType
from typing import Any

import numpy as np

from ..distributions import Distribution, constraints
from ..distributions.constraints import Constraint
from ..distributions.kinds import Kind
from ..distributions.transforms.base import Transform
from ..frontend import program as p
from ..frontend.libraries import is_users
from ..ir.dims import Dim, extreme
from ..ir.nodes import Node
from ..specialise import BoundCall, Table, is_length
from . import sites
from .advice import GENERAL, instead_of, is_random
from .bounds import Bounded
from .context import Context, fail, static_size
from .effects import handled
from .errors import NotSupported
from .evaluate import attribute, evaluate
from .functions import is_symbolic, lookup
from .indexing import check_bound
from .inline import inline, inline_local
from .names import format_family, loop_index
from .objects import BoundFunction, callee, matrix
from .sequences import special
from .signals import NeedFixed
from .text import describe
from .values import Function, Growing, Method

_PURE_BUILTINS = {
    int, float, str, bool, tuple, list, dict, range, round, min, max, abs, sum, sorted, isinstance, type, hasattr, any,
    all, divmod, pow, len,
}  # fmt: skip
# Functions of NumPy that do more than compute.
_IMPURE = {
    "load", "loadtxt", "genfromtxt", "fromfile", "memmap", "save", "savez", "savetxt", "seterr", "errstate",
    "set_printoptions", "copyto", "put", "place", "putmask", "fill_diagonal",
}  # fmt: skip
_CHANGING = {
    "append",
    "extend",
    "insert",
    "pop",
    "remove",
    "clear",
    "update",
    "setdefault",
    "popitem",
    "sort",
    "reverse",
}
# Sets whose bounds may be computed.
_WITH_BOUNDS = (
    constraints.greater_than, constraints.greater_than_eq, constraints.less_than, constraints.less_than_eq,
    constraints.interval, constraints.open_interval, constraints.half_open_interval,
)  # fmt: skip


def call(context: Context, e: p.Apply) -> Any:
    """The value of a call."""
    if isinstance(e.function, p.Attribute):
        owner = evaluate(context, e.function.value)
        found = _method(context, owner, e.function.name, e)
        if found is not None:
            return found[0]
        function = attribute(context, owner, e.function.name, e.function)
    else:
        function = evaluate(context, e.function)
    # Objects that a primitive has made have their class's mark, and are something else.
    is_word = isinstance(function, (type, FunctionType))
    primitive = getattr(function, "__vicompile_primitive__", None) if is_word else None
    if primitive is not None:
        return sites.primitive(context, primitive, e)
    args, keywords = _arguments(context, e)
    return apply(context, function, args, keywords, e)


def _arguments(context: Context, e: p.Apply) -> tuple[list[Any], dict[str, Any]]:
    return [evaluate(context, a) for a in e.args], {name: evaluate(context, v) for name, v in e.keywords}


def apply(context: Context, function: Any, args: list[Any], keywords: dict[str, Any], e: p.Apply) -> Any:
    """function(*args, **keywords)"""
    if isinstance(function, type) and issubclass(function, Distribution):
        return _distribution(context, function, args, keywords, e)
    if isinstance(function, type) and issubclass(function, Transform):
        return function(
            *(_numbers(context, a, e) for a in args), **{k: _numbers(context, v, e) for k, v in keywords.items()}
        )
    if isinstance(function, BoundCall):
        return apply(context, function.function, [*function.args, *args], {**function.keywords, **keywords}, e)
    found = handled(context, function, args, keywords, e)
    if found is not None:
        return found[0]
    function = callee(function)
    if isinstance(function, BoundFunction):
        return inline(context, function.function, [function.owner, *args], keywords, e)
    if isinstance(function, Function):
        return inline_local(context, function, args, keywords, e.span)
    if is_users(function):
        return inline(context, function, args, keywords, e)
    if function in _WITH_BOUNDS:
        return function(
            *(_bound(context, a, e) for a in args), **{k: _bound(context, v, e) for k, v in keywords.items()}
        )
    found = special(context, function, args, keywords, e)
    if found is not None:
        return found[0]
    if isinstance(function, Method):
        return _lowered(context, function.name, function.function, [function.owner, *args], keywords, e)
    if function in (min, max):
        _fix_sizes(args, e)
        if len(args) > 1 and all(map(_is_size, args)) and any(isinstance(a, Dim) for a in args):
            return reduce(partial(extreme, function.__name__), args)
    lowered, always = lookup(function)
    symbolic = any(map(is_symbolic, args)) or any(map(is_symbolic, keywords.values()))
    if lowered is not None and (always or symbolic):
        return _lowered(context, getattr(function, "__name__", "this"), lowered, args, keywords, e)
    if not callable(function):
        raise TypeError(f"{describe(function)} cannot be called")
    if lowered is not None or _is_pure(function):
        if not symbolic:
            return function(*args, **keywords)
        _fix_sizes([*args, *keywords.values()], e)
    name = getattr(function, "__name__", type(function).__name__)
    fail(NotSupported(e.span, f"the call of `{name}`", instead_of(function)))


def _numbers(context: Context, value: Any, e: p.Apply) -> Any:
    """An argument of a transform: arrays become nodes, sizes too; transforms and plain values stay."""
    return context.node(value, e.span) if isinstance(value, np.ndarray) and value.dtype.kind == "f" else value


def _bound(context: Context, value: Any, e: p.Apply) -> Any:
    """A bound of a constraint: a plain number stays one."""
    return context.node(value, e.span, "a bound") if isinstance(value, (np.ndarray, Dim, list, tuple)) else value


def _lowered(context: Context, name: str, lowered: Any, args: list[Any], keywords: dict[str, Any], e: p.Apply) -> Any:
    """A function that means something on nodes."""
    try:
        inspect.signature(lowered).bind(*args, **keywords)
    except TypeError:
        fail(NotSupported(e.span, f"`{name}` with these arguments", "leave out the arguments that are rarely given"))
    result = lowered(*map(context.ready, args), **{k: context.ready(v) for k, v in keywords.items()})
    if isinstance(result, Bounded):
        for kind, bound, size in result.bounds:
            check_bound(context, kind, bound, size, e)
        return result.value
    return result


def _fix_sizes(values: list[Any], e: p.Apply) -> None:
    """Ask for whole numbers that were passed to be fixed, where that makes a call possible."""
    sizes = [v for v in values if isinstance(v, Dim)]
    others = [v for v in values if not isinstance(v, Dim)]
    names = frozenset(name for size in sizes for name in size.symbols)
    if sizes and not any(map(is_symbolic, others)) and not any(map(is_length, names)):
        raise NeedFixed(names, e.span)


def _is_size(value: Any) -> bool:
    return isinstance(value, (Dim, int)) and not isinstance(value, bool)


def _is_pure(function: Any) -> bool:
    """Whether a call with plain values has a plain value and no other effect."""
    module = getattr(function, "__module__", "") or ""
    if is_random(function) or getattr(function, "__name__", "") in _IMPURE:
        return False
    if isinstance(function, type) and issubclass(function, Constraint):
        return True
    known = module.partition(".")[0] in ("numpy", "math") or module.startswith("vicompile.distributions")
    return known or any(function is one for one in _PURE_BUILTINS) or isinstance(function, np.ufunc)


# -- methods -----------------------------------------------------------------------------------------------------------


def _method(context: Context, owner: Any, name: str, e: p.Apply) -> tuple[Any] | None:
    """Methods of texts, containers and distributions; array methods go the ordinary way."""
    if isinstance(owner, Growing):
        _grow(context, owner, name, e)
        return (None,)
    if isinstance(owner, Distribution):
        return (_of_distribution(context, owner, name, e),)
    if isinstance(owner, Table) and name == "to_numpy" and not e.args:
        return (matrix(context, owner, owner.names, e),)
    if not isinstance(owner, (str, list, tuple, dict, np.ndarray, np.generic)):
        return None
    args, keywords = _arguments(context, e)
    if isinstance(owner, str) and name == "format" and any(map(loop_index, args)) and not keywords:
        return (format_family(owner, tuple(args), e),)
    function = attribute(context, owner, name, e.function)
    if isinstance(owner, (list, dict)):
        if name in _CHANGING and context.loops:
            context.unroll(e.span)
            fail(NotSupported(e.span, f"`.{name}()` inside a data-sized loop", "use array operations or a plate"))
        args = [static_size(a, e.span) for a in args] if isinstance(owner, dict) else args
        return (function(*args, **keywords),)
    args = [static_size(a, e.span) for a in args]
    if any(map(is_symbolic, [*args, *keywords.values()])):
        fail(NotSupported(e.span, f"`.{name}()` of {describe(owner)} with these arguments", GENERAL))
    return (function(*args, **keywords),)


def _grow(context: Context, owner: Growing, name: str, e: p.Apply) -> None:
    """list.append inside a data-sized loop."""
    args, keywords = _arguments(context, e)
    if name != "append" or len(args) != 1 or keywords:
        advice = "append one value in every round, and read the last one as `[-1]`"
        fail(NotSupported(e.span, f"`.{name}()` of the list `{owner.name}` inside a data-sized loop", advice))
    owner.last = args[0]
    owner.appended.append(args[0])


def _of_distribution(context: Context, owner: Distribution, name: str, e: p.Apply) -> Any:
    args, keywords = _arguments(context, e)
    if name in ("sample", "rsample"):
        advice = 'write sample("name", distribution)'
        fail(NotSupported(e.span, f"`.{name}()` of a distribution inside a function of the language", advice))
    function = attribute(context, owner, name, e.function)
    if name not in ("expand", "expand_by", "to_event"):
        args = [context.node(a, e.span) if isinstance(a, (np.ndarray, list)) else a for a in args]
    return function(*args, **keywords)


def _distribution(
    context: Context, kind: type[Distribution], args: list[Any], keywords: dict[str, Any], e: p.Apply
) -> Distribution:
    def ready(name: str, value: Any) -> Any:
        declared = kind.arg_constraints.get(name)
        if isinstance(declared, Kind):
            return value
        if isinstance(value, (np.ndarray, list, tuple, Dim, Table)):
            return context.node(value, e.span, f"an argument of {kind.__name__}")
        if value is not None and not isinstance(value, (Node, int, float, bool, np.generic)):
            raise TypeError(f"an argument of {kind.__name__} must be a number or an array, not {describe(value)}")
        return value

    keywords.pop("validate_args", None)
    names = [*kind.arg_constraints, *[""] * len(args)]
    return kind(*map(ready, names, args), **{k: ready(k, v) for k, v in keywords.items()})
