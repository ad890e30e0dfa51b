"""The multivariate normal distribution whose covariance is a low-rank matrix and a diagonal."""

from __future__ import annotations

import math
from typing import Any

from ..ir import linalg, ops, vectors
from ..ir.dims import Shape
from . import constraints
from .multivariate_normal import log_det
from .noise import Noise
from .stable import HALF_LOG_2PI
from .vector_parts import Located, number_or_vector, size_of, squared_length, vector_shape


class LowRankMultivariateNormal(Located):
    """LowRankMultivariateNormal(loc, cov_factor, cov_diag): the covariance is W W' + diag(D).

    loc: the mean, a vector or one number. cov_factor: W, (size, rank). cov_diag: D, a vector of positive numbers. Work
    and memory are those of W: by Woodbury's identity only matrices with as many rows as the rank are factorised.
    Support: real vectors.
    """

    arg_constraints = {
        "loc": number_or_vector,
        "cov_factor": constraints.real_matrix,
        "cov_diag": constraints.independent(constraints.positive, 1),
    }
    sized_by = ("cov_diag",)
    support = constraints.real_vector

    @property
    def covariance_matrix(self) -> Any:
        """The covariance, a full matrix."""
        factor = self.params["cov_factor"]
        low_rank = vectors.matmul(factor, vectors.transpose(factor))
        return vectors.with_diagonal(low_rank, vectors.diagonal(low_rank) + self.params["cov_diag"])

    @property
    def scale_tril(self) -> Any:
        """The lower Cholesky factor of the covariance, a full matrix."""
        return linalg.cholesky(self.covariance_matrix)

    @staticmethod
    def _event_shape(loc: Any, cov_factor: Any, cov_diag: Any) -> Shape:
        return vector_shape(loc, cov_diag, vectors.swap_axes(cov_factor, -1, -2))

    @staticmethod
    def log_density(x: Any, loc: Any, cov_factor: Any, cov_diag: Any) -> Any:
        away = (x - loc) / ops.sqrt(cov_diag)
        scaled, root = _in_units(cov_factor, cov_diag)
        # |away|^2 - |R^-1 W' away|^2 in the units of D
        along = linalg.solve_lower(root, vectors.matvec(vectors.transpose(scaled), away), vector=True)
        quadratic = squared_length(away) - squared_length(along)
        size = vectors.number(size_of(loc, cov_diag))
        return -0.5 * quadratic - _half_log_det(root, cov_diag) - size * HALF_LOG_2PI

    @staticmethod
    def draw(noise: Noise, loc: Any, cov_factor: Any, cov_diag: Any) -> Any:
        z = noise.normal(ops.shape_of(cov_factor)[-1:])
        return loc + vectors.matvec(cov_factor, z) + ops.sqrt(cov_diag) * noise.normal()

    @staticmethod
    def _mean(loc: Any, cov_factor: Any, cov_diag: Any) -> Any:
        return loc

    @staticmethod
    def _variance(loc: Any, cov_factor: Any, cov_diag: Any) -> Any:
        return squared_length(cov_factor) + cov_diag

    @staticmethod
    def _entropy(loc: Any, cov_factor: Any, cov_diag: Any) -> Any:
        size = vectors.number(size_of(loc, cov_diag))
        root = _in_units(cov_factor, cov_diag)[1]
        return (0.5 + 0.5 * math.log(2.0 * math.pi)) * size + _half_log_det(root, cov_diag)


def _in_units(cov_factor: Any, cov_diag: Any) -> tuple[Any, Any]:
    """D^-1/2 W, and the lower factor of I + W' D^-1 W."""
    scaled = cov_factor / vectors.insert_axis(ops.sqrt(cov_diag), -1)
    inner = linalg.call("product_of_transposed", scaled, scaled)
    rank = ops.shape_of(cov_factor)[-1]
    return scaled, linalg.cholesky(inner + vectors.identity(rank, inner))


def _half_log_det(root: Any, cov_diag: Any) -> Any:
    """Half the log determinant of the covariance (Sylvester's identity)."""
    return log_det(root) + 0.5 * ops.total(ops.log(cov_diag), [-1])
