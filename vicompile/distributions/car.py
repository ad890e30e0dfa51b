"""Conditional autoregressions: normal values on a graph, each with a mean made of its neighbours' values."""

from __future__ import annotations

from typing import Any

from ..ir import linalg, ops, vectors
from ..ir.dims import Shape
from . import constraints, kinds
from .multivariate_normal import log_det
from .noise import Noise
from .stable import HALF_LOG_2PI
from .vector_parts import Located, number_or_vector, size_of, squared_length, vector_shape


class CAR(Located):
    """CAR(loc, correlation, conditional_precision, adj_matrix, is_sparse=False): a proper conditional autoregression.

    The precision is conditional_precision * (D - correlation * W), D with the sums of the rows of W on its diagonal.
    loc: the mean, a vector or one number. correlation: in (-1, 1). conditional_precision: positive. adj_matrix: W, a
    symmetric array without empty rows; what is not positive definite gives NaN. is_sparse: False; sparse matrices are
    refused. Support: real vectors.
    """

    arg_constraints = {
        "loc": number_or_vector,
        "correlation": constraints.open_interval(-1.0, 1.0),
        "conditional_precision": constraints.positive,
        "adj_matrix": constraints.symmetric,
        "is_sparse": kinds.plain_value,
    }
    defaults = {"is_sparse": False}
    sized_by = ("adj_matrix",)
    support = None

    @staticmethod
    def _support(is_sparse: Any, **parameters: Any) -> constraints.Constraint:
        if is_sparse:
            raise ValueError("`is_sparse` must be False: give the adjacency matrix as a dense array")
        return constraints.real_vector

    @staticmethod
    def _event_shape(loc: Any, adj_matrix: Any, **others: Any) -> Shape:
        return vector_shape(loc, adj_matrix)

    @staticmethod
    def log_density(
        x: Any, loc: Any, correlation: Any, conditional_precision: Any, adj_matrix: Any, is_sparse: Any
    ) -> Any:
        away, root = x - loc, _root(correlation, adj_matrix)
        quadratic = squared_length(vectors.matvec(vectors.transpose(root), away))
        half_size = 0.5 * vectors.number(size_of(loc, adj_matrix))
        scale = half_size * ops.log(conditional_precision) - 2.0 * half_size * HALF_LOG_2PI
        return scale + log_det(root) - 0.5 * conditional_precision * quadratic

    @staticmethod
    def draw(
        noise: Noise, loc: Any, correlation: Any, conditional_precision: Any, adj_matrix: Any, is_sparse: Any
    ) -> Any:
        z = linalg.solve_lower_transposed(_root(correlation, adj_matrix), noise.normal(), vector=True)
        return loc + z / vectors.beside(ops.sqrt(conditional_precision))

    @staticmethod
    def _mean(loc: Any, **others: Any) -> Any:
        return loc

    @staticmethod
    def _variance(loc: Any, correlation: Any, conditional_precision: Any, adj_matrix: Any, is_sparse: Any) -> Any:
        inverse = linalg.inverse(_precision(correlation, adj_matrix))
        return vectors.diagonal(inverse) / vectors.beside(conditional_precision)


def _precision(correlation: Any, adj_matrix: Any) -> Any:
    """D - correlation * W."""
    degrees = ops.total(adj_matrix, [-1])
    beside = vectors.beside(correlation, 2)
    off = -beside * adj_matrix
    return vectors.with_diagonal(off, degrees + vectors.diagonal(off))


def _root(correlation: Any, adj_matrix: Any) -> Any:
    return linalg.cholesky(_precision(correlation, adj_matrix))
