"""A Gaussian with independent components, for dimensions in which a matrix would not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .gaussian import AnyGaussian

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]


class Diagonal(AnyGaussian, eq=False):
    """The distribution of mean + sds * z, z standard normal."""

    sds: FloatArray

    @property
    def log_det(self) -> float:
        """The sum of the logarithms of the standard deviations."""
        return float(np.log(self.sds).sum())

    def points(self, z: FloatArray) -> FloatArray:
        """Where standard normals (n, size) come to lie."""
        found: FloatArray = z * self.sds + self.mean
        return found

    def scaled(self, gradients: FloatArray) -> FloatArray:
        """Gradients by the coordinates in which this is standard normal."""
        return gradients * self.sds
