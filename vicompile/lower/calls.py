"""Calls: the language's primitives, distributions, NumPy's functions, and the user's own functions, which are inlined."""

from __future__ import annotations

import builtins
import inspect
from collections.abc import Mapping
from types import FunctionType
from typing import Any

import numpy as np

from ..diagnostics import CompileError
from ..distributions import Distribution
from ..distributions.constraints import Constraint
from ..frontend import parse
from ..frontend import program as p
from ..ir import ops
from ..ir.dims import Dim
from ..ir.nodes import Node
from . import arrays, sites
from .context import MAX_INLINE_DEPTH, Context, describe, fail
from .errors import NotSupported
from .evaluate import evaluate, family, format_family, loop_index
from .functions import IDENTITIES, is_symbolic, lookup
from .values import Enumerated, FamilyName, Function, Plate, Scope, SymbolicRange


def call(context: Context, e: p.Apply) -> Any:
    """The value of a call."""
    if isinstance(e.function, p.Attribute):
        owner = evaluate(context, e.function.value)
        bound = _method(context, owner, e.function.name, e)
        if bound is not None:
            return bound[0]
    function = evaluate(context, e.function)
    primitive = getattr(function, "__vicompile_primitive__", None)
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
    if isinstance(function, Function):
        return _inline_local(context, function, args, keywords)
    if isinstance(function, tuple) and len(function) == 2:
        return function[0](function[1], *args, **keywords)
    special = _special(context, function, args, keywords, e)
    if special is not None:
        return special[0]
    lowered, always = lookup(function)
    symbolic = any(map(is_symbolic, args)) or any(map(is_symbolic, keywords.values()))
    if lowered is not None and (always or symbolic):
        ready = [_ready(context, a, e) for a in args]
        return lowered(*ready, **{k: _ready(context, v, e) for k, v in keywords.items() if k != "dtype"})
    if _is_users(function):
        return _inline(context, function, args, keywords, e)
    if not symbolic and (lowered is not None or _is_pure(function)):
        return function(*args, **keywords)
    name = getattr(function, "__name__", repr(function))
    fail(
        NotSupported(e.span, f"the call of `{name}`", "use NumPy's elementwise functions, sums, products and indexing")
    )


def _ready(context: Context, value: Any, e: p.Apply) -> Any:
    """Arrays and lists with numbers in them become nodes; shapes and axes stay as they are."""
    return context.constant(value) if isinstance(value, np.ndarray) and value.ndim else value


def _is_pure(function: Any) -> bool:
    module = getattr(function, "__module__", "") or ""
    known = (
        int,
        float,
        str,
        bool,
        tuple,
        list,
        dict,
        range,
        round,
        min,
        max,
        abs,
        sum,
        sorted,
        isinstance,
        type,
        hasattr,
        getattr,
    )
    return (isinstance(function, (np.ufunc, type)) and module.startswith("numpy")) or module.startswith("numpy") or module == "math" or function in known \
        or (isinstance(function, type) and issubclass(function, Constraint)) or module.startswith("vicompile.distributions")  # fmt: skip


def _is_users(function: Any) -> bool:
    module = getattr(function, "__module__", "") or ""
    return isinstance(function, FunctionType) and module.partition(".")[0] not in (
        "numpy",
        "scipy",
        "math",
        "vicompile",
    )


def _special(
    context: Context, function: Any, args: list[Any], keywords: dict[str, Any], e: p.Apply
) -> tuple[Any] | None:
    """Functions whose meaning depends on more than numbers."""
    if function is len and len(args) == 1:
        return (_length(args[0]),)
    if (
        function is range
        and all(isinstance(a, (int, Dim)) for a in args)
        and any(isinstance(a, Dim) for a in args)
        and len(args) <= 2
    ):
        start, stop = (0, args[0]) if len(args) == 1 else args
        if isinstance(start, int):
            return (SymbolicRange(start, stop),)
    if function is enumerate and _is_sized(args[0]):
        return (Enumerated((args[0],), True),)
    if function is zip and any(map(_is_sized, args)):
        return (Enumerated(tuple(args), False),)
    if function in IDENTITIES and args:
        return (_as_array(context, args[0], e),)
    if function is str and len(args) == 1 and (isinstance(args[0], FamilyName) or loop_index(args[0])):
        return (args[0] if isinstance(args[0], FamilyName) else family(args[0]),)
    if function is builtins.print:
        fail(
            NotSupported(
                e.span, "`print` in a model", "print from outside, after the fit or from a direct call of the function"
            )
        )
    return None


