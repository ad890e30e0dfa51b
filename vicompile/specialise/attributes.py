"""Objects whose attributes are arguments: dataclasses, namespaces, and plain objects of the user's classes."""

from __future__ import annotations

import dataclasses
import enum
from types import FunctionType, MethodType, ModuleType
from typing import Any

_PACKAGE = __name__.partition(".")[0]
# Whoever has one of these means something by it that attributes alone do not tell.
_BEHAVIOUR = ("__call__", "__len__", "__getitem__", "__iter__", "__next__", "__array__", "__add__", "__matmul__")


class AttributeTree(dict[str, Any]):
    """The attributes of an object by name; `kind` is the name of its class."""

    def __init__(self, kind: str, attributes: dict[str, Any]) -> None:
        super().__init__(attributes)
        self.kind = kind


def attributes_of(value: Any) -> dict[str, Any] | None:
    """The attributes of an object that is nothing but its attributes; None for any other value."""
    if isinstance(value, (type, enum.Enum, FunctionType, MethodType, ModuleType)):
        return None
    kind = type(value)
    if kind.__module__.partition(".")[0] in (_PACKAGE, "builtins", "numpy"):
        return None
    if any(name in vars(base) for base in kind.__mro__ for name in _BEHAVIOUR):
        return None
    if dataclasses.is_dataclass(value):
        names = [one.name for one in dataclasses.fields(value)]
    elif hasattr(value, "__dict__"):
        names = list(vars(value))
    else:
        return None
    return {name: getattr(value, name) for name in names if hasattr(value, name)}
