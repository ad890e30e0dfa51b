"""Maps onto the simplex, and from it."""

from __future__ import annotations

from typing import Any

from ...ir import ops, vectors
from ...ir.dims import Shape
from ..constraints.combined import real_vector
from ..constraints.vectors import ordered_vector, simplex
from .base import Transform
from .vectors import longer, shorter


class StickBreakingTransform(Transform):
    """n numbers become n + 1 with sum 1: each is a share of what the elements before have left of a stick.

    The share is sigmoid(x[k] - log(n - k)), so that zeros give equal parts. Computed in logarithms: an element is 0
    only where it is too small for a float.
    """

    domain = real_vector
    codomain = simplex

    def __call__(self, x: Any) -> Any:
        log_share, log_rest = self._logs(x)
        before = vectors.cumsum_last(log_rest, exclusive=True)
        return vectors.concatenate_last(
            [ops.exp(log_share + before), ops.exp(ops.total(log_rest, [-1], keepdims=True))]
        )

    def backward(self, y: Any) -> Any:
        n = vectors.last_size(y) - 1
        left = vectors.slice_last(vectors.cumsum_last(y, reverse=True, exclusive=True), 0, n)
        return (
            ops.log(vectors.slice_last(y, 0, n)) - ops.log(left) + ops.log(vectors.number(n) - vectors.positions(n, y))
        )

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        log_share, log_rest = self._logs(x)
        return ops.total(log_share + log_rest + vectors.cumsum_last(log_rest, exclusive=True), [-1])

    def forward_shape(self, shape: Shape) -> Shape:
        return longer(shape, self)

    def inverse_shape(self, shape: Shape) -> Shape:
        return shorter(shape, self)

    @staticmethod
    def _logs(x: Any) -> tuple[Any, Any]:
        n = vectors.last_size(x)
        share = x - ops.log(vectors.number(n) - vectors.positions(n, x))
        return -ops.softplus(-share), -ops.softplus(share)


class SoftmaxTransform(Transform):
    """y = exp(x) / sum(exp(x)); the inverse is taken to be log(y)."""

    domain = real_vector
    codomain = simplex
    is_bijective = False

    def __call__(self, x: Any) -> Any:
        return vectors.softmax_last(x)

    def backward(self, y: Any) -> Any:
        return ops.log(y)


class SimplexToOrderedTransform(Transform):
    """n + 1 numbers with sum 1 become n increasing cut points: anchor_point + logit of the sums up to each."""

    domain = simplex
    codomain = ordered_vector

    def __init__(self, anchor_point: Any = 0.0) -> None:
        self.anchor_point = anchor_point

    def __call__(self, x: Any) -> Any:
        n = vectors.last_size(x) - 1
        up_to = vectors.slice_last(vectors.cumsum_last(x), 0, n)
        left = vectors.slice_last(vectors.cumsum_last(x, reverse=True, exclusive=True), 0, n)
        return ops.log(up_to) - ops.log(left) + self._anchor()

    def backward(self, y: Any) -> Any:
        cut = y - self._anchor()
        n = vectors.last_size(y)
        low, high = vectors.slice_last(cut, 0, n - 1), vectors.slice_last(cut, 1, n)
        # sigmoid(high) - sigmoid(low), without cancellation
        between = ops.sigmoid(high) * ops.sigmoid(-low) * -ops.expm1(low - high)
        first, last = ops.sigmoid(vectors.slice_last(cut, 0, 1)), ops.sigmoid(-vectors.slice_last(cut, n - 1, n))
        return vectors.concatenate_last([first, between, last])

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        cut = y - self._anchor()
        return ops.total(ops.softplus(cut) + ops.softplus(-cut), [-1])

    def forward_shape(self, shape: Shape) -> Shape:
        return shorter(shape, self)

    def inverse_shape(self, shape: Shape) -> Shape:
        return longer(shape, self)

    def _anchor(self) -> Any:
        return vectors.insert_axis(self.anchor_point, -1) if ops.shape_of(self.anchor_point) else self.anchor_point
