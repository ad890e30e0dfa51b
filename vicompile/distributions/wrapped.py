"""Names for `.to_event` and `.mask`, and sites without a family: Unit and ImproperUniform."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from ..ir.dims import Shape
from ..ir.nodes import BOOL, Node
from . import constraints, kinds
from .base import Distribution
from .constraints import Constraint
from .made import MadeOfOthers


class Independent(MadeOfOthers, abstract=True):
    """Independent(base_dist, reinterpreted_batch_ndims): base_dist.to_event(reinterpreted_batch_ndims)."""

    arg_constraints = {"base_dist": kinds.a_distribution, "reinterpreted_batch_ndims": kinds.plain_value}

    @staticmethod
    def make(base_dist: Any, reinterpreted_batch_ndims: Any) -> Distribution:
        made: Distribution = base_dist.to_event(reinterpreted_batch_ndims)
        return made


class MaskedDistribution(MadeOfOthers, abstract=True):
    """MaskedDistribution(base_dist, mask): base_dist.mask(mask)."""

    arg_constraints = {"base_dist": kinds.a_distribution, "mask": constraints.boolean}

    @staticmethod
    def make(base_dist: Any, mask: Any) -> Distribution:
        if isinstance(mask, Node):
            condition: Any = mask if mask.dtype == BOOL else ops.not_equal(mask, 0)
        else:
            condition = np.asarray(mask) != 0
        made: Distribution = base_dist.mask(condition)
        return made


class Unit(Distribution):
    """Unit(log_factor): a value without elements, whose log density is `log_factor`. Support: vectors of length 0."""

    arg_constraints = {"log_factor": constraints.real}
    support = constraints.real_vector

    @staticmethod
    def _event_shape(log_factor: Any) -> Shape:
        return (0,)

    @staticmethod
    def log_density(x: Any, log_factor: Any) -> Any:
        return log_factor

    @staticmethod
    def _sample_numpy(generator: np.random.Generator, shape: tuple[int, ...], log_factor: Any) -> Any:
        return np.zeros(shape)


class ImproperUniform(Distribution):
    """ImproperUniform(support, batch_shape=(), event_shape=()): the log density 0 everywhere in `support`.

    support: a constraint, whose bounds may be computed. batch_shape, event_shape: of a draw; event_shape has at least
        the axes that the support has.
    It cannot be drawn from.
    """

    arg_constraints = {
        "support": kinds.a_set,
        "batch_shape": kinds.plain_value,
        "event_shape": kinds.plain_value,
    }
    defaults = {"batch_shape": (), "event_shape": ()}
    support = None

    @staticmethod
    def _support(support: Any, batch_shape: Any, event_shape: Any) -> Constraint:
        more = len(event_shape) - support.event_dim
        if more < 0:
            raise ValueError(f"`event_shape` is {event_shape}, but members of {support.describe()} have more axes")
        return constraints.independent(support, more)

    @staticmethod
    def _batch_shape(support: Any, batch_shape: Any, event_shape: Any) -> Shape:
        return tuple(batch_shape)

    @staticmethod
    def _event_shape(support: Any, batch_shape: Any, event_shape: Any) -> Shape:
        return tuple(event_shape)

    @staticmethod
    def log_density(x: Any, support: Any, batch_shape: Any, event_shape: Any) -> Any:
        return 0.0

    @staticmethod
    def _sample_numpy(
        generator: np.random.Generator, shape: tuple[int, ...], support: Any, batch_shape: Any, event_shape: Any
    ) -> Any:
        raise NotImplementedError("ImproperUniform has no draws: its density has no integral")
