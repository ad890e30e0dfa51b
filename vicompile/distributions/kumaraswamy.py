"""The Kumaraswamy distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from ..ir.nodes import INT, Axis, Iota, Node, make
from . import constraints
from .base import Distribution
from .noise import Noise
from .stable import log1mexp, xlogy


class Kumaraswamy(Distribution):
    """Kumaraswamy(concentration1, concentration0): like a Beta, but its cdf is 1 - (1 - x**a)**b.

    concentration1, concentration0: the exponents a and b, positive. Support: unit interval.
    """

    arg_constraints = {"concentration1": constraints.positive, "concentration0": constraints.positive}
    support = constraints.unit_interval

    @staticmethod
    def log_density(x: Any, concentration1: Any, concentration0: Any) -> Any:
        peak = ops.log(concentration1) + ops.log(concentration0)
        complement = log1mexp(-concentration1 * ops.log(x))
        return peak + xlogy(concentration1 - 1.0, x) + _times(concentration0 - 1.0, complement)

    @staticmethod
    def draw(noise: Noise, concentration1: Any, concentration0: Any) -> Any:
        return ops.exp(log1mexp(-ops.log(noise.uniform()) / concentration0) / concentration1)

    @staticmethod
    def _mean(concentration1: Any, concentration0: Any) -> Any:
        return ops.exp(_log_moment(1.0, concentration1, concentration0))

    @staticmethod
    def _variance(concentration1: Any, concentration0: Any) -> Any:
        first, second = (_log_moment(power, concentration1, concentration0) for power in (1.0, 2.0))
        return ops.exp(2.0 * first) * ops.expm1(second - 2.0 * first)

    @staticmethod
    def _cdf(x: Any, concentration1: Any, concentration0: Any) -> Any:
        return -ops.expm1(concentration0 * log1mexp(-concentration1 * ops.log(x)))

    @staticmethod
    def _icdf(p: Any, concentration1: Any, concentration0: Any) -> Any:
        return ops.exp(log1mexp(-ops.log1p(-p) / concentration0) / concentration1)

    @staticmethod
    def _entropy(concentration1: Any, concentration0: Any) -> Any:
        harmonic = ops.digamma(concentration0 + 1.0) + np.euler_gamma
        shapes = (1.0 - 1.0 / concentration0) + (1.0 - 1.0 / concentration1) * harmonic
        return shapes - ops.log(concentration1) - ops.log(concentration0)


def _log_moment(power: float, concentration1: Any, concentration0: Any) -> Any:
    """log of the mean of x**power."""
    return ops.log(concentration0) + ops.log_beta(1.0 + power / concentration1, concentration0)


def _times(a: Any, logarithm: Any) -> Any:
    """a * logarithm, and 0 where a is 0 although the logarithm is infinite."""
    if isinstance(a, Node) or isinstance(logarithm, Node):
        return a * logarithm
    return np.where(np.equal(a, 0.0), 0.0, np.multiply(a, logarithm))


# The trapezoidal rule in t for the mean over a standard exponential draw exp(t): beyond its ends is less than rounding.
_LOWEST, _STEP, _STEPS = -45.0, 0.1, 490


def mean_log_complement(concentration1: Any, concentration0: Any) -> Any:
    """The mean of log(1 - x), by quadrature; within 1e-12 for concentration1 from 0.01 upwards, 1e-7 from 0.001.

    Both are broadcast; NumPy arrays or graph nodes. The integrand is smooth in the logarithm of -log(1 - cdf), where
    the trapezoidal rule converges exponentially.
    """
    shape = ops.broadcast_shapes(ops.shape_of(concentration1), ops.shape_of(concentration0))
    a, b = (_with_axis(ops.broadcast_to(value, shape)) for value in (concentration1, concentration0))
    t = _LOWEST + _STEP * _positions(isinstance(a, Node) or isinstance(b, Node), shape)
    s = ops.exp(t)
    surprise = s / b
    log_x = log1mexp(ops.minimum(surprise, 40.0)) / a
    # From there on 1 - x is exp(-surprise) / a to rounding, and may underflow.
    log_complement = ops.where(surprise > 40.0, -surprise - ops.log(a), log1mexp(-log_x))
    return _STEP * ops.total(log_complement * ops.exp(t - s), [-1])


def _with_axis(value: Any) -> Any:
    """A new last axis, of the quadrature's length."""
    if not isinstance(value, Node):
        return np.asarray(value)[..., None]
    return ops.gather(value, tuple(Axis(k) for k in range(value.rank)), (*value.shape, _STEPS))


def _positions(is_symbolic: bool, shape: Any) -> Any:
    """0, 1, ... along the last axis."""
    if not is_symbolic:
        return np.arange(float(_STEPS))
    return ops.broadcast_to(ops.to_float(make(Iota, INT, (_STEPS,))), (*shape, _STEPS))
