"""Sets of square matrices, on the last two axes."""

from __future__ import annotations

from typing import Any

import numpy as np

from .base import any_batch
from .vectors import TOLERANCE, VectorSet


class MatrixSet(VectorSet):
    """A set of square matrices that is told by one condition."""

    event_dim = 2

    def check(self, x: Any) -> Any:
        def holds(x: Any) -> Any:
            if x.shape[-1] != x.shape[-2]:
                return np.zeros(x.shape[:-2], bool)
            finite = np.isfinite(x).all((-2, -1))
            # What is not finite is out already; LAPACK would fail on it.
            return finite & self._holds(np.where(finite[..., None, None], x, 0.0))

        return any_batch(x, 2, holds)


def _square(x: Any) -> Any:
    return np.ones(x.shape[:-2], bool)


def _symmetric(x: Any) -> Any:
    scale = TOLERANCE * np.abs(x).max((-2, -1), initial=0.0, keepdims=True)
    return (np.abs(x - np.swapaxes(x, -1, -2)) <= scale).all((-2, -1))


def _semidefinite(x: Any) -> Any:
    values = np.linalg.eigvalsh(x)
    return _symmetric(x) & (values >= -TOLERANCE * np.abs(values).max(-1, initial=0.0, keepdims=True)).all(-1)


def _definite(x: Any) -> Any:
    # Scaled to unit diagonal: whether rounding spoils definiteness must not depend on the units of the rows.
    diagonal = np.diagonal(x, axis1=-2, axis2=-1)
    root = np.sqrt(np.where(diagonal > 0.0, diagonal, 1.0))
    scaled = x / root[..., :, None] / root[..., None, :]
    return _symmetric(x) & (diagonal > 0.0).all(-1) & (np.linalg.eigvalsh(scaled) > 0.0).all(-1)


def _correlation(x: Any) -> Any:
    ones = np.abs(np.diagonal(x, axis1=-2, axis2=-1) - 1.0) <= TOLERANCE
    return _definite(x) & ones.all(-1)


def _lower(x: Any) -> Any:
    return (np.triu(x, 1) == 0.0).all((-2, -1))


def _lower_cholesky(x: Any) -> Any:
    return _lower(x) & (np.diagonal(x, axis1=-2, axis2=-1) > 0.0).all(-1)


def _unit_lower(x: Any) -> Any:
    return _lower(x) & (np.diagonal(x, axis1=-2, axis2=-1) == 1.0).all(-1)


def _correlation_cholesky(x: Any) -> Any:
    lengths = np.sqrt((x * x).sum(-1))
    return _lower_cholesky(x) & (np.abs(lengths - 1.0) <= TOLERANCE).all(-1)


_TRIANGLE = "a lower triangular matrix with positive diagonal"


def _definite_map(t: Any) -> Any:
    return t.ComposeTransform([t.LowerCholeskyTransform(), t.CholeskyTransform().inv])


square = MatrixSet("square", _square, "a square matrix", lambda t: t.IndependentTransform(t.IdentityTransform(), 2))
symmetric = MatrixSet("symmetric", _symmetric, "a symmetric matrix", lambda t: t.SymmetricTransform())
positive_definite = MatrixSet(
    "positive_definite", _definite, "a symmetric matrix with positive eigenvalues", _definite_map
)
positive_semidefinite = MatrixSet(
    "positive_semidefinite",
    _semidefinite,
    "a symmetric matrix without negative eigenvalues",
    _definite_map,
    kind="positive_definite",
)
corr_matrix = MatrixSet(
    "corr_matrix",
    _correlation,
    "a symmetric matrix with positive eigenvalues and ones on its diagonal",
    lambda t: t.ComposeTransform([t.CorrCholeskyTransform(), t.CorrMatrixCholeskyTransform().inv]),
)
corr_cholesky = MatrixSet(
    "corr_cholesky",
    _correlation_cholesky,
    "a lower triangular matrix with positive diagonal and rows of length 1",
    lambda t: t.CorrCholeskyTransform(),
)
lower_triangular = MatrixSet(
    "lower_triangular", _lower, "a lower triangular matrix", lambda t: t.LowerTriangularTransform()
)
lower_cholesky = MatrixSet("lower_cholesky", _lower_cholesky, _TRIANGLE, lambda t: t.LowerCholeskyTransform())
softplus_lower_cholesky = MatrixSet(
    "softplus_lower_cholesky",
    _lower_cholesky,
    _TRIANGLE,
    lambda t: t.SoftplusLowerCholeskyTransform(),
    kind="lower_cholesky",
)
scaled_unit_lower_cholesky = MatrixSet(
    "scaled_unit_lower_cholesky",
    _lower_cholesky,
    _TRIANGLE,
    lambda t: t.ScaledUnitLowerCholeskyTransform(),
    kind="lower_cholesky",
)
unit_lower_cholesky = MatrixSet(
    "unit_lower_cholesky",
    _unit_lower,
    "a lower triangular matrix with ones on its diagonal",
    lambda t: t.UnitLowerCholeskyTransform(),
)
