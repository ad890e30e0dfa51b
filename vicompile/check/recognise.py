"""Recognising the language's own objects: primitives and distribution classes, by what they declare."""

from __future__ import annotations

from collections.abc import Mapping
from types import FunctionType
from typing import Any

_PACKAGE = __name__.partition(".")[0]
_LIBRARIES = {_PACKAGE, "numpy", "scipy", "math", "builtins", "operator", "functools", "itertools"}


def primitive_of(value: Any) -> str | None:
    """The word of a primitive ("sample", "param", "plate", "deterministic", "factor"); None for anything else."""
    if not isinstance(value, FunctionType | type):
        return None
    name = getattr(value, "__vicompile_primitive__", None)
    return name if isinstance(name, str) else None


def is_distribution_class(value: Any) -> bool:
    """Whether `value` is a distribution class: it declares the constraints of its arguments."""
    return isinstance(value, type) and isinstance(getattr(value, "arg_constraints", None), Mapping)


def distribution_name(kind: type) -> str:
    """The name that users write."""
    name = getattr(kind, "name", None)
    return name if isinstance(name, str) else kind.__name__


def is_user_function(value: Any) -> bool:
    """Whether `value` is a function whose body belongs to the program."""
    if not isinstance(value, FunctionType) or primitive_of(value):
        return False
    return (value.__module__ or "").partition(".")[0] not in _LIBRARIES


def known_support(kind: type, arguments: Mapping[str, Any] | None) -> Any:
    """The support of a distribution as a constraint; None if it depends on the arguments and these are not known."""
    support = getattr(kind, "support", None)
    of_arguments = getattr(kind, "_support", None)
    if support is None and arguments is not None and callable(of_arguments):
        try:
            support = of_arguments(**{**getattr(kind, "defaults", {}), **arguments})
        except (TypeError, ValueError):  # arguments are missing, or reported already
            return None
    return support if callable(getattr(support, "covers", None)) else None


def said(constraint: Any) -> str:
    """A constraint in words."""
    describe = getattr(constraint, "describe", None)
    return str(describe()) if callable(describe) else str(getattr(constraint, "name", constraint))
