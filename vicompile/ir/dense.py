"""The whole-array functions on NumPy arrays: what the interpreter computes and everything else is compared with.

All work on the last two axes, for each element of the axes in front; a right-hand side with one axis less is a vector.
Nothing raises: what cannot be factorised or solved is NaN.
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
    factor = _one_by_one_if_it_fails(np.linalg.cholesky, a)
    # LAPACK lets NaN in A through, as NaN on the diagonal.
    good = np.all(_diagonal(factor) > 0.0, axis=-1)
    return np.where(good[..., None, None], factor, np.tril(np.full(a.shape, np.nan)))


def cholesky_adjoint(factor: Array, adjoint: Array) -> Array:
    """The adjoint of A, in its lower triangle, from the factor and its adjoint.

    Murray (2016), "Differentiation of the Cholesky decomposition", equation 10, written for the lower triangle alone.
    """
    eye = np.eye(factor.shape[-1])
    inner = np.tril(_transposed(np.tril(factor)) @ np.tril(adjoint)) * (1.0 - 0.5 * eye)
    left = _triangular(factor, inner, transposed=True)
    both = _triangular(factor, _transposed(left), transposed=True)
    return np.asarray(np.tril(both + _transposed(both) - both * eye))


def solve_lower(factor: Array, b: Array) -> Array:
    """X with L X = B; only the lower triangle of L is looked at."""
    return _with_columns(lambda right: _triangular(factor, right, transposed=False), factor, b)


def solve_lower_transposed(factor: Array, b: Array) -> Array:
    """X with L' X = B; only the lower triangle of L is looked at."""
    return _with_columns(lambda right: _triangular(factor, right, transposed=True), factor, b)


def _triangular(factor: Array, b: Array, transposed: bool) -> Array:
    """Substitution row by row, for the whole batch at once."""
    n, x = factor.shape[-1], np.array(b, float)
    diagonal = _diagonal(factor)
    for turn in range(n):
        j = n - 1 - turn if transposed else turn
        known = slice(j + 1, n) if transposed else slice(0, j)
        weights = factor[..., known, j] if transposed else factor[..., j, known]
        rest = x[..., j, :] - np.einsum("...k,...km->...m", weights, x[..., known, :])
        x[..., j, :] = rest / diagonal[..., j, None]
    good = np.all(np.abs(diagonal) > 0.0, axis=-1)  # neither zero nor NaN
    return np.where(good[..., None, None], x, np.nan)


def solve(a: Array, b: Array) -> Array:
    """X with A X = B; NaN where A is singular."""
    return _with_columns(lambda right: _one_by_one_if_it_fails(np.linalg.solve, a, right), a, b)


def solve_transposed(a: Array, b: Array) -> Array:
    """X with A' X = B; NaN where A is singular."""
    return solve(_transposed(a), b)


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
    return np.asarray(np.matmul(a, _transposed(b)))


def product_of_transposed(a: Array, b: Array) -> Array:
    """A' B"""
    return np.asarray(np.matmul(_transposed(a), b))


def _with_columns(function: Callable[[Array], Array], matrices: Array, b: Array) -> Array:
    """Vectors are taken as matrices of one column."""
    return function(b[..., None])[..., 0] if b.ndim < matrices.ndim else function(b)


def _one_by_one_if_it_fails(function: Callable[..., Any], *args: Array) -> Array:
    """A NumPy function on all matrices of the batch; where it raises for some, these are NaN."""
    try:
        return np.asarray(function(*args))
    except np.linalg.LinAlgError:
        if args[0].ndim == 2:
            return np.full(args[-1].shape, np.nan)
    result = np.empty(args[-1].shape)
    for place in np.ndindex(*args[0].shape[:-2]):
        result[place] = _one_by_one_if_it_fails(function, *(a[place] for a in args))
    return result


def _diagonal(a: Array) -> Array:
    return np.diagonal(a, axis1=-2, axis2=-1)


def _transposed(a: Array) -> Array:
    return np.swapaxes(a, -1, -2)
