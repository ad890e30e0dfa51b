"""What Wishart families share: the gamma function of matrices, Bartlett's triangle, the forms of the scale."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ir import linalg, ops, vectors
from ..ir.dims import Shape, Size
from . import constraints
from .base import Distribution
from .noise import Noise
from .vector_parts import inverse_factor

LOG_2 = math.log(2.0)
# Below it the diagonal element of a draw, exp of half of it, would be 0.
_SMALLEST_LOG = -1400.0


class OfDefiniteMatrices(Distribution, abstract=True):
    """Base: a concentration above size - 1, and exactly one form of a scale matrix."""

    arg_constraints = {
        "concentration": constraints.positive,
        "scale_matrix": constraints.positive_definite,
        "rate_matrix": constraints.positive_definite,
        "scale_tril": constraints.lower_cholesky,
    }
    one_of = (("scale_matrix", "rate_matrix", "scale_tril"),)
    support = None

    @staticmethod
    def _support(concentration: Any, **forms: Any) -> constraints.Constraint:
        check(concentration, **forms)
        return constraints.positive_definite

    @staticmethod
    def _event_shape(concentration: Any, **forms: Any) -> Shape:
        return (size_of(**forms),) * 2


def check(concentration: Any, **forms: Any) -> None:
    """ValueError for numbers that are no concentration of matrices of this size; in graphs the density is NaN."""
    size = size_of(**forms)
    if isinstance(concentration, (float, int, np.ndarray, np.generic)) and isinstance(size, int):
        low = np.asarray(concentration).min(initial=np.inf)
        if low <= size - 1:
            raise ValueError(f"`concentration` must be greater than {size - 1}, the size less one, not {low:g}")


def size_of(**forms: Any) -> Size:
    """The number of rows."""
    (form,) = (value for value in forms.values() if value is not None)
    return vectors.square_size(form)


def factor_of(scale_matrix: Any = None, rate_matrix: Any = None, scale_tril: Any = None) -> Any:
    """The lower Cholesky factor of the scale."""
    if scale_tril is not None:
        return scale_tril
    return linalg.cholesky(scale_matrix) if rate_matrix is None else inverse_factor(rate_matrix)


def log_normaliser(concentration: Any, size: Size, log_det: Any) -> Any:
    """The log of the integral of det X ** ((c - size - 1) / 2) exp(-tr(V^-1 X) / 2); NaN for a c that is too small.

    log_det: half the log determinant of V.
    """
    half, n = 0.5 * concentration, vectors.number(size)
    rows = vectors.positions(size, log_det)
    gammas = ops.total(ops.lgamma(vectors.beside(half) - 0.5 * rows), [-1])
    constant = 0.25 * n * (n - 1.0) * math.log(math.pi) + half * n * LOG_2
    return ops.where(ops.greater(concentration, n - 1.0), constant + gammas, np.nan) + concentration * log_det


def bartlett(noise: Noise, concentration: Any, size: Size, *, rising: bool) -> Any:
    """A lower triangle A with normals below the diagonal and roots of chi-square draws on it.

    The degrees of freedom fall from `concentration` to concentration - size + 1, so that A A' is a Wishart draw; or
    with `rising` they rise so, and A' A is one (Bartlett 1933).
    """
    line = (size,)
    normal = noise.normal(line)
    rows = vectors.positions(size, normal)
    freedom = vectors.beside(concentration) - ((size - 1 - rows) if rising else rows)
    gamma = ops.log_standard_gamma(0.5 * freedom, normal, noise.uniform(line), noise.uniform(line))
    diagonal = ops.exp(0.5 * (ops.maximum(gamma, _SMALLEST_LOG) + LOG_2))
    return vectors.with_diagonal(vectors.strict_lower(noise.normal()), diagonal)


def squares(a: Any) -> Any:
    """The sum of the squares of a matrix."""
    return ops.total(ops.square(a), [-2, -1])
