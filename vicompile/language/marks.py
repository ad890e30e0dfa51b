"""How the compiler recognises the language: each primitive carries its word, each decorated function its role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def primitive(word: str) -> Callable[[F], F]:
    """Mark a function or class as the primitive `word` of the language."""

    def marked(function: F) -> F:
        function.__vicompile_primitive__ = word  # type: ignore[attr-defined]
        return function

    return marked


def model(function: F) -> F:
    """Mark `function` as a model. It stays an ordinary function: called directly it draws from the prior on NumPy."""
    function.__vicompile_role__ = "model"  # type: ignore[attr-defined]
    return function


def guide(function: F) -> F:
    """Mark `function` as a guide. It stays an ordinary function: called directly it draws on NumPy."""
    function.__vicompile_role__ = "guide"  # type: ignore[attr-defined]
    return function
