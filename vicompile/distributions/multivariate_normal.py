"""The multivariate normal distribution."""

from __future__ import annotations

import math
from typing import Any

from ..ir import linalg, ops, vectors
from ..ir.dims import Shape
from . import constraints
from .noise import Noise
from .stable import HALF_LOG_2PI
from .vector_parts import (
    Located,
    gram,
    inverse_factor,
    lower_times,
    number_or_vector,
    size_of,
    squared_length,
    squares_of_rows,
    vector_shape,
)


class MultivariateNormal(Located):
    """MultivariateNormal(loc=0, covariance_matrix), (loc, precision_matrix=...) or (loc, scale_tril=...).

    loc: the mean, a vector, or one number for all elements. Exactly one of: covariance_matrix; precision_matrix, its
    inverse; scale_tril, its lower Cholesky factor, of which the lower triangle is read. With scale_tril nothing is
    factorised. Support: real vectors.
    """

    arg_constraints = {
        "loc": number_or_vector,
        "covariance_matrix": constraints.positive_definite,
        "precision_matrix": constraints.positive_definite,
        "scale_tril": constraints.lower_cholesky,
    }
    defaults = {"loc": 0.0}
    one_of = (("covariance_matrix", "precision_matrix", "scale_tril"),)
    sized_by = ("covariance_matrix", "precision_matrix", "scale_tril")
    support = constraints.real_vector

    @property
    def scale_tril(self) -> Any:
        """The lower Cholesky factor of the covariance."""
        return _scale_tril(**self._forms())

    @property
    def covariance_matrix(self) -> Any:
        """The covariance."""
        given = self.params.get("covariance_matrix")
        return gram(self.scale_tril) if given is None else given

    @property
    def precision_matrix(self) -> Any:
        """The inverse of the covariance."""
        given = self.params.get("precision_matrix")
        return gram(inverse_factor(self.covariance_matrix)) if given is None else given

    def _forms(self) -> dict[str, Any]:
        return {name: self.params[name] for name in self.sized_by if name in self.params}

    @staticmethod
    def _event_shape(loc: Any, **forms: Any) -> Shape:
        return vector_shape(loc, *forms.values())

    @staticmethod
    def log_density(x: Any, loc: Any, **forms: Any) -> Any:
        z, log_det = standardised(x - loc, **forms)
        return -0.5 * squared_length(z) - log_det - vectors.number(size_of(loc, *forms.values())) * HALF_LOG_2PI

    @staticmethod
    def draw(
        noise: Noise, loc: Any, covariance_matrix: Any = None, precision_matrix: Any = None, scale_tril: Any = None
    ) -> Any:
        z = noise.normal()
        if precision_matrix is not None:
            return loc + linalg.solve_lower_transposed(linalg.cholesky(precision_matrix), z, vector=True)
        factor = linalg.cholesky(covariance_matrix) if scale_tril is None else scale_tril
        return loc + lower_times(factor, z)

    @staticmethod
    def _mean(loc: Any, **forms: Any) -> Any:
        return loc

    @staticmethod
    def _variance(loc: Any, covariance_matrix: Any = None, **forms: Any) -> Any:
        if covariance_matrix is not None:
            return vectors.diagonal(covariance_matrix)
        return squares_of_rows(_scale_tril(**forms))

    @staticmethod
    def _entropy(loc: Any, **forms: Any) -> Any:
        size = size_of(loc, *forms.values())
        return (0.5 + 0.5 * math.log(2.0 * math.pi)) * vectors.number(size) + log_det_of_scale(**forms)


def _scale_tril(covariance_matrix: Any = None, precision_matrix: Any = None, scale_tril: Any = None) -> Any:
    if scale_tril is not None:
        return scale_tril
    return inverse_factor(precision_matrix) if covariance_matrix is None else linalg.cholesky(covariance_matrix)


def log_det_of_scale(covariance_matrix: Any = None, precision_matrix: Any = None, scale_tril: Any = None) -> Any:
    """Half the log determinant of the covariance."""
    if precision_matrix is not None:
        return -log_det(linalg.cholesky(precision_matrix))
    return log_det(linalg.cholesky(covariance_matrix) if scale_tril is None else scale_tril)


def standardised(
    away: Any, covariance_matrix: Any = None, precision_matrix: Any = None, scale_tril: Any = None
) -> tuple[Any, Any]:
    """A vector of the length that `away` has in units of the law, and half the log determinant of the covariance."""
    if precision_matrix is not None:
        root = linalg.cholesky(precision_matrix)
        return vectors.matvec(vectors.transpose(root), away), -log_det(root)
    factor = linalg.cholesky(covariance_matrix) if scale_tril is None else scale_tril
    return linalg.solve_lower(factor, away, vector=True), log_det(factor)


def log_det(factor: Any) -> Any:
    """log det L of a factor with positive diagonal; NaN for another one."""
    return ops.total(ops.log(vectors.diagonal(factor)), [-1])
