"""Seeding of eager draws. Compiled inference has its own random numbers and its own `seed` argument."""

from __future__ import annotations

from types import TracebackType

import numpy as np

from ..distributions.noise import use_generator


def set_rng_seed(seed: int) -> None:
    """From here on eager draws are a function of `seed`."""
    use_generator(np.random.default_rng(seed))


class seed:
    """`with seed(3): ...` makes the eager draws inside a function of the number alone; those outside go on as before.

    rng_seed: a non-negative int. ValueError otherwise.
    """

    def __init__(self, rng_seed: int) -> None:
        if isinstance(rng_seed, bool) or not isinstance(rng_seed, (int, np.integer)) or rng_seed < 0:
            raise ValueError(f"seed: a whole number from 0 was expected, got {rng_seed!r}")
        self._seed = int(rng_seed)
        self._previous: list[np.random.Generator | None] = []

    def __enter__(self) -> None:
        self._previous.append(use_generator(np.random.default_rng(self._seed)))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        use_generator(self._previous.pop())
