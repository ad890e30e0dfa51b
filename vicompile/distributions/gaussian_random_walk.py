"""Gaussian random walks."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops, vectors
from ..ir.dims import Dim, Shape
from . import constraints, kinds
from .base import Distribution
from .noise import Noise
from .stable import HALF_LOG_2PI


class GaussianRandomWalk(Distribution):
    """GaussianRandomWalk(scale=1, num_steps=1): sums of independent normal steps, the first from 0.

    scale: the standard deviation of a step, positive. num_steps: how many, from 1. Support: real vectors.
    """

    arg_constraints = {"scale": constraints.positive, "num_steps": kinds.plain_value}
    defaults = {"scale": 1.0, "num_steps": 1}
    support = None

    @staticmethod
    def _support(scale: Any, num_steps: Any) -> constraints.Constraint:
        check_steps(num_steps)
        return constraints.real_vector

    @staticmethod
    def _event_shape(scale: Any, num_steps: Any) -> Shape:
        return (num_steps,)

    @staticmethod
    def log_density(x: Any, scale: Any, num_steps: Any) -> Any:
        rest = vectors.slice_last(x, 1, num_steps) - vectors.slice_last(x, 0, num_steps - 1)
        first = ops.total(ops.square(vectors.slice_last(x, 0, 1)), [-1])
        squares = first + ops.total(ops.square(rest), [-1])
        steps = vectors.number(num_steps)
        return -0.5 * squares / ops.square(scale) - steps * (ops.log(scale) + HALF_LOG_2PI)

    @staticmethod
    def draw(noise: Noise, scale: Any, num_steps: Any) -> Any:
        return vectors.beside(scale) * vectors.cumsum_last(noise.normal())

    @staticmethod
    def _mean(scale: Any, num_steps: Any) -> Any:
        return 0.0

    @staticmethod
    def _variance(scale: Any, num_steps: Any) -> Any:
        return vectors.beside(ops.square(scale)) * (vectors.positions(num_steps, scale) + 1.0)

    @staticmethod
    def _entropy(scale: Any, num_steps: Any) -> Any:
        return vectors.number(num_steps) * (ops.log(scale) + HALF_LOG_2PI + 0.5)


def check_steps(num_steps: Any) -> None:
    """ValueError for what is no number of steps; a symbol may be one."""
    if isinstance(num_steps, Dim):
        return
    if not isinstance(num_steps, (int, np.integer)) or num_steps < 1:
        raise ValueError(f"`num_steps` must be a whole number from 1, not {num_steps!r}")
