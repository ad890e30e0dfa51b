"""Maps of single numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ir import ops
from ...ir.nodes import Node
from ..constraints.base import Constraint, bound_text, is_number
from ..constraints.line import (
    GreaterThan,
    Interval,
    LessThan,
    greater_than,
    interval,
    less_than,
    nonnegative,
    open_interval,
    positive,
    real,
    unit_interval,
)
from .base import Transform
from .stable import log_sech, softplus_inverse


class ExpTransform(Transform):
    """y = exp(x)."""

    codomain = positive

    def __call__(self, x: Any) -> Any:
        return ops.exp(x)

    def backward(self, y: Any) -> Any:
        return ops.log(y)

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return x


class AffineTransform(Transform):
    """y = loc + scale * x. loc, scale: numbers, arrays or nodes that broadcast with x; the scale is not zero.

    domain: where x lies, `real` by default.
    """

    def __init__(self, loc: Any, scale: Any, domain: Constraint = real) -> None:
        self.loc, self.scale = loc, scale
        self.domain = domain

    @property
    def codomain(self) -> Constraint:  # type: ignore[override]
        """The image of the domain. TypeError for a half-line whose direction is known only at run time."""
        domain = self.domain
        if isinstance(domain, Interval) and not isinstance(self.scale, Node):
            ends = self(domain.low), self(domain.high)
            return interval(np.minimum(*ends), np.maximum(*ends))
        if isinstance(domain, (GreaterThan, LessThan)):
            signs = None if isinstance(self.scale, Node) else set(np.sign(self.scale).ravel().tolist())
            if signs is None or len(signs) != 1:
                raise TypeError(f"{self!r} of {domain!r}: its image depends on the sign of the scale")
            upwards = (signs == {1.0}) == isinstance(domain, GreaterThan)
            end = self(domain.low if isinstance(domain, GreaterThan) else domain.high)
            return greater_than(end) if upwards else less_than(end)
        return real

    def __call__(self, x: Any) -> Any:
        # Nothing is done for scale 1 and loc 0, so that graphs stay small.
        if is_number(self.scale, -1):
            return self.loc - x
        scaled = x if is_number(self.scale, 1) else self.scale * x
        return scaled if is_number(self.loc, 0) else scaled + self.loc

    def backward(self, y: Any) -> Any:
        if is_number(self.scale, -1):
            return self.loc - y
        shifted = y if is_number(self.loc, 0) else y - self.loc
        return shifted if is_number(self.scale, 1) else ops.divide(shifted, self.scale)

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        shape = ops.broadcast_shapes(ops.shape_of(x), ops.shape_of(self.scale))
        slope = ops.log(ops.absolute(self.scale))
        return ops.broadcast_to(ops.as_node(slope) if isinstance(x, Node) else slope, shape)

    def __repr__(self) -> str:
        return f"AffineTransform({bound_text(self.loc)}, {bound_text(self.scale)})"


class PowerTransform(Transform):
    """y = x ** exponent, of positive numbers. exponent: not zero."""

    domain = positive
    codomain = positive

    def __init__(self, exponent: Any) -> None:
        self.exponent = exponent

    def __call__(self, x: Any) -> Any:
        return ops.power(x, self.exponent)

    def backward(self, y: Any) -> Any:
        return ops.power(y, 1.0 / self.exponent)

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return ops.log(ops.absolute(self.exponent * y / x))

    def __repr__(self) -> str:
        return f"PowerTransform({bound_text(self.exponent)})"


class SigmoidTransform(Transform):
    """y = 1 / (1 + exp(-x))."""

    codomain = unit_interval

    def __call__(self, x: Any) -> Any:
        return ops.sigmoid(x)

    def backward(self, y: Any) -> Any:
        return ops.log(y) - ops.log1p(-y)

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return -(ops.softplus(x) + ops.softplus(-x))


class ScaledSigmoidTransform(Transform):
    """y between low and high: low + (high - low) * sigmoid(x), from the nearer bound to keep digits."""

    def __init__(self, low: Any, high: Any) -> None:
        self.low, self.high = low, high

    @property
    def codomain(self) -> Constraint:  # type: ignore[override]
        """The interval between the bounds."""
        return interval(self.low, self.high)

    def __call__(self, x: Any) -> Any:
        width = self.high - self.low
        if is_number(self.low, 0):
            return width * ops.sigmoid(x)
        # `minimum` and the comparison take x at 0, so that its derivative is right there too.
        part = width * ops.sigmoid(ops.minimum(x, -x))
        return ops.where(ops.less_equal(x, 0.0), self.low + part, self.high - part)

    def backward(self, y: Any) -> Any:
        return ops.log(y - self.low) - ops.log(self.high - y)

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return ops.log(self.high - self.low) - (ops.softplus(x) + ops.softplus(-x))

    def __repr__(self) -> str:
        return f"ScaledSigmoidTransform({bound_text(self.low)}, {bound_text(self.high)})"


class SoftplusTransform(Transform):
    """y = log(1 + exp(x))."""

    codomain = positive

    def __call__(self, x: Any) -> Any:
        return ops.softplus(x)

    def backward(self, y: Any) -> Any:
        return softplus_inverse(y)

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return -ops.softplus(-x)


class TanhTransform(Transform):
    """y = tanh(x)."""

    codomain = open_interval(-1.0, 1.0)

    def __call__(self, x: Any) -> Any:
        return ops.tanh(x)

    def backward(self, y: Any) -> Any:
        return 0.5 * (ops.log1p(y) - ops.log1p(-y))

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return 2.0 * log_sech(x)


class AbsTransform(Transform):
    """y = |x|; the inverse is taken to be y itself."""

    codomain = nonnegative
    is_bijective = False

    def __call__(self, x: Any) -> Any:
        return ops.absolute(x)

    def backward(self, y: Any) -> Any:
        return y


class CumulativeDistributionTransform(Transform):
    """y = P(X <= x) for a continuous distribution of numbers that has `cdf` and `icdf`."""

    codomain = unit_interval

    def __init__(self, distribution: Any) -> None:
        self.distribution = distribution

    @property
    def domain(self) -> Constraint:  # type: ignore[override]
        """The support of the distribution."""
        return self.distribution.support  # type: ignore[no-any-return]

    def __call__(self, x: Any) -> Any:
        return self.distribution.cdf(x)

    def backward(self, y: Any) -> Any:
        return self.distribution.icdf(y)

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return self.distribution.log_prob(x)

    def __repr__(self) -> str:
        return f"CumulativeDistributionTransform({self.distribution!r})"
