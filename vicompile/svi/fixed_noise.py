"""The loss of a problem as a function of its parameters alone: with the noise, and all else, of one step."""

from __future__ import annotations

import ctypes
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
def fixed_noise(problem: Problem, *, seed: int, step: int, is_mirrored: bool = False) -> Iterator[FixedNoise]:
    """The objective, for use inside the `with`.

    is_mirrored: whether the second half of the particles, whose number is even, has the noise of the first half
        mirrored: the means of the noise are then exactly those of its distribution.
    """
    with workspace(problem, None) as space:
        space.start(step, seed)
        # One evaluation, wherever the parameters are, draws the noise and sets what depends on the step.
        space.advance(1, address(np.empty(1)))
        if is_mirrored:
            _mirror(space, problem)
        yield FixedNoise(space)


def _mirror(space: Workspace, problem: Problem) -> None:
    count, row = problem.particles, problem.noise.row
    place = ctypes.cast(int(space.slots[_SLOT["noise"]]), ctypes.POINTER(ctypes.c_double))
    rows = np.ctypeslib.as_array(place, (count, row))
    normals = 2 * problem.noise.normal_pairs
    rows[count // 2 :, :normals] = -rows[: count // 2, :normals]
    rows[count // 2 :, normals:] = 1.0 - rows[: count // 2, normals:]
