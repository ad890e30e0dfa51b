"""The closed forms of the Kullback-Leibler divergence between families of vectors, and between categories."""

from __future__ import annotations

from typing import Any

from ..ir import linalg, ops, vectors
from .categorical import Categorical
from .dirichlet import Dirichlet, log_normaliser
from .kl import register_kl
from .kl_pairs import weighted_difference
from .multinomial import OneHotCategorical
from .multivariate_normal import MultivariateNormal, log_det
from .normal import Normal
from .vector_parts import squared_length, squares_of_rows
from .wishart_parts import squares


@register_kl(MultivariateNormal, MultivariateNormal)
def _multivariate(p: Any, q: Any) -> Any:
    own, other = p.scale_tril, q.scale_tril
    spread = squares(linalg.solve_lower(other, vectors.tril(own)))
    away = squared_length(linalg.solve_lower(other, p.loc - q.loc, vector=True))
    size = vectors.number(vectors.square_size(other))
    return 0.5 * (spread + away - size) + log_det(other) - log_det(own)


@register_kl(MultivariateNormal, Normal)
def _multivariate_independent(p: Any, q: Any) -> Any:
    factor = p.scale_tril
    ratio = squares_of_rows(factor) / ops.square(q.scale)
    away = ops.square((p.loc - q.loc) / q.scale)
    each = 0.5 * (ratio + away - 1.0) + ops.log(q.scale)
    return ops.total(each, [-1]) - log_det(factor)


@register_kl(Normal, MultivariateNormal)
def _independent_multivariate(p: Any, q: Any) -> Any:
    factor, shape = q.scale_tril, ops.broadcast_shapes(p.shape(), q.shape())
    scale = ops.broadcast_to(p.scale, shape)
    inverse = linalg.solve_lower(factor, vectors.identity(vectors.square_size(factor), factor))
    spread = ops.total(ops.square(inverse * vectors.insert_axis(scale, -2)), [-2, -1])
    away = squared_length(linalg.solve_lower(factor, p.loc - q.loc, vector=True))
    size = vectors.number(vectors.square_size(factor))
    return 0.5 * (spread + away - size) + log_det(factor) - ops.total(ops.log(scale), [-1])


@register_kl(Dirichlet, Dirichlet)
def _dirichlet(p: Any, q: Any) -> Any:
    a, b = p.concentration, q.concentration
    whole = ops.total(a, [-1], keepdims=True)
    slopes = ops.total((a - b) * (ops.digamma(a) - ops.digamma(whole)), [-1])
    return log_normaliser(b) - log_normaliser(a) + slopes


@register_kl(Categorical, Categorical)
@register_kl(OneHotCategorical, OneHotCategorical)
def _categorical(p: Any, q: Any) -> Any:
    return ops.total(weighted_difference(p.log_probs, q.log_probs), [-1])
