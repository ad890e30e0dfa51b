"""The von Mises-Fisher distribution of directions in space."""

from __future__ import annotations

import math
from typing import Any

from ..ir import ops, vectors
from ..ir.dims import Shape
from . import constraints
from .base import Distribution
from .noise import Noise
from .stable import log1mexp
from .vector_parts import squared_length


class VonMises3D(Distribution):
    """VonMises3D(concentration): a direction in three dimensions, with density ~ exp(concentration . x).

    concentration: a vector of three elements that points to the mean direction; its length, which must not be 0, says
    how concentrated directions are. Support: sphere.
    """

    arg_constraints = {"concentration": constraints.real_vector}
    support = None

    @staticmethod
    def _support(concentration: Any) -> constraints.Constraint:
        vectors.agree(vectors.last_size(concentration), 3, "`concentration` must be a vector of three elements")
        return constraints.sphere

    @staticmethod
    def _event_shape(concentration: Any) -> Shape:
        return (3,)

    @staticmethod
    def log_density(x: Any, concentration: Any) -> Any:
        length = ops.sqrt(squared_length(concentration))
        # 4 pi sinh(k) / k = 2 pi exp(k) (1 - exp(-2 k)) / k; and concentration . x - k = -k |x - mean|^2 / 2
        mean = concentration / vectors.beside(length)
        away = -0.5 * length * squared_length(x - mean)
        return away + ops.log(length) - math.log(2.0 * math.pi) - log1mexp(2.0 * length)

    @staticmethod
    def draw(noise: Noise, concentration: Any) -> Any:
        length = ops.sqrt(squared_length(concentration))
        u = noise.uniform(())
        # The quantile of the height above the plane across the mean (Jakob 2012): 1 - w by log1p, without cancellation
        below = -ops.log1p((1.0 - u) * ops.expm1(-2.0 * length)) / length
        wide = ops.sqrt(ops.maximum(below * (2.0 - below), 0.0))
        mean = concentration / vectors.beside(length)
        z = noise.normal()
        z = z - vectors.beside(ops.total(z * mean, [-1])) * mean
        across = z / ops.sqrt(ops.total(ops.square(z), [-1], keepdims=True))
        return vectors.beside(1.0 - below) * mean + vectors.beside(wide) * across
