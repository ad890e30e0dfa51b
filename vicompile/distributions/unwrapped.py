"""An angle on the whole line: a distribution on the circle, each angle of which is spread over all its turns."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ir import ops
from . import constraints, kinds
from .base import Distribution

_TURN = 2.0 * math.pi
# cosh and log sinh of pi / width, where width is that of the logistic distribution that shares angles out: one turn.
_COSH, _LOG_SINH = math.cosh(0.5), math.log(math.sinh(0.5))


def turned_back(x: Any) -> Any:
    """The angle in [-pi, pi] that differs from x by whole turns."""
    turned = x - _TURN * ops.floor((x + math.pi) / _TURN)
    # Rounding may lead out by a few units of the last digit.
    return ops.maximum(ops.minimum(turned, math.pi), -math.pi)


class Unwrapped(Distribution):
    """Unwrapped(base_dist): the angle of a draw on the circle, plus a random number of turns. Support: real.

    base_dist: a distribution on the circle. Of the angles x + 2 pi k each has the share G(x + 2 pi k), where G(y) is
    the probability that a logistic variable with scale 2 pi lies within pi of y: so shares have the sum 1, and the
    density is that of base_dist at the angle turned back, times the share.
    """

    arg_constraints = {"base_dist": kinds.a_distribution}
    support = None

    @staticmethod
    def _support(base_dist: Any) -> constraints.Constraint:
        kinds.check_unmasked(base_dist)
        if base_dist.support != constraints.circular:
            raise ValueError(f"`base_dist` must be a distribution on the circle, not {base_dist!r}")
        return constraints.real

    @staticmethod
    def log_density(x: Any, base_dist: Any) -> Any:
        return base_dist.log_prob(turned_back(x)) + _log_share(x)

    @staticmethod
    def _sample_numpy(generator: np.random.Generator, shape: tuple[int, ...], base_dist: Any) -> Any:
        angle = base_dist.expand(shape).sample(generator=generator)
        # The one of its turns that lies within pi of a logistic variable.
        near = generator.logistic(0.0, _TURN, shape)
        return near + turned_back(angle - near)


def _log_share(x: Any) -> Any:
    """log(F(x + pi) - F(x - pi)) for the logistic cdf F: sinh(a) / (cosh(x / width) + cosh(a)), with a = pi / width."""
    u = ops.absolute(x) / _TURN
    fall = ops.exp(-u)
    return _LOG_SINH - u - ops.log(0.5 * (1.0 + ops.square(fall)) + _COSH * fall)
