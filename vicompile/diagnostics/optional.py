"""Libraries that a user may have: imported where they are needed, and asked for by name where they are not there."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def optional(module: str, purpose: str, package: str = "") -> Any:
    """The module of another library. package: what to install, if it is not called as the module.

    Raises ImportError, which says what needs it and what to install.
    """
    try:
        return import_module(module)
    except ImportError:
        name = package or module.partition(".")[0]
        raise ImportError(f"{purpose} needs {name}: pip install {name}") from None
