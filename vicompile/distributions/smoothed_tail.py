"""The exponential tail smoothed by a normal draw: what ExGaussian and SoftAsymmetricLaplace are made of."""

from __future__ import annotations

from typing import Any

from ..ir import ops
from .stable import log_scaled_ndtr


def log_smoothed_tail(z: Any, rate: Any) -> Any:
    """log(exp(rate**2 / 2 - rate z) ndtr(z - rate)): up to log(rate) the log density of n + E / rate at z.

    Where ndtr is small it is that of the normal times Mills' ratio, which does not cancel.
    """
    place = z - rate
    right = 0.5 * ops.square(rate) - rate * z + ops.log_ndtr(ops.maximum(place, 0.0))
    left = log_scaled_ndtr(ops.minimum(place, 0.0)) - 0.5 * ops.square(z)
    return ops.where(place > 0.0, right, left)
