"""The projected normal distribution: directions of normal vectors."""

from __future__ import annotations

import math
from typing import Any

from ..ir import ops, vectors
from ..ir.dims import Shape
from . import constraints
from .base import Distribution
from .noise import Noise
from .stable import HALF_LOG_2PI
from .vector_parts import squared_length

# Where the mean points away from the direction, moments come from a continued fraction of this depth.
_AWAY, _DEPTH = -2.5, 60
# Beyond it the recurrence of moments loses too many digits.
_MOST = 5


class ProjectedNormal(Distribution):
    """ProjectedNormal(concentration): a normal vector with covariance 1, divided by its length.

    concentration: the mean of the normal vector; its length says how concentrated directions are around it. A vector
    of two to five elements where a density is needed, a number that the program fixes. Support: sphere.
    """

    arg_constraints = {"concentration": constraints.real_vector}
    support = constraints.sphere

    @staticmethod
    def _event_shape(concentration: Any) -> Shape:
        return ops.shape_of(concentration)[-1:]

    @staticmethod
    def log_density(x: Any, concentration: Any) -> Any:
        size = vectors.known(vectors.last_size(concentration), "the density of ProjectedNormal")
        if not 2 <= size <= _MOST:
            raise ValueError(f"the density of ProjectedNormal needs vectors of two to {_MOST} elements, not {size}")
        along = ops.total(x * concentration, [-1])
        # |c|^2 - along^2, as the length of what is left of c: without cancellation
        across = squared_length(concentration - vectors.beside(along) * x)
        return -(size - 1) * HALF_LOG_2PI - 0.5 * across + _log_moment(size - 1, along)

    @staticmethod
    def draw(noise: Noise, concentration: Any) -> Any:
        z = concentration + noise.normal()
        return z / ops.sqrt(ops.total(ops.square(z), [-1], keepdims=True))


def _log_moment(order: int, t: Any) -> Any:
    """The log of the integral of r ** order times the standard normal density at r - t, over r > 0.

    For t > -2.5 by I[n] = t I[n - 1] + (n - 1) I[n - 2], in units of ndtr(t). Below, where that cancels, the ratios
    q[n] = I[n] / (n I[n - 1]) are 1 / (-t + (n + 1) q[n + 1]), a continued fraction (Gautschi 1967).
    """
    near, far = ops.maximum(t, _AWAY), ops.minimum(t, _AWAY)
    before, moment = 1.0, near + ops.log_ndtr_slope(near)
    for n in range(2, order + 1):
        before, moment = moment, near * moment + (n - 1) * before
    distance = -far
    # q[n] = 1 / (distance + (n + 1) q[n + 1]); far down it varies slowly
    ratio = 2.0 / (distance + ops.sqrt(ops.square(distance) + 4.0 * (_DEPTH + 1)))
    logs: Any = 0.0
    for n in range(_DEPTH - 1, 0, -1):
        ratio = 1.0 / (distance + (n + 1) * ratio)
        if n <= order:
            logs = logs + ops.log(ratio)
    below = logs + math.lgamma(order + 1.0)
    return ops.log_ndtr(t) + ops.where(t > _AWAY, ops.log(moment), below)
