"""The Wishart distribution of positive definite matrices, and of their Cholesky factors."""

from __future__ import annotations

from typing import Any

from ..ir import linalg, ops, vectors
from . import constraints
from .multivariate_normal import log_det
from .noise import Noise
from .vector_parts import gram
from .wishart_parts import (
    LOG_2,
    OfDefiniteMatrices,
    bartlett,
    check,
    factor_of,
    log_normaliser,
    size_of,
    squares,
)


class Wishart(OfDefiniteMatrices):
    """Wishart(concentration, scale_matrix), (concentration, rate_matrix=...) or (concentration, scale_tril=...).

    concentration: degrees of freedom, more than size - 1. Exactly one of: scale_matrix, V, where the mean is
    concentration * V; rate_matrix, its inverse; scale_tril, its lower Cholesky factor. Support: positive_definite.
    """

    @staticmethod
    def log_density(x: Any, concentration: Any, **forms: Any) -> Any:
        root = linalg.cholesky(x)
        power = concentration - vectors.number(size_of(**forms)) - 1.0
        return power * log_det(root) - _rest(root, concentration, forms)

    @staticmethod
    def draw(noise: Noise, concentration: Any, **forms: Any) -> Any:
        return gram(_drawn_factor(noise, concentration, forms))

    @staticmethod
    def _mean(concentration: Any, **forms: Any) -> Any:
        return vectors.beside(concentration, 2) * gram(factor_of(**forms))

    @staticmethod
    def _variance(concentration: Any, **forms: Any) -> Any:
        scale = gram(factor_of(**forms))
        diagonal = vectors.diagonal(scale)
        outer = vectors.insert_axis(diagonal, -1) * vectors.insert_axis(diagonal, -2)
        return vectors.beside(concentration, 2) * (ops.square(scale) + outer)


class WishartCholesky(OfDefiniteMatrices):
    """WishartCholesky(concentration, scale_matrix), or with rate_matrix or scale_tril: the lower Cholesky factor of a
    Wishart draw.

    concentration, scale_matrix, rate_matrix, scale_tril: as for Wishart. Support: lower_cholesky.
    """

    @staticmethod
    def _support(concentration: Any, **forms: Any) -> constraints.Constraint:
        check(concentration, **forms)
        return constraints.lower_cholesky

    @staticmethod
    def log_density(x: Any, concentration: Any, **forms: Any) -> Any:
        size = size_of(**forms)
        # With the Jacobian of L L', 2 ** size times the powers size, size - 1, ... of the diagonal.
        power = vectors.beside(concentration) - 1.0 - vectors.positions(size, x)
        diagonal = ops.total(power * ops.log(vectors.diagonal(x)), [-1])
        return diagonal + vectors.number(size) * LOG_2 - _rest(x, concentration, forms)

    @staticmethod
    def draw(noise: Noise, concentration: Any, **forms: Any) -> Any:
        return _drawn_factor(noise, concentration, forms)

    @staticmethod
    def _mean(concentration: Any, **forms: Any) -> Any:
        half = 0.5 * (vectors.beside(concentration) - vectors.positions(size_of(**forms), concentration))
        root = ops.exp(0.5 * LOG_2 + ops.lgamma(half + 0.5) - ops.lgamma(half))
        return factor_of(**forms) * vectors.insert_axis(root, -2)


def _rest(root: Any, concentration: Any, forms: dict[str, Any]) -> Any:
    """tr(V^-1 X) / 2 and the normaliser, of the factor of X."""
    rate = forms.get("rate_matrix")
    lower = vectors.tril(root)
    if rate is None:
        factor = factor_of(**forms)
        away, scale = linalg.solve_lower(factor, lower), log_det(factor)
    else:
        factor = linalg.cholesky(rate)
        away, scale = vectors.matmul(vectors.transpose(factor), lower), -log_det(factor)
    return 0.5 * squares(away) + log_normaliser(concentration, size_of(**forms), scale)


def _drawn_factor(noise: Noise, concentration: Any, forms: dict[str, Any]) -> Any:
    triangle = bartlett(noise, concentration, size_of(**forms), rising=False)
    return vectors.matmul(vectors.tril(factor_of(**forms)), triangle)
