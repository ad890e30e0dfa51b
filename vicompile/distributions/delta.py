"""The point mass."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .base import Distribution
from .noise import Noise


class Delta(Distribution):
    """Delta(v=0, log_density=0): all mass at one point; as a guide it finds the maximum a posteriori.

    v: the point. log_density: what log_prob gives there; -inf elsewhere. Support: anything, so that any site accepts
    it.
    """

    arg_constraints = {"v": constraints.real, "log_density": constraints.real}
    defaults = {"v": 0.0, "log_density": 0.0}
    support = constraints.anything

    @staticmethod
    def log_density(x: Any, v: Any, log_density: Any) -> Any:
        return ops.where(ops.equal(x, v), log_density, -np.inf)

    @staticmethod
    def draw(noise: Noise, v: Any, log_density: Any) -> Any:
        return v

    @staticmethod
    def _mean(v: Any, log_density: Any) -> Any:
        return v

    @staticmethod
    def _variance(v: Any, log_density: Any) -> Any:
        return 0.0
