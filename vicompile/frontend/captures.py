"""Values that a function takes from outside itself: closure cells, module globals, builtins, and attributes of
modules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from .bound import call_method, carries

_PACKAGE = __name__.partition(".")[0]


class Missing(Exception):
    """The name has no value now."""


@dataclass(frozen=True, eq=False, slots=True)
class Capture:
    """One outside value.

    name: as written, perhaps dotted.
    origin: "closure", "global" or "builtin".
    get: gives the current value; raises Missing if it has none.
    first: the value when the function was parsed.
    """

    name: str
    origin: str
    get: Callable[[], Any] = field(repr=False)
    first: Any = field(repr=False)

    def is_unchanged(self) -> bool:
        """Whether the name still means the same object."""
        try:
            return self.get() is self.first
        except Missing:
            return False


def is_namespace(value: Any) -> bool:
    """Whether attributes of `value` are resolved when the function is parsed."""
    return isinstance(value, ModuleType | type)


def is_static(value: Any) -> bool:
    """Whether `value` is part of the program (function, class, module, constraint ...) rather than data.

    An object of a user's class is data, also where it can be called: its attributes may change. So are methods.
    """
    if isinstance(value, ModuleType) or (callable(value) and call_method(value) is None and not carries(value)):
        return True
    return any(kind.__module__.partition(".")[0] == _PACKAGE for kind in type(value).__mro__)
