"""The whole-array functions on NumPy arrays: what the interpreter computes and everything else is compared with.

All work on the last two axes, for each element of the axes in front; a right-hand side with one axis less is a vector.
Nothing raises: what cannot be factorised or solved is NaN. SciPy is imported where it is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]


def cholesky(a: Array) -> Array:
    """The lower factor L of A = L L', from the lower triangle of A; NaN in its triangle where A is not positive
    definite.
    """
    return _each(_cholesky, a)


def _cholesky(a: Array) -> Array:
    try:
        factor = np.asarray(np.linalg.cholesky(a))
    except np.linalg.LinAlgError:
        factor = np.full(a.shape, np.nan)
    # LAPACK lets NaN in A through, as NaN on the diagonal.
    return factor if np.all(np.diag(factor) > 0.0) else np.tril(np.full(a.shape, np.nan))


def cholesky_adjoint(factor: Array, adjoint: Array) -> Array:
    """The adjoint of A, in its lower triangle, from the factor and its adjoint.

    Murray (2016), "Differentiation of the Cholesky decomposition", equation 10, written for the lower triangle alone.
    """
    return _each(_cholesky_adjoint, factor, adjoint)


def _cholesky_adjoint(factor: Array, adjoint: Array) -> Array:
    inner = np.tril(np.tril(factor).T @ np.tril(adjoint))
    inner[np.diag_indices_from(inner)] *= 0.5
    left = _triangular(factor, inner, transposed=True)
    both = _triangular(factor, left.T.copy(), transposed=True)
    return np.tril(both + both.T) - np.diag(np.diag(both))


def solve_lower(factor: Array, b: Array) -> Array:
    """X with L X = B; only the lower triangle of L is looked at."""
    return _each(lambda one, other: _triangular(one, other, transposed=False), factor, b)


def solve_lower_transposed(factor: Array, b: Array) -> Array:
    """X with L' X = B; only the lower triangle of L is looked at."""
    return _each(lambda one, other: _triangular(one, other, transposed=True), factor, b)


def _triangular(factor: Array, b: Array, transposed: bool) -> Array:
    from scipy.linalg import solve_triangular

    diagonal = np.diag(factor)
    if not np.all(np.abs(diagonal) > 0.0):  # zero or NaN
        return np.full(b.shape, np.nan)
    found: Array = solve_triangular(factor, b, lower=True, trans=int(transposed), check_finite=False)
    return found


def solve(a: Array, b: Array) -> Array:
    """X with A X = B; NaN where A is singular."""
    return _each(_solve, a, b)


def solve_transposed(a: Array, b: Array) -> Array:
    """X with A' X = B; NaN where A is singular."""
    return _each(lambda one, other: _solve(one.T, other), a, b)


def _solve(a: Array, b: Array) -> Array:
    try:
        return np.asarray(np.linalg.solve(a, b))
    except np.linalg.LinAlgError:
        return np.full(b.shape, np.nan)


def log_abs_det(a: Array) -> Array:
    """log |det A|; minus infinity where A is singular."""
    return np.asarray(np.linalg.slogdet(a)[1])


def sign_of_det(a: Array) -> Array:
    """-1.0, 0.0 or 1.0."""
    return np.asarray(np.linalg.slogdet(a)[0])


def product(a: Array, b: Array) -> Array:
    """A B"""
    return np.asarray(np.matmul(a, b))


def product_with_transposed(a: Array, b: Array) -> Array:
    """A B'"""
    return np.asarray(np.matmul(a, np.swapaxes(b, -1, -2)))


def product_of_transposed(a: Array, b: Array) -> Array:
    """A' B"""
    return np.asarray(np.matmul(np.swapaxes(a, -1, -2), b))


def _each(function: Callable[..., Array], matrices: Array, *others: Any) -> Array:
    """The function on every matrix of the batch."""
    batch = matrices.shape[:-2]
    if not batch:
        return function(matrices, *others)
    template = others[0] if others else matrices
    result = np.empty(template.shape)
    for place in np.ndindex(*batch):
        result[place] = function(matrices[place], *(other[place] for other in others))
    return result
