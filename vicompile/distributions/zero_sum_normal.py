"""Normal arrays whose sums along each axis are zero."""

from __future__ import annotations

from typing import Any

from ..ir import ops, vectors
from ..ir.dims import Dim, Shape
from . import constraints, kinds
from .base import Distribution
from .noise import Noise
from .stable import HALF_LOG_2PI


class ZeroSumNormal(Distribution):
    """ZeroSumNormal(scale, event_shape): independent normal elements, their means along each axis taken away.

    scale: the standard deviation before that, positive. event_shape: of a draw, a tuple of sizes from 1. The density is
    that on the arrays with sums 0, by lengths in that space. Support: zero_sum.
    """

    arg_constraints = {"scale": constraints.positive, "event_shape": kinds.plain_value}
    support = None

    @staticmethod
    def _support(scale: Any, event_shape: Any) -> constraints.Constraint:
        sizes = event_shape if isinstance(event_shape, (tuple, list)) else ()
        if not sizes or not all(isinstance(s, Dim) or (isinstance(s, int) and s >= 1) for s in sizes):
            raise ValueError(f"`event_shape` must be a tuple of sizes from 1, not {event_shape!r}")
        return constraints.zero_sum(len(sizes))

    @staticmethod
    def _event_shape(scale: Any, event_shape: Any) -> Shape:
        return tuple(event_shape)

    @staticmethod
    def log_density(x: Any, scale: Any, event_shape: Any) -> Any:
        squares = ops.total(ops.square(x), range(-len(event_shape), 0))
        return -0.5 * squares / ops.square(scale) - _freedom(event_shape) * (ops.log(scale) + HALF_LOG_2PI)

    @staticmethod
    def draw(noise: Noise, scale: Any, event_shape: Any) -> Any:
        z = noise.normal()
        for k, size in enumerate(event_shape):
            z = z - ops.total(z, [k - len(event_shape)], keepdims=True) / vectors.number(size)
        return vectors.beside(scale, len(event_shape)) * z

    @staticmethod
    def _mean(scale: Any, event_shape: Any) -> Any:
        return 0.0

    @staticmethod
    def _variance(scale: Any, event_shape: Any) -> Any:
        share: Any = 1.0
        for size in event_shape:
            share = share * (1.0 - 1.0 / vectors.number(size))
        return vectors.beside(ops.square(scale) * share, len(event_shape))

    @staticmethod
    def _entropy(scale: Any, event_shape: Any) -> Any:
        return _freedom(event_shape) * (ops.log(scale) + HALF_LOG_2PI + 0.5)


def _freedom(event_shape: Any) -> Any:
    """The dimension of the space of arrays with sums 0."""
    result: Any = 1.0
    for size in event_shape:
        result = result * (vectors.number(size) - 1.0)
    return result
