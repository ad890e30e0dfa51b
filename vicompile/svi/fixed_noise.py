"""The loss of a problem as a function of its parameters alone: with the noise, and all else, of one step."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from .loop import SLOTS
from .objectives import LOSS_SLOTS, loss_function
from .workspace import Workspace, address, workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .problem import Problem

_SLOT = {name: k for k, name in enumerate(SLOTS)}


class FixedNoise:
    """An objective of `minimise`; the value is infinite where loss or gradient are not finite, or the kernel fails."""

    def __init__(self, space: Workspace) -> None:
        self._function = loss_function()
        self._slots = np.array([space.slots[_SLOT[name]] for name in LOSS_SLOTS], np.int64)
        self.size = len(space.params)
        self.address, self.context = self._function.address, address(self._slots)

    def check(self, status: int) -> None:
        """Nothing: it refuses no call."""


@contextmanager
def fixed_noise(problem: Problem, *, seed: int, step: int) -> Iterator[FixedNoise]:
    """The objective, for use inside the `with`."""
    with workspace(problem, None) as space:
        space.start(step, seed)
        # One evaluation, wherever the parameters are, draws the noise and sets what depends on the step.
        space.advance(1, address(np.empty(1)))
        yield FixedNoise(space)