def _is_sized(value: Any) -> bool:
    return (isinstance(value, Node) and value.rank > 0) or isinstance(value, (SymbolicRange, Plate))


def _as_array(context: Context, value: Any, e: p.Apply) -> Any:
    if isinstance(value, (list, tuple)):
        return arrays.stack(value) if is_symbolic(value) else np.asarray(value)
    return value if isinstance(value, (Node, Dim)) else np.asarray(value)


def _length(value: Any) -> Any:
    if isinstance(value, Node):
        if not value.rank:
            raise TypeError("a number has no len()")
        return value.shape[0]
    if isinstance(value, Plate):
        return value.size
    if isinstance(value, SymbolicRange):
        return value.stop - value.start
    return len(value)


def _method(context: Context, owner: Any, name: str, e: p.Apply) -> tuple[Any] | None:
    """Methods of texts and distributions; array methods go the ordinary way."""
    if isinstance(owner, str) and name == "format":
        args, keywords = _arguments(context, e)
        if any(map(loop_index, args)) and not keywords:
            return (format_family(context, owner, tuple(args), e),)
    if isinstance(owner, Distribution):
        args, keywords = _arguments(context, e)
        if name in ("expand", "to_event", "mask", "log_prob"):
            if name in ("mask", "log_prob"):
                args = [context.node(a, e.span) if isinstance(a, (np.ndarray, list)) else a for a in args]
            return (getattr(owner, name)(*args, **keywords),)
        if name in ("sample", "rsample"):
            fail(
                NotSupported(
                    e.span, f"`.{name}()` of a distribution inside a model", 'write vc.sample("name", distribution)'
                )
            )
    return None


def _distribution(
    context: Context, kind: type[Distribution], args: list[Any], keywords: dict[str, Any], e: p.Apply
) -> Distribution:
    def ready(value: Any) -> Any:
        if isinstance(value, (np.ndarray, list, tuple, Dim)):
            return context.node(value, e.span, "an argument of the distribution")
        if value is not None and not isinstance(value, (Node, int, float, bool, np.generic)):
            raise TypeError(f"an argument of {kind.__name__} must be a number or an array, not {describe(value)}")
        return value

    keywords.pop("validate_args", None)
    return kind(*map(ready, args), **{k: ready(v) for k, v in keywords.items()})


def _inline(context: Context, function: FunctionType, args: list[Any], keywords: dict[str, Any], e: p.Apply) -> Any:
    """The body of a user's function in place of its call."""
    if len(context.scopes) > MAX_INLINE_DEPTH:
        fail(NotSupported(e.span, f"the recursion of `{function.__name__}`", "write the recursion as a loop"))
    program = parse(function)
    bound = inspect.signature(function).bind(*args, **keywords)
    bound.apply_defaults()
    captures = {name: _captured(context, capture.get()) for name, capture in program.captures.items()}
    return run_body(context, program, Scope(dict(bound.arguments), captures))


def _captured(context: Context, value: Any) -> Any:
    """Data that a helper takes from outside itself."""
    return context.constant(value) if isinstance(value, np.ndarray) else value


def _inline_local(context: Context, function: Function, args: list[Any], keywords: Mapping[str, Any]) -> Any:
    names = [q.name for q in function.parameters]
    if len(args) > len(names) or any(k not in names for k in keywords):
        raise TypeError(f"{function.name} takes ({', '.join(names)})")
    given = {q.name: q.default for q in function.parameters if q.has_default} | dict(zip(names, args)) | dict(keywords)
    missing = [n for n in names if n not in given]
    if missing:
        raise TypeError(f"{function.name} misses the argument `{missing[0]}`")
    scope = Scope({**function.scope, **given}, context.scope.captures)
    if isinstance(function.body, p.Program):
        return run_body(context, function.body, scope)
    context.scopes.append(scope)
    try:
        return evaluate(context, function.body)
    finally:
        context.scopes.pop()


def run_body(context: Context, program: p.Program, scope: Scope) -> Any:
    """Run the statements of a function in a fresh scope; its return value."""
    from .statements import execute_all

    context.scopes.append(scope)
    try:
        execute_all(context, program.body)
    except RecursionError:
        raise CompileError(
            NotSupported(program.span, f"the recursion of `{program.name}`", "write the recursion as a loop")
        ) from None
    finally:
        context.scopes.pop()
    return scope.returned


__all__ = ["apply", "call", "ops", "run_body"]
