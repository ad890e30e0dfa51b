"""A site that is a function of other draws."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ..distributions import Distribution, constraints
from ..distributions.constraints import Constraint
from ..distributions.kinds import a_set
from ..distributions.noise import Noise
from ..ir import ops
from ..ir.dims import Shape
from ..ir.nodes import Node


class Image(Distribution, abstract=True):
    """All mass at one point: the image of draws that are sites of their own, under a one to one map.

    point: the image. log_volume: minus log |det| of the map, so that with the density of those draws it makes up the
    density of the image; of the batch's shape. within: the support.

    As in `Delta`, the density at any other point is zero. In a graph it is only ever asked for at the point itself, and
    nothing is compared.
    """

    arg_constraints: ClassVar[Any] = {"point": constraints.real, "log_volume": constraints.real, "within": a_set}
    support = None
    has_rsample = True

    @staticmethod
    def _support(point: Any, log_volume: Any, within: Constraint) -> Constraint:
        return within

    @staticmethod
    def _batch_shape(point: Any, log_volume: Any, within: Constraint) -> Shape:
        shape = ops.shape_of(point)
        return shape[: len(shape) - within.event_dim]

    @staticmethod
    def _event_shape(point: Any, log_volume: Any, within: Constraint) -> Shape:
        shape = ops.shape_of(point)
        return shape[len(shape) - within.event_dim :]

    @staticmethod
    def log_density(x: Any, point: Any, log_volume: Any, within: Constraint) -> Any:
        """What is missing to the density of the draws behind it."""
        if isinstance(x, Node):
            return log_volume
        is_point = np.equal(x, point).all(axis=tuple(range(-within.event_dim, 0)))
        return np.where(is_point, log_volume, -np.inf)

    @staticmethod
    def draw(noise: Noise, point: Any, log_volume: Any, within: Constraint) -> Any:
        """The point."""
        return point
