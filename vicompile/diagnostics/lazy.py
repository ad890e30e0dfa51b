"""Names of a package that are loaded when they are first used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from .absent import absent


def loaded_when_used(
    package: str, places: Mapping[str, str], modules: tuple[str, ...] = (), advice: Mapping[str, str] | None = None
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` of a package. places: for each name its module, relative to the package.

    modules: submodules that are names as well. No module may have the name of what it holds, whose place it would take.
    advice: what to use instead of names that are not there.
    """

    def get(name: str) -> Any:
        if name in modules:
            return import_module(f".{name}", package)
        if name not in places:
            raise absent(package, name, advice or {})
        value = getattr(import_module(places[name], package), name)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *places, *modules})

    return get, names
