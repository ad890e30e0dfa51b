"""A Gaussian with independent components, for dimensions in which a matrix would not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...diagnostics import Record
from .gaussian import HALF_LOG_2PI

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]


class Diagonal(Record, eq=False):
    """The distribution of mean + sds * z, z standard normal."""

    mean: FloatArray
    sds: FloatArray

    @property
    def size(self) -> int:
        """The number of dimensions."""
        return len(self.mean)

    @property
    def noise_size(self) -> int:
        """How many standard normals a draw takes."""
        return len(self.mean)

    @property
    def log_det(self) -> float:
        """The sum of the logarithms of the standard deviations."""
        return float(np.log(self.sds).sum())

    @property
    def entropy(self) -> float:
        """In nats."""
        return self.size * (HALF_LOG_2PI + 0.5) + self.log_det

    def points(self, z: FloatArray) -> FloatArray:
        """Where standard normals (n, size) come to lie."""
        found: FloatArray = z * self.sds + self.mean
        return found

    def log_density(self, z: FloatArray) -> FloatArray:
        """The log density at the points of standard normals z (n, size)."""
        found: FloatArray = -0.5 * np.einsum("ij,ij->i", z, z) - self.size * HALF_LOG_2PI - self.log_det
        return found

    def scaled(self, gradients: FloatArray) -> FloatArray:
        """Gradients by the coordinates in which this is standard normal."""
        return gradients * self.sds
