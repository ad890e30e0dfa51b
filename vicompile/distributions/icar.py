"""The intrinsic conditional autoregression."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops, vectors
from ..ir.dims import Shape
from . import constraints
from .base import Distribution
from .stable import HALF_LOG_2PI


class ICAR(Distribution):
    """ICAR(W, sigma=1, zero_sum_stdev=0.001): values on a graph, by the differences between neighbours.

    The log density is minus the sum over edges of (x[i] - x[j]) ** 2 / (2 sigma ** 2), which has no normaliser, and
    that of a Normal(0, zero_sum_stdev * size) at the sum of all values.
    W: the adjacency matrix, symmetric, 1 for an edge. sigma, zero_sum_stdev: positive. It cannot be drawn from.
    Support: real vectors.
    """

    arg_constraints = {
        "W": constraints.symmetric,
        "sigma": constraints.positive,
        "zero_sum_stdev": constraints.positive,
    }
    defaults = {"sigma": 1.0, "zero_sum_stdev": 0.001}
    support = constraints.real_vector

    @staticmethod
    def _event_shape(W: Any, sigma: Any, zero_sum_stdev: Any) -> Shape:
        return ops.shape_of(W)[-1:]

    @staticmethod
    def log_density(x: Any, W: Any, sigma: Any, zero_sum_stdev: Any) -> Any:
        steps = vectors.insert_axis(x, -1) - vectors.insert_axis(x, -2)
        # Every edge stands in W twice.
        rough = 0.25 * ops.total(W * ops.square(steps), [-2, -1]) / ops.square(sigma)
        spread = zero_sum_stdev * vectors.number(vectors.square_size(W))
        whole = ops.total(x, [-1]) / spread
        return -rough - 0.5 * ops.square(whole) - ops.log(spread) - HALF_LOG_2PI

    @staticmethod
    def _sample_numpy(generator: np.random.Generator, shape: tuple[int, ...], **parameters: Any) -> Any:
        raise NotImplementedError("ICAR has no draws: its density has no integral")
