"""Formulas of maps that are easy to get wrong far out, over `ir.ops`."""

from __future__ import annotations

import math
from typing import Any

from ...ir import ops

LOG_2 = math.log(2.0)


def softplus_inverse(y: Any) -> Any:
    """u with log(1 + exp(u)) = y, for y > 0."""
    return y + ops.log(-ops.expm1(-y))


def log_sech(x: Any) -> Any:
    """log(1 / cosh(x)), also where cosh overflows."""
    a = ops.absolute(x)
    return LOG_2 - a - ops.softplus(-2.0 * a)


def arcsinh(x: Any) -> Any:
    """The inverse of sinh, to the last digits near 0 and without overflow."""
    a = ops.absolute(x)
    small = ops.minimum(a, 1e8)
    near = ops.log1p(small + small * small / (1.0 + ops.sqrt(1.0 + small * small)))
    far = LOG_2 + ops.log(ops.maximum(a, 1.0))
    return ops.sign(x) * ops.where(a < 1e8, near, far)


def arctanh_ratio(x: Any, rest: Any) -> Any:
    """artanh(x / (|x| + rest)) for rest >= 0: infinite where nothing is left."""
    return ops.sign(x) * 0.5 * ops.log1p(2.0 * ops.divide(ops.absolute(x), rest))
