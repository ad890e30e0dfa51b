"""The log density that a fit approximates: at many points at once, counted, with a limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]

Density = Callable[["FloatArray"], tuple["FloatArray", "FloatArray"]]


class OutOfGradients(Exception):
    """The fit has used up the gradients that it may take."""


class Target:
    """A log density on unconstrained numbers.

    density: points (n, size) -> values (n,), gradients (n, size). most: how many gradients may be taken; beyond, a call
    raises OutOfGradients. gradients: how many have been.
    """

    def __init__(self, density: Density, size: int, most: int) -> None:
        self._density = density
        self.size, self.most = size, most
        self.gradients = 0

    def __call__(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Values and gradients; a value is -inf where it or its gradient is NaN, or it is +inf."""
        if self.gradients + len(points) > self.most:
            raise OutOfGradients
        self.gradients += len(points)
        values, gradients = self._density(points)
        # The sums are finite if all is, up to overflow, which is not fine either.
        if not np.isfinite(values.sum() + gradients.sum()):
            fine = np.isfinite(values) & np.isfinite(gradients).all(axis=1)
            values = np.where(fine, values, -np.inf)
        return values, gradients

    def at(self, point: FloatArray) -> tuple[float, FloatArray]:
        """Value and gradient at one point."""
        values, gradients = self(point[None])
        return float(values[0]), gradients[0]
