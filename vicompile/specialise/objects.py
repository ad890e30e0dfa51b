"""Objects whose attributes are arguments: dataclasses, namespaces, and objects of the user's classes."""

from __future__ import annotations

import enum
import os
import sys
from collections.abc import Iterable
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import Any

_PACKAGE = __name__.partition(".")[0]
_FOREIGN = (_PACKAGE, "builtins", "numpy", "scipy", "pandas", "polars", "xarray")
_NO_RECORDS = (type, enum.Enum, FunctionType, BuiltinFunctionType, MethodType, ModuleType)
# Whoever has one of these is a number or an array of some kind.
_NUMBER_LIKE = ("__array__", "__array_interface__", "__dlpack__", "__next__", "__add__", "__matmul__")
_CODE = (FunctionType, staticmethod, classmethod)


class AttributeTree:
    """An object in a program: what it reads of its attributes, by name, and its class, where its methods are.

    names: all attributes that the object has of its own.
    """

    def __init__(self, kind: type[Any], attributes: dict[str, Any], names: tuple[str, ...]) -> None:
        self.type, self.attributes, self.names = kind, attributes, names

    @property
    def kind(self) -> str:
        """The name of its class."""
        return self.type.__name__

    def __getitem__(self, name: str) -> Any:
        return self.attributes[name]


class BoundCall:
    """A function in a program with arguments that it carries: a bound method, a partial."""

    def __init__(self, function: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        self.function, self.args, self.keywords = function, args, keywords


def is_record(value: Any) -> bool:
    """Whether a program sees this value as its attributes."""
    kind = type(value)
    if isinstance(value, _NO_RECORDS) or any(base.__module__.partition(".")[0] == _PACKAGE for base in kind.__mro__):
        return False
    root = kind.__module__.partition(".")[0]
    if root in _FOREIGN or any(hasattr(value, name) for name in _NUMBER_LIKE):
        return False
    if root in sys.stdlib_module_names and _is_of_python(kind.__module__):
        return isinstance(value, SimpleNamespace) or kind.__module__ == "argparse"
    return hasattr(value, "__dict__") or any("__slots__" in vars(base) for base in kind.__mro__)


def _is_of_python(module: str) -> bool:
    """Whether a module is one of Python's own, and not a user's of the same name."""
    file = getattr(sys.modules.get(module), "__file__", None)
    return file is None or file.startswith(os.path.dirname(os.__file__))


def attributes_of(value: Any, names: Iterable[str]) -> dict[str, Any]:
    """Those of the named attributes that hold data; `value` may also be a class, for a class method.

    Properties and attributes of the class count; a property that raises is left out.
    """
    found = {}
    kind = value if isinstance(value, type) else type(value)
    own = getattr(value, "__dict__", ())
    for name in names:
        if name not in own and method_of(kind, name) is not None:
            continue
        try:
            found[name] = getattr(value, name)
        except Exception:  # a property is the user's code, and may raise anything
            continue
    return found


def method_of(kind: type[Any], name: str) -> Any:
    """The function, staticmethod or classmethod that a class has under this name; None if it is anything else."""
    found = next((vars(base)[name] for base in kind.__mro__ if name in vars(base)), None)
    return found if isinstance(found, _CODE) else None


def own_names(value: Any) -> tuple[str, ...]:
    """The attributes of an object that are not those of its class."""
    slots = [name for base in type(value).__mro__ for name in _as_tuple(vars(base).get("__slots__", ()))]
    return tuple(name for name in dict.fromkeys([*slots, *getattr(value, "__dict__", ())]) if not name.startswith("__"))


def _as_tuple(slots: Any) -> Iterable[str]:
    return (slots,) if isinstance(slots, str) else slots
