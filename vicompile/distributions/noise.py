"""Base noise: what draws are made from, and where eager draws get theirs.

A draw is a pure function of parameters and base noise. The compiler hands it noise that consists of graph nodes; here
is
the source that NumPy's generators back, and the generator that eager draws share.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Protocol

import numpy as np

from ..ir.dims import Shape


class Noise(Protocol):
    """A source of base noise that knows the shape of the draw. Each call gives fresh noise.

    The noise has the shape of the draw, or with an `event_shape` that of the draw's batch followed by `event_shape`.
    """

    shape: Shape
    event_dim: int

    def normal(self, event_shape: Shape | None = None) -> Any:
        """Standard normal noise."""

    def uniform(self, event_shape: Shape | None = None) -> Any:
        """Noise that is uniform on (0, 1), the ends excluded."""

    def of_shape(self, shape: Shape, event_dim: int) -> Noise:
        """The same source for a draw of another shape, whose last `event_dim` axes are those of one draw."""


class NumpyNoise:
    """Base noise from a NumPy generator.

    generator: where the bits come from.
    shape: of the draw, which is float64. event_dim: how many of its last axes belong to one draw of the family.
    """

    def __init__(self, generator: np.random.Generator, shape: Shape, event_dim: int = 0) -> None:
        self.generator, self.shape, self.event_dim = generator, shape, event_dim

    def normal(self, event_shape: Shape | None = None) -> Any:
        """Standard normal noise."""
        return self.generator.standard_normal(self._numbers(event_shape))

    def uniform(self, event_shape: Shape | None = None) -> Any:
        """Noise that is uniform on (0, 1): odd multiples of 2**-53, so that neither end can occur."""
        return (self.generator.integers(0, 1 << 52, self._numbers(event_shape)) + 0.5) * 2.0**-52

    def of_shape(self, shape: Shape, event_dim: int) -> NumpyNoise:
        """The same generator for a draw of another shape."""
        return NumpyNoise(self.generator, shape, event_dim)

    def _numbers(self, event_shape: Shape | None) -> Any:
        return noise_shape(self.shape, self.event_dim, event_shape)


def noise_shape(shape: Shape, event_dim: int, event_shape: Shape | None) -> Shape:
    """The shape of one call's noise for a draw of this shape."""
    return shape if event_shape is None else (*shape[: len(shape) - event_dim], *event_shape)


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
