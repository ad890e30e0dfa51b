"""The inverse Wishart distribution of positive definite matrices, and of their Cholesky factors."""

from __future__ import annotations

from typing import Any

import numpy as np

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


class InverseWishart(OfDefiniteMatrices):
    """InverseWishart(concentration, scale_matrix), (concentration, rate_matrix=...) or (concentration,
    scale_tril=...): the inverse is a Wishart draw with the inverse scale.

    concentration: degrees of freedom, more than size - 1. Exactly one of: scale_matrix, S, where the mean is
    S / (concentration - size - 1); rate_matrix, its inverse; scale_tril, its lower Cholesky factor.
    Support: positive_definite.
    """

    @staticmethod
    def log_density(x: Any, concentration: Any, **forms: Any) -> Any:
        root = linalg.cholesky(x)
        power = concentration + vectors.number(size_of(**forms)) + 1.0
        return -power * log_det(root) - _rest(root, concentration, forms)

    @staticmethod
    def draw(noise: Noise, concentration: Any, **forms: Any) -> Any:
        return gram(_drawn_factor(noise, concentration, forms))

    @staticmethod
    def _mean(concentration: Any, **forms: Any) -> Any:
        left = vectors.beside(concentration, 2) - vectors.number(size_of(**forms)) - 1.0
        scale = gram(factor_of(**forms))
        return ops.where(left > 0.0, scale / ops.where(left > 0.0, left, 1.0), np.nan)

    @staticmethod
    def _variance(concentration: Any, **forms: Any) -> Any:
        # von Rosen 1988
        scale = gram(factor_of(**forms))
        diagonal = vectors.diagonal(scale)
        outer = vectors.insert_axis(diagonal, -1) * vectors.insert_axis(diagonal, -2)
        left = vectors.beside(concentration, 2) - vectors.number(size_of(**forms))
        below = ops.where(left > 3.0, left * ops.square(left - 1.0) * (left - 3.0), 1.0)
        return ops.where(left > 3.0, ((left + 1.0) * ops.square(scale) + (left - 1.0) * outer) / below, np.nan)


class InverseWishartCholesky(OfDefiniteMatrices):
    """InverseWishartCholesky(concentration, scale_matrix), or with rate_matrix or scale_tril: the lower Cholesky
    factor of an InverseWishart draw.

    concentration, scale_matrix, rate_matrix, scale_tril: as for InverseWishart. Support: lower_cholesky.
    """

    @staticmethod
    def _support(concentration: Any, **forms: Any) -> constraints.Constraint:
        check(concentration, **forms)
        return constraints.lower_cholesky

    @staticmethod
    def log_density(x: Any, concentration: Any, **forms: Any) -> Any:
        size = size_of(**forms)
        # With the Jacobian of L L', 2 ** size times the powers size, size - 1, ... of the diagonal.
        power = vectors.beside(concentration) + 1.0 + vectors.positions(size, x)
        diagonal = ops.total(power * ops.log(vectors.diagonal(x)), [-1])
        return vectors.number(size) * LOG_2 - diagonal - _rest(x, concentration, forms)

    @staticmethod
    def draw(noise: Noise, concentration: Any, **forms: Any) -> Any:
        return _drawn_factor(noise, concentration, forms)


def _rest(root: Any, concentration: Any, forms: dict[str, Any]) -> Any:
    """tr(S X^-1) / 2 and the normaliser, of the factor of X."""
    factor = factor_of(**forms)
    away = linalg.solve_lower(root, vectors.tril(factor))
    return 0.5 * squares(away) + log_normaliser(concentration, size_of(**forms), -log_det(factor))


def _drawn_factor(noise: Noise, concentration: Any, forms: dict[str, Any]) -> Any:
    """L A^-1, where A' A is a Wishart draw: the factor of the inverse of L^-T A' A L^-1."""
    triangle = bartlett(noise, concentration, size_of(**forms), rising=True)
    factor = vectors.tril(factor_of(**forms))
    return vectors.tril(vectors.transpose(linalg.solve_lower_transposed(triangle, vectors.transpose(factor))))
