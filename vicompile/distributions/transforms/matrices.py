"""Maps onto triangular, symmetric and definite matrices, whose free elements are a vector."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ir import ops, vectors
from ...ir.dims import Shape
from ...ir.nodes import Node
from ..constraints.combined import real_vector
from ..constraints.matrices import (
    corr_cholesky,
    corr_matrix,
    lower_cholesky,
    lower_triangular,
    positive_definite,
    scaled_unit_lower_cholesky,
    softplus_lower_cholesky,
    symmetric,
    unit_lower_cholesky,
)
from .base import Transform, last_axis, zeros
from .stable import arcsinh, log_sech, softplus_inverse


class LowerTriangularTransform(Transform):
    """n (n + 1) / 2 numbers become a lower triangular matrix, row after row."""

    domain = real_vector
    codomain = lower_triangular
    strict = False

    def __call__(self, x: Any) -> Any:
        return vectors.fill_lower(x, self._size(x), strict=self.strict)

    def backward(self, y: Any) -> Any:
        return vectors.read_lower(y, strict=self.strict)

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return zeros(ops.shape_of(x)[:-1], x)

    def forward_shape(self, shape: Shape) -> Shape:
        n = vectors.triangle_size(last_axis(shape, self)[-1], strict=self.strict)
        return (*shape[:-1], n, n)

    def inverse_shape(self, shape: Shape) -> Shape:
        rows = vectors.rows_of_square(shape)
        return (*shape[:-2], vectors.triangle_count(rows, strict=self.strict))

    def _size(self, x: Any) -> int:
        return vectors.triangle_size(vectors.last_size(x), strict=self.strict)


class SymmetricTransform(LowerTriangularTransform):
    """n (n + 1) / 2 numbers, the lower triangle row after row, become a symmetric matrix."""

    codomain = symmetric

    def __call__(self, x: Any) -> Any:
        lower = vectors.fill_lower(x, self._size(x))
        return lower + vectors.transpose(vectors.strict_lower(lower))


class UnitLowerCholeskyTransform(LowerTriangularTransform):
    """n (n - 1) / 2 numbers below a diagonal of ones."""

    codomain = unit_lower_cholesky
    strict = True

    def __call__(self, x: Any) -> Any:
        return vectors.with_diagonal(vectors.fill_lower(x, self._size(x), strict=True), 1.0)


class LowerCholeskyTransform(LowerTriangularTransform):
    """n (n + 1) / 2 numbers: those below the diagonal row after row, then the logarithms of the diagonal."""

    codomain = lower_cholesky

    def __call__(self, x: Any) -> Any:
        below, last = self._parts(x)
        return vectors.with_diagonal(vectors.fill_lower(below, self._size(x), strict=True), self._positive(last))

    def backward(self, y: Any) -> Any:
        return vectors.concatenate_last([vectors.read_lower(y, strict=True), self._unconstrained(vectors.diagonal(y))])

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return ops.total(self._log_slope(self._parts(x)[1]), [-1])

    def _parts(self, x: Any) -> tuple[Any, Any]:
        n = self._size(x)
        count = vectors.triangle_count(n, strict=True)
        return vectors.slice_last(x, 0, count), vectors.slice_last(x, count, count + n)

    @staticmethod
    def _positive(last: Any) -> Any:
        return ops.exp(last)

    @staticmethod
    def _unconstrained(diagonal: Any) -> Any:
        return ops.log(diagonal)

    @staticmethod
    def _log_slope(last: Any) -> Any:
        return last


class SoftplusLowerCholeskyTransform(LowerCholeskyTransform):
    """As LowerCholeskyTransform, with the diagonal by softplus."""

    codomain = softplus_lower_cholesky

    @staticmethod
    def _positive(last: Any) -> Any:
        return ops.softplus(last)

    @staticmethod
    def _unconstrained(diagonal: Any) -> Any:
        return softplus_inverse(diagonal)

    @staticmethod
    def _log_slope(last: Any) -> Any:
        return -ops.softplus(-last)


class ScaledUnitLowerCholeskyTransform(SoftplusLowerCholeskyTransform):
    """A unit lower triangular matrix whose rows are scaled by softplus of the last n numbers."""

    codomain = scaled_unit_lower_cholesky

    def __call__(self, x: Any) -> Any:
        below, last = self._parts(x)
        unit = vectors.with_diagonal(vectors.fill_lower(below, self._size(x), strict=True), 1.0)
        return unit * vectors.insert_axis(ops.softplus(last), -1)

    def backward(self, y: Any) -> Any:
        diagonal = vectors.diagonal(y)
        unit = y / vectors.insert_axis(diagonal, -1)
        return vectors.concatenate_last([vectors.read_lower(unit, strict=True), softplus_inverse(diagonal)])

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        last = self._parts(x)[1]
        row = vectors.positions(self._size(x), x)
        return ops.total(row * ops.log(ops.softplus(last)) - ops.softplus(-last), [-1])


class CorrCholeskyTransform(LowerTriangularTransform):
    """n (n - 1) / 2 numbers become the Cholesky factor of a correlation matrix.

    tanh of each is a partial correlation; row i is what it takes of the length that the elements before have left
    (Lewandowski, Kurowicka and Joe 2009).
    """

    codomain = corr_cholesky
    strict = True

    def __call__(self, x: Any) -> Any:
        filled = vectors.fill_lower(x, self._size(x), strict=True)
        left = vectors.cumsum_last(log_sech(filled), exclusive=True)
        return vectors.with_diagonal(ops.tanh(filled), 1.0) * ops.exp(left)

    def backward(self, y: Any) -> Any:
        # sinh(u) is the element over the length of what comes after it in its row.
        return arcsinh(ops.divide(*map(self._below, (y, vectors.lengths_after(y)))))

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        filled = vectors.fill_lower(x, self._size(x), strict=True)
        before = vectors.cumsum_last(log_sech(filled), exclusive=True)
        return ops.total(vectors.strict_lower(before), [-2, -1]) + ops.total(2.0 * log_sech(x), [-1])

    @staticmethod
    def _below(y: Any) -> Any:
        return vectors.read_lower(y, strict=True)


class CholeskyTransform(Transform):
    """A positive definite matrix becomes its lower triangular factor L: x = L L'."""

    domain = positive_definite
    codomain = lower_cholesky

    def __call__(self, x: Any) -> Any:
        return cholesky(x)

    def backward(self, y: Any) -> Any:
        return vectors.matmul(y, vectors.transpose(y))

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        n = vectors.square_size(y)
        powers = vectors.number(n) - vectors.positions(n, y)
        return -(vectors.number(n) * np.log(2.0) + ops.total(powers * ops.log(vectors.diagonal(y)), [-1]))


