"""`scale` and `mask`: how much the log densities of the sites inside count, and where.

Both are blocks (`with scale(scale=0.1): ...`) and, with a function first, functions (`scale(model, scale=0.1)(data)`).
Draws do not depend on them. What holds at a place is asked of `current_scale` and `current_mask`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import reduce
from types import TracebackType
from typing import Any

import numpy as np

from .marks import primitive

_effects: ContextVar[tuple[_Effect, ...]] = ContextVar("vicompile_effects", default=())


class _Effect:
    """A block inside of which something holds, or a function that is called inside of one."""

    def __init__(self, function: Callable[..., Any] | None) -> None:
        if function is not None and not callable(function):
            raise TypeError(f"{type(self).__name__}: the first argument must be a function, got {function!r}")
        self._function = function

    def __enter__(self) -> None:
        _effects.set((*_effects.get(), self))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _effects.set(_effects.get()[:-1])

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._function is None:
            raise TypeError(f"{type(self).__name__} without a function is a block: write `with`")
        with self:
            return self._function(*args, **kwargs)


@primitive("scale")
class scale(_Effect):
    """Log densities inside are multiplied by `scale`, a positive number or an array that broadcasts with the batch.

    ValueError for a scale that is not positive.
    """

    def __init__(self, fn: Callable[..., Any] | None = None, scale: Any = None) -> None:
        super().__init__(fn)
        self.scale = np.asarray(scale, float)
        if not np.all(self.scale > 0.0):
            raise ValueError(f"scale: the scale must be positive, got {scale!r}")


@primitive("mask")
class mask(_Effect):
    """Log densities inside count only where `mask` is True, a condition or an array of them over the batch.

    TypeError for anything else.
    """

    def __init__(self, fn: Callable[..., Any] | None = None, mask: Any = None) -> None:
        super().__init__(fn)
        self.mask = np.asarray(mask)
        if self.mask.dtype != bool:
            raise TypeError(f"mask: True, False or an array of them was expected, got {mask!r}")


def current_scale() -> Any:
    """The product of the scales of all blocks around."""
    return reduce(lambda a, b: a * b, (e.scale for e in _effects.get() if isinstance(e, scale)), np.ones(()))


def current_mask() -> Any:
    """Where the masks of all blocks around hold."""
    return reduce(lambda a, b: a & b, (e.mask for e in _effects.get() if isinstance(e, mask)), np.ones((), bool))
