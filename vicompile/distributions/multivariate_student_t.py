"""Student's t distribution of vectors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ir import linalg, ops, vectors
from ..ir.dims import Shape
from . import constraints
from .multivariate_normal import log_det
from .noise import Noise
from .stable import log_beta_function
from .vector_parts import (
    Located,
    gram,
    lower_times,
    number_or_vector,
    size_of,
    squared_length,
    squares_of_rows,
    vector_shape,
)


class MultivariateStudentT(Located):
    """MultivariateStudentT(df, loc=0, scale_tril): a normal vector over the root of a chi-square draw per df.

    df: degrees of freedom, positive. loc: centre, a vector or one number. scale_tril: the lower Cholesky factor of the
    scale matrix. Support: real vectors.
    """

    arg_constraints = {
        "df": constraints.positive,
        "loc": number_or_vector,
        "scale_tril": constraints.lower_cholesky,
    }
    defaults = {"loc": 0.0}
    one_of = (("scale_tril",),)
    sized_by = ("scale_tril",)
    support = constraints.real_vector

    @property
    def covariance_matrix(self) -> Any:
        """The covariance; inf or NaN where it does not exist."""
        df = vectors.beside(_times_df(1.0, self.params["df"]), 2)
        return gram(self.params["scale_tril"]) * df

    @staticmethod
    def _event_shape(df: Any, loc: Any, scale_tril: Any) -> Shape:
        return vector_shape(loc, scale_tril)

    @staticmethod
    def log_density(x: Any, df: Any, loc: Any, scale_tril: Any) -> Any:
        size = vectors.number(size_of(loc, scale_tril))
        z = linalg.solve_lower(scale_tril, x - loc, vector=True)
        peak = ops.lgamma(0.5 * size) - log_beta_function(0.5 * df, 0.5 * size)
        peak = peak - 0.5 * size * ops.log(df * math.pi) - log_det(scale_tril)
        return peak - 0.5 * (df + size) * ops.log1p(squared_length(z) / df)

    @staticmethod
    def draw(noise: Noise, df: Any, loc: Any, scale_tril: Any) -> Any:
        half = 0.5 * df
        gamma = ops.log_standard_gamma(half, noise.normal(()), noise.uniform(()), noise.uniform(()))
        stretch = vectors.beside(ops.exp(-0.5 * (gamma - ops.log(half))))
        return loc + stretch * lower_times(scale_tril, noise.normal())

    @staticmethod
    def _mean(df: Any, loc: Any, scale_tril: Any) -> Any:
        return ops.where(vectors.beside(df) > 1.0, loc, np.nan)

    @staticmethod
    def _variance(df: Any, loc: Any, scale_tril: Any) -> Any:
        return _times_df(squares_of_rows(scale_tril), vectors.beside(df))


def _times_df(squares: Any, df: Any) -> Any:
    finite = squares * df / (ops.maximum(df, 2.0) - 2.0)
    return ops.where(df > 2.0, finite, ops.where(df > 1.0, np.inf, np.nan))
