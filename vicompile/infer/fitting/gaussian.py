"""A Gaussian on the unconstrained scale, and what is asked of two of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ...diagnostics import Record

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]

HALF_LOG_2PI = 0.5 * math.log(2.0 * math.pi)


class AnyGaussian(Record, eq=False):
    """What the Gaussians of all families have in common: made of standard normals, as many as dimensions unless they
    say otherwise.
    """

    mean: FloatArray

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
        """Half the logarithm of the determinant of the covariance."""
        raise NotImplementedError

    @property
    def entropy(self) -> float:
        """In nats."""
        return self.size * (HALF_LOG_2PI + 0.5) + self.log_det

    def log_density(self, z: FloatArray) -> FloatArray:
        """The log density at the points of standard normals z (n, noise_size)."""
        found: FloatArray = -0.5 * np.einsum("ij,ij->i", z, z) - self.size * HALF_LOG_2PI - self.log_det
        return found


class Gaussian(AnyGaussian, eq=False):
    """The distribution of mean + factor @ z, z standard normal. factor: lower triangular, its diagonal positive."""

    factor: FloatArray

    @property
    def sds(self) -> FloatArray:
        """The standard deviations."""
        found: FloatArray = np.sqrt(np.einsum("ij,ij->i", self.factor, self.factor))
        return found

    @property
    def log_det(self) -> float:
        """log |factor|."""
        return float(np.log(np.diagonal(self.factor)).sum())

    def points(self, z: FloatArray) -> FloatArray:
        """Where standard normals (n, size) come to lie."""
        found: FloatArray = z @ self.factor.T + self.mean
        return found

    def scaled(self, gradients: FloatArray) -> FloatArray:
        """Gradients by the coordinates in which this is standard normal."""
        found: FloatArray = gradients @ self.factor
        return found

    def whitened(self, other: Gaussian) -> tuple[FloatArray, FloatArray]:
        """Mean and factor of `other` in the coordinates in which this one is standard normal."""
        mean: FloatArray = np.asarray(np.linalg.solve(self.factor, other.mean - self.mean), np.float64)
        factor: FloatArray = np.asarray(np.linalg.solve(self.factor, other.factor), np.float64)
        return mean, factor

    def divergence(self, other: Gaussian) -> float:
        """KL(other || self)."""
        mean, factor = self.whitened(other)
        spread = float((factor * factor).sum() + mean @ mean) - self.size
        return 0.5 * spread - float(np.log(np.abs(np.diagonal(factor))).sum())


def cholesky(covariance: FloatArray) -> FloatArray:
    """The lower Cholesky factor."""
    return np.asarray(np.linalg.cholesky(covariance), np.float64)


def is_positive(matrix: FloatArray) -> bool:
    """Whether a symmetric matrix, in units that make its elements comparable, is positive definite beyond rounding."""
    try:
        diagonal = np.diagonal(np.linalg.cholesky(matrix))
    except np.linalg.LinAlgError:
        return False
    return bool(diagonal.min() > 1e-6 * diagonal.max())
