"""Recognising the language's own objects: primitives and distribution classes, by what they declare."""

from __future__ import annotations

from collections.abc import Mapping
from types import FunctionType
from typing import Any

from ..frontend.libraries import is_foreign, is_users

_STATEMENTS = ("sample", "param", "plate", "deterministic", "factor", "subsample", "scan", "markov")


def primitive_of(value: Any) -> str | None:
    """The word of a primitive ("sample", "param", "plate", "deterministic", "factor"); None for anything else."""
    if not isinstance(value, FunctionType | type):
        return None
    name = getattr(value, "__vicompile_primitive__", None)
    return name if isinstance(name, str) else None


def is_foreign_statement(value: Any) -> bool:
    """Whether `value` is another library's word for a statement of the language: NumPyro's or Pyro's `sample`."""
    return is_foreign(value) and getattr(value, "__name__", "") in _STATEMENTS


def is_distribution_class(value: Any) -> bool:
    """Whether `value` is a distribution class: it declares the constraints of its arguments. NumPyro's and Pyro's do
    too, and theirs are not these.
    """
    if not isinstance(value, type) or is_foreign(value):
        return False
    return isinstance(getattr(value, "arg_constraints", None), Mapping)


def distribution_name(kind: type) -> str:
    """The name that users write."""
    name = getattr(kind, "name", None)
    return name if isinstance(name, str) else kind.__name__


def is_user_function(value: Any) -> bool:
    """Whether `value` is a function whose body belongs to the program."""
    return is_users(value) and not primitive_of(value)


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
