"""Skewed distributions of angles (Ameijeiras-Alonso and Ley 2022)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ir import ops
from ..ir.dims import Shape
from . import constraints, kinds
from .base import Distribution
from .constraints import Constraint


class SineSkewed(Distribution):
    """SineSkewed(base_dist, skewness): a symmetric law of angles, its density times 1 + skewness . sin(x - mean).

    base_dist: of vectors of angles, symmetric about its mean, such as VonMises(loc, concentration).to_event(1).
    skewness: a vector with one element for each angle, whose |elements| sum to at most 1. Support: vectors of angles.
    It has no pathwise draw.
    """

    arg_constraints = {"base_dist": kinds.a_distribution, "skewness": constraints.l1_ball}
    support = None

    @staticmethod
    def _support(base_dist: Any, skewness: Any) -> Constraint:
        kinds.check_unmasked(base_dist)
        if base_dist.event_dim != 1 or base_dist.support != constraints.circular:
            raise ValueError(f"`base_dist` must be a distribution of vectors of angles, not {base_dist!r}")
        return constraints.independent(constraints.circular, 1)

    @staticmethod
    def _event_shape(base_dist: Any, skewness: Any) -> Shape:
        return ops.broadcast_shapes(base_dist.event_shape, ops.shape_of(skewness)[-1:])

    @staticmethod
    def log_density(x: Any, base_dist: Any, skewness: Any) -> Any:
        return base_dist.log_prob(x) + ops.log1p(ops.total(skewness * ops.sin(x - base_dist.mean), [-1]))

    @staticmethod
    def _sample_numpy(generator: np.random.Generator, shape: tuple[int, ...], base_dist: Any, skewness: Any) -> Any:
        x = base_dist.expand(shape[:-1]).sample(generator=generator)
        mean = base_dist.mean
        kept = 0.5 * (1.0 + np.sum(skewness * np.sin(x - mean), -1, keepdims=True))
        turned = np.where(generator.random((*shape[:-1], 1)) < kept, x, 2.0 * mean - x)
        return turned - 2.0 * math.pi * np.floor((turned + math.pi) / (2.0 * math.pi))
