"""Base noise: what draws are made from, and where eager draws get theirs.

A draw is a pure function of parameters and base noise. The compiler hands it noise that consists of graph nodes; here
is
the source that NumPy's generators back, and the generator that eager draws share.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Protocol

import numpy as np


class Noise(Protocol):
    """A source of base noise that knows the shape of the draw. Each call gives fresh noise of that whole shape."""

    def normal(self) -> Any:
        """Standard normal noise."""

    def uniform(self) -> Any:
        """Noise that is uniform on (0, 1), the ends excluded."""


class NumpyNoise:
    """Base noise from a NumPy generator.

    generator: where the bits come from.
    shape: of every array it gives, float64.
    """

    def __init__(self, generator: np.random.Generator, shape: tuple[int, ...]) -> None:
        self.generator, self.shape = generator, shape

    def normal(self) -> Any:
        """Standard normal noise."""
        return self.generator.standard_normal(self.shape)

    def uniform(self) -> Any:
        """Noise that is uniform on (0, 1): odd multiples of 2**-53, so that neither end can occur."""
        return (self.generator.integers(0, 1 << 52, self.shape) + 0.5) * 2.0**-52


_current: ContextVar[np.random.Generator | None] = ContextVar("vicompile_generator", default=None)


def current_generator() -> np.random.Generator:
    """The generator of eager draws; seeded by the operating system unless `use_generator` has set one."""
    generator = _current.get()
    if generator is None:
        generator = np.random.default_rng()
        _current.set(generator)
    return generator


def use_generator(generator: np.random.Generator | None) -> np.random.Generator | None:
    """Make `generator` the one of eager draws; gives back the one before."""
    previous = _current.get()
    _current.set(generator)
    return previous
