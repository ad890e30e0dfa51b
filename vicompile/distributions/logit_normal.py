"""The logit-normal distribution."""

from __future__ import annotations

from typing import Any

from ..ir import ops
from . import constraints
from .base import Distribution
from .noise import Noise
from .normal import Normal


class LogitNormal(Distribution):
    """LogitNormal(loc=0, scale=1): sigmoid of a Normal(loc, scale) draw.

    loc: mean of the log odds. scale: standard deviation of the log odds, positive. Support: unit interval.
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    defaults = {"loc": 0.0, "scale": 1.0}
    support = constraints.unit_interval

    @staticmethod
    def log_density(x: Any, loc: Any, scale: Any) -> Any:
        log_x, log_rest = ops.log(x), ops.log1p(-x)
        return Normal.log_density(log_x - log_rest, loc, scale) - log_x - log_rest

    @staticmethod
    def draw(noise: Noise, loc: Any, scale: Any) -> Any:
        return ops.sigmoid(loc + scale * noise.normal())

    @staticmethod
    def _cdf(x: Any, loc: Any, scale: Any) -> Any:
        return ops.ndtr((ops.log(x) - ops.log1p(-x) - loc) / scale)

    @staticmethod
    def _icdf(p: Any, loc: Any, scale: Any) -> Any:
        return ops.sigmoid(loc + scale * ops.ndtri(p))
