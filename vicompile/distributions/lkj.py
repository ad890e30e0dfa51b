"""Random correlation matrices and their Cholesky factors (Lewandowski, Kurowicka and Joe 2009)."""

from __future__ import annotations

import math
from typing import Any

from ..ir import linalg, ops, vectors
from ..ir.dims import Dim, Shape, Size
from . import constraints, kinds
from .base import Distribution
from .noise import Noise
from .stable import log_beta_function

# Below it the diagonal element of a draw, exp of half of it, would be 0.
_SMALLEST_LOG = -1400.0


class LKJCholesky(Distribution):
    """LKJCholesky(dimension, concentration=1, sample_method="onion"): the lower Cholesky factor of an LKJ draw.

    dimension: the number of rows, from 1. concentration: positive; 1 is uniform over correlation matrices, more is
    nearer to the identity. sample_method: "onion" or "cvine", ways to the same law; the draw is made row by row here.
    Support: corr_cholesky.
    """

    arg_constraints = {
        "dimension": kinds.plain_value,
        "concentration": constraints.positive,
        "sample_method": kinds.plain_value,
    }
    defaults = {"concentration": 1.0, "sample_method": "onion"}
    support = None

    @staticmethod
    def _support(dimension: Any, concentration: Any, sample_method: Any) -> constraints.Constraint:
        _check(dimension, sample_method)
        return constraints.corr_cholesky

    @staticmethod
    def _event_shape(dimension: Any, concentration: Any, sample_method: Any) -> Shape:
        return dimension, dimension

    @staticmethod
    def log_density(x: Any, dimension: Any, concentration: Any, sample_method: Any) -> Any:
        rows = vectors.positions(dimension, _like(dimension, x))
        diagonal = vectors.diagonal(x)
        # The first element is 1, whatever the rounding of a draw may have made of it.
        power = 2.0 * vectors.beside(concentration) + (vectors.number(dimension) - 3.0 - rows)
        below = ops.where(ops.greater(rows, 0), power * ops.log(diagonal), 0.0)
        return ops.total(below, [-1]) - _log_normaliser(dimension, concentration)

    @staticmethod
    def draw(noise: Noise, dimension: Any, concentration: Any, sample_method: Any) -> Any:
        return _factor(noise, dimension, concentration)


class LKJ(Distribution):
    """LKJ(dimension, concentration=1, sample_method="onion"): a correlation matrix with density ~ det ** (c - 1).

    dimension, concentration, sample_method: as for LKJCholesky, which is cheaper. Support: corr_matrix.
    """

    arg_constraints = LKJCholesky.arg_constraints
    defaults = LKJCholesky.defaults
    support = None

    @staticmethod
    def _support(dimension: Any, concentration: Any, sample_method: Any) -> constraints.Constraint:
        _check(dimension, sample_method)
        return constraints.corr_matrix

    @staticmethod
    def _event_shape(dimension: Any, concentration: Any, sample_method: Any) -> Shape:
        return dimension, dimension

    @staticmethod
    def log_density(x: Any, dimension: Any, concentration: Any, sample_method: Any) -> Any:
        log_det = 2.0 * ops.total(ops.log(vectors.diagonal(linalg.cholesky(x))), [-1])
        return (concentration - 1.0) * log_det - _log_normaliser(dimension, concentration)

    @staticmethod
    def draw(noise: Noise, dimension: Any, concentration: Any, sample_method: Any) -> Any:
        factor = _factor(noise, dimension, concentration)
        matrix = vectors.matmul(factor, vectors.transpose(factor))
        return vectors.with_diagonal(matrix, 1.0)

    @staticmethod
    def _mean(dimension: Any, concentration: Any, sample_method: Any) -> Any:
        return vectors.identity(dimension, _like(dimension, concentration))

    @staticmethod
    def _variance(dimension: Any, concentration: Any, sample_method: Any) -> Any:
        # Each correlation is 2 b - 1 of a Beta draw b with both concentrations c - 1 + size / 2.
        each = 1.0 / (2.0 * concentration - 1.0 + vectors.number(dimension))
        wide = vectors.beside(each, 2)
        return wide * (1.0 - vectors.identity(dimension, _like(dimension, concentration)))


def _check(dimension: Any, sample_method: Any) -> None:
    if not isinstance(dimension, Dim) and (not isinstance(dimension, int) or dimension < 1):
        raise ValueError(f"`dimension` must be a whole number from 1, not {dimension!r}")
    if sample_method not in ("onion", "cvine"):
        raise ValueError(f'`sample_method` must be "onion" or "cvine", not {sample_method!r}')


def _like(dimension: Size, value: Any) -> Any:
    """What `vectors.positions` makes nodes for: a size that is a symbol has no array of positions."""
    return ops.as_node(0.0) if isinstance(dimension, Dim) else value


def _factor(noise: Noise, dimension: Size, concentration: Any) -> Any:
    """Row i is a normal vector of i elements and the root of twice a gamma draw, brought to the length 1.

    The squares of the elements are then a Beta(i / 2, concentration + (dimension - 1 - i) / 2) share of the row, as in
    the onion method, and their direction is uniform.
    """
    line = (dimension,)
    normal = noise.normal(line)
    freedom = vectors.number(dimension) - 1.0 - vectors.positions(dimension, normal)
    shape = vectors.beside(concentration) + 0.5 * freedom
    gamma = ops.log_standard_gamma(shape, normal, noise.uniform(line), noise.uniform(line))
    diagonal = ops.exp(0.5 * (ops.maximum(gamma, _SMALLEST_LOG) + math.log(2.0)))
    rows = vectors.with_diagonal(vectors.strict_lower(noise.normal()), diagonal)
    return rows / ops.sqrt(ops.total(ops.square(rows), [-1], keepdims=True))


def _log_normaliser(dimension: Size, concentration: Any) -> Any:
    """The log of the integral of det ** (concentration - 1) over correlation matrices."""
    if not isinstance(dimension, Dim) and dimension == 1:
        return 0.0 * concentration
    place = vectors.positions(dimension - 1, _like(dimension, concentration))
    half = 0.5 * (place + 1.0)
    # The whole numbers first, so that a small concentration keeps its digits.
    rest = vectors.beside(concentration) + 0.5 * (vectors.number(dimension) - 2.0 - place)
    each = half * math.log(math.pi) - ops.lgamma(half) + log_beta_function(rest, half)
    return ops.total(each, [-1])
