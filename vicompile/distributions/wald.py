"""The Wald distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .base import Distribution
from .stable import HALF_LOG_2PI


class Wald(Distribution):
    """Wald(loc, concentration), the inverse Gaussian: when a Brownian motion with drift first reaches a level.

    loc: the mean, positive. concentration: positive; the variance is loc**3 / concentration. Support: positive. It
    has no pathwise draw.
    """

    arg_constraints = {"loc": constraints.positive, "concentration": constraints.positive}
    support = constraints.positive

    @staticmethod
    def log_density(x: Any, loc: Any, concentration: Any) -> Any:
        fall = 0.5 * concentration * ops.square((x - loc) / loc) / x
        return 0.5 * ops.log(concentration) - 1.5 * ops.log(x) - fall - HALF_LOG_2PI

    @staticmethod
    def _sample_numpy(generator: np.random.Generator, shape: tuple[int, ...], loc: Any, concentration: Any) -> Any:
        return generator.wald(loc, concentration, shape)

    @staticmethod
    def _mean(loc: Any, concentration: Any) -> Any:
        return loc

    @staticmethod
    def _variance(loc: Any, concentration: Any) -> Any:
        return loc * loc * loc / concentration

    @staticmethod
    def _cdf(x: Any, loc: Any, concentration: Any) -> Any:
        root = ops.sqrt(concentration / x)
        mirrored = 2.0 * concentration / loc + ops.log_ndtr(-root * (x / loc + 1.0))
        return ops.ndtr(root * (x / loc - 1.0)) + ops.exp(mirrored)
