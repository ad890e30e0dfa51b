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


def fixed_support(kind: type | None) -> Any:
    """The support of a distribution class as a constraint; None if it depends on the arguments."""
    support = getattr(kind, "support", None)
    return support if callable(getattr(support, "covers", None)) else None


def said(constraint: Any) -> str:
    """A constraint in words."""
    describe = getattr(constraint, "describe", None)
    return str(describe()) if callable(describe) else str(getattr(constraint, "name", constraint))
