"""The normal distribution of matrices with correlated rows and correlated columns."""

from __future__ import annotations

import math
from typing import Any

from ..ir import linalg, ops, vectors
from ..ir.dims import Shape
from . import constraints
from .base import Distribution
from .multivariate_normal import log_det
from .noise import Noise
from .stable import HALF_LOG_2PI
from .vector_parts import squares_of_rows
from .wishart_parts import squares


class MatrixNormal(Distribution):
    """MatrixNormal(loc, scale_tril_row, scale_tril_column): loc + L Z K' with standard normal Z.

    loc: the mean, (rows, columns). scale_tril_row, scale_tril_column: L and K, the lower Cholesky factors of the
    covariance among rows and among columns. Support: real matrices.
    """

    arg_constraints = {
        "loc": constraints.real_matrix,
        "scale_tril_row": constraints.lower_cholesky,
        "scale_tril_column": constraints.lower_cholesky,
    }
    support = constraints.real_matrix

    @staticmethod
    def _event_shape(loc: Any, scale_tril_row: Any, scale_tril_column: Any) -> Shape:
        own = (vectors.square_size(scale_tril_row), vectors.square_size(scale_tril_column))
        return ops.broadcast_shapes(ops.shape_of(loc)[-2:], own)

    @staticmethod
    def log_density(x: Any, loc: Any, scale_tril_row: Any, scale_tril_column: Any) -> Any:
        by_rows = linalg.solve_lower(scale_tril_row, x - loc)
        z = linalg.solve_lower(scale_tril_column, vectors.transpose(by_rows))
        return -0.5 * squares(z) - _size_terms(scale_tril_row, scale_tril_column, HALF_LOG_2PI)

    @staticmethod
    def draw(noise: Noise, loc: Any, scale_tril_row: Any, scale_tril_column: Any) -> Any:
        by_rows = vectors.matmul(vectors.tril(scale_tril_row), noise.normal())
        return loc + vectors.matmul(by_rows, vectors.transpose(vectors.tril(scale_tril_column)))

    @staticmethod
    def _mean(loc: Any, scale_tril_row: Any, scale_tril_column: Any) -> Any:
        return loc

    @staticmethod
    def _variance(loc: Any, scale_tril_row: Any, scale_tril_column: Any) -> Any:
        rows, columns = squares_of_rows(scale_tril_row), squares_of_rows(scale_tril_column)
        return vectors.insert_axis(rows, -1) * vectors.insert_axis(columns, -2)

    @staticmethod
    def _entropy(loc: Any, scale_tril_row: Any, scale_tril_column: Any) -> Any:
        return _size_terms(scale_tril_row, scale_tril_column, 0.5 + 0.5 * math.log(2.0 * math.pi))


def _size_terms(scale_tril_row: Any, scale_tril_column: Any, each: float) -> Any:
    """Half the log determinant of the covariance, and `each` for every element."""
    rows = vectors.number(vectors.square_size(scale_tril_row))
    columns = vectors.number(vectors.square_size(scale_tril_column))
    return columns * log_det(scale_tril_row) + rows * log_det(scale_tril_column) + rows * columns * each