class CorrMatrixCholeskyTransform(CholeskyTransform):
    """A correlation matrix becomes its lower triangular factor."""

    domain = corr_matrix
    codomain = corr_cholesky

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        n = vectors.square_size(y)
        powers = vectors.number(n) - 1.0 - vectors.positions(n, y)
        return -ops.total(powers * ops.log(vectors.diagonal(y)), [-1])


class LowerCholeskyAffine(Transform):
    """y = loc + scale_tril @ x for vectors x. loc: (..., n). scale_tril: (..., n, n), a lower Cholesky factor."""

    domain = real_vector
    codomain = real_vector

    def __init__(self, loc: Any, scale_tril: Any) -> None:
        vectors.square_size(scale_tril)
        self.loc, self.scale_tril = loc, scale_tril

    def __call__(self, x: Any) -> Any:
        return self.loc + vectors.matvec(self.scale_tril, x)

    def backward(self, y: Any) -> Any:
        return solve_lower(self.scale_tril, y - self.loc)

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        slope = ops.total(ops.log(vectors.diagonal(self.scale_tril)), [-1])
        shape = ops.broadcast_shapes(ops.shape_of(x)[:-1], ops.shape_of(slope))
        return ops.broadcast_to(slope, shape)


def cholesky(x: Any) -> Any:
    """The lower triangular factors of positive definite matrices. LinAlgError for others, on NumPy."""
    if not isinstance(x, Node):
        return np.linalg.cholesky(x)
    from ...ir import linalg  # type: ignore[attr-defined, unused-ignore]

    return linalg.cholesky(x)


def solve_lower(triangle: Any, b: Any) -> Any:
    """The vectors x with triangle @ x = b, of (..., n, n) and (..., n)."""
    if not isinstance(triangle, Node) and not isinstance(b, Node):
        return np.linalg.solve(triangle, vectors.insert_axis(b, -1))[..., 0]
    from ...ir import linalg  # type: ignore[attr-defined, unused-ignore]

    return linalg.solve_lower(triangle, b, vector=True)
