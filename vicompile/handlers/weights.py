"""Handlers that tell how much log densities count: scale, by what they are multiplied, and mask, where they count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

import numpy as np

from ..ir import ops
from ..language.eager import EagerRoad
from ..language.messages import Handler, Message, Road

# A parameter counts when it is lifted further out.
_COUNTED = frozenset(("sample", "factor", "param"))
# What can be looked at when the handler is made; other values are known later.
_PLAIN = (bool, int, float, str, list, tuple, np.generic, np.ndarray)


class Weight(Handler):
    """Base of the two: one value of the same name as the handler."""

    def __init__(self, fn: Callable[..., Any] | None, value: Any) -> None:
        super().__init__(fn)
        if value is None:
            raise TypeError(f"{self.word} needs a value: write {self.word}({self.word}=...)")
        self._value = value

    def outside(self) -> Mapping[str, Any]:
        """The value."""
        return {f"[{self.word!r}]": self._value}

    def with_outside(self, values: Mapping[str, Any]) -> Self:
        """With another value."""
        other = self.around(self.fn)
        other._value = values[f"[{self.word!r}]"]
        return other


class scale(Weight):
    """Log densities inside are multiplied by `scale`. Draws do not depend on it; nested scales multiply.

    fn: the model. scale: a positive number, or an array of them that broadcasts with the batch of every site inside.

    Errors: ValueError for a scale that is not positive.
    """

    def __init__(self, fn: Callable[..., Any] | None = None, scale: Any = None) -> None:
        super().__init__(fn, scale)
        if isinstance(scale, _PLAIN):
            EagerRoad((), Message("factor", "")).factor(scale)

    @property
    def scale(self) -> Any:
        """What was given."""
        return self._value

    def process(self, message: Message, road: Road) -> None:
        """Multiply."""
        if message.kind in _COUNTED and not road.is_abstract:
            factor = road.factor(self._value)
            message.scale = factor if message.scale is None else ops.multiply(message.scale, factor)


class mask(Weight):
    """Log densities inside count only where `mask` is True. Draws do not depend on it; nested masks must all hold.

    fn: the model. mask: True, False, or an array of them that broadcasts with the batch of every site inside.

    Errors: TypeError for anything else.
    """

    def __init__(self, fn: Callable[..., Any] | None = None, mask: Any = None) -> None:
        super().__init__(fn, mask)
        if isinstance(mask, _PLAIN):
            EagerRoad((), Message("factor", "")).condition(mask)

    @property
    def mask(self) -> Any:
        """What was given."""
        return self._value

    def process(self, message: Message, road: Road) -> None:
        """Let both hold."""
        if message.kind in _COUNTED and not road.is_abstract:
            condition = road.condition(self._value)
            message.mask = condition if message.mask is None else ops.logical_and(message.mask, condition)
