"""The Dirichlet distribution."""

from __future__ import annotations

from typing import Any

from ..ir import ops, vectors
from ..ir.dims import Shape
from . import constraints
from .base import Distribution
from .noise import Noise
from .stable import exp_normalised, xlogy


class Dirichlet(Distribution):
    """Dirichlet(concentration): shares that sum to 1.

    concentration: of each share, a vector of positive numbers. Support: simplex.
    """

    arg_constraints = {"concentration": constraints.independent(constraints.positive, 1)}
    support = constraints.simplex

    @staticmethod
    def _event_shape(concentration: Any) -> Shape:
        return ops.shape_of(concentration)[-1:]

    @staticmethod
    def log_density(x: Any, concentration: Any) -> Any:
        return ops.total(xlogy(concentration - 1.0, x), [-1]) - log_normaliser(concentration)

    @staticmethod
    def draw(noise: Noise, concentration: Any) -> Any:
        # In logarithms: tiny concentrations must not give 0 / 0.
        gammas = ops.log_standard_gamma(concentration, noise.normal(), noise.uniform(), noise.uniform())
        return exp_normalised(gammas)

    @staticmethod
    def _mean(concentration: Any) -> Any:
        return concentration / ops.total(concentration, [-1], keepdims=True)

    @staticmethod
    def _variance(concentration: Any) -> Any:
        whole = ops.total(concentration, [-1], keepdims=True)
        share = concentration / whole
        return share * (1.0 - share) / (whole + 1.0)

    @staticmethod
    def _entropy(concentration: Any) -> Any:
        whole = ops.total(concentration, [-1])
        size = vectors.number(vectors.last_size(concentration))
        slopes = ops.total((concentration - 1.0) * ops.digamma(concentration), [-1])
        return log_normaliser(concentration) + (whole - size) * ops.digamma(whole) - slopes


def log_normaliser(concentration: Any) -> Any:
    """The log of the integral of the product of x ** (concentration - 1) over the simplex."""
    return ops.total(ops.lgamma(concentration), [-1]) - ops.lgamma(ops.total(concentration, [-1]))
