"""The log density that a fit approximates: at many points at once, counted, with a limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ...svi.workspace import address

if TYPE_CHECKING:
    import numpy.typing as npt

    from ...compiler.points import Call, Points

    FloatArray = npt.NDArray[np.float64]


class OutOfGradients(Exception):
    """The fit has used up the gradients that it may take."""


class Target:
    """A log density on unconstrained numbers, for one thread.

    density: points (n, size) -> values (n,), gradients (n, size). most: how many gradients may be taken; beyond, a call
    raises OutOfGradients. gradients: how many have been. Native code counts in `tally`, the two of them. tell: gets
    what is done next, and the ELBO so far.
    """

    def __init__(
        self, density: Points, size: int, most: int, tell: Callable[[str, float | None], None] = lambda *_: None
    ) -> None:
        self._density = density
        self.size, self.tell = size, tell
        self.tally = np.array([0, most], np.int64)
        self.tally_place = address(self.tally)
        self._calls: dict[int, Call] = {}

    @property
    def gradients(self) -> int:
        """How many have been taken."""
        return int(self.tally[0])

    @property
    def most(self) -> int:
        """How many may be taken."""
        return int(self.tally[1])

    @most.setter
    def most(self, count: int) -> None:
        self.tally[1] = count

    @property
    def most_at_once(self) -> int:
        """How many points one call of the kernel may have."""
        return self._density.most

    def native_call(self, count: int) -> Call:
        """What native code needs to call the kernel with `count` points; every one who asks has the same buffers."""
        if count not in self._calls:
            self._calls[count] = self._density.call(count)
        return self._calls[count]

    def __call__(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Values and gradients; a value is -inf where it or its gradient is NaN, or it is +inf."""
        if self.gradients + len(points) > self.most:
            raise OutOfGradients
        self.tally[0] += len(points)
        values, gradients = self._density(points)
        with np.errstate(all="ignore"):
            # The sums are finite if all is, up to overflow, which is not fine either.
            total = values.sum() + gradients.sum()
        if not np.isfinite(total):
            fine = np.isfinite(values) & np.isfinite(gradients).all(axis=1)
            values = np.where(fine, values, -np.inf)
        return values, gradients

    def at(self, point: FloatArray) -> tuple[float, FloatArray]:
        """Value and gradient at one point."""
        values, gradients = self(point[None])
        return float(values[0]), gradients[0]
