"""Maps of vectors: orders, balls, sums, frequencies."""

from __future__ import annotations

import math
from typing import Any

from ...ir import ops, vectors
from ...ir.dims import Shape, Size
from ..constraints.base import Constraint
from ..constraints.combined import independent, real_matrix, real_vector
from ..constraints.line import real
from ..constraints.vectors import l1_ball, ordered_vector, sphere, zero_sum
from .base import Transform, last_axis, sum_last, zeros
from .stable import arctanh_ratio, log_sech


class OrderedTransform(Transform):
    """y[0] = x[0], y[k] = y[k - 1] + exp(x[k])."""

    domain = real_vector
    codomain = ordered_vector

    def __call__(self, x: Any) -> Any:
        first, steps = self._parts(x)
        return vectors.concatenate_last([first, first + vectors.cumsum_last(ops.exp(steps))])

    def backward(self, y: Any) -> Any:
        n = vectors.last_size(y)
        steps = vectors.slice_last(y, 1, n) - vectors.slice_last(y, 0, n - 1)
        return vectors.concatenate_last([vectors.slice_last(y, 0, 1), ops.log(steps)])

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return ops.total(self._parts(x)[1], [-1])

    @staticmethod
    def _parts(x: Any) -> tuple[Any, Any]:
        return vectors.slice_last(x, 0, 1), vectors.slice_last(x, 1, vectors.last_size(x))


class L1BallTransform(Transform):
    """|y| sums to less than 1: each tanh(x[k]) is a signed share of what the elements before have left."""

    domain = real_vector
    codomain = l1_ball

    def __call__(self, x: Any) -> Any:
        return ops.tanh(x) * ops.exp(self._log_left(x))

    def backward(self, y: Any) -> Any:
        return arctanh_ratio(y, 1.0 - vectors.cumsum_last(ops.absolute(y)))

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return ops.total(2.0 * log_sech(x) + self._log_left(x), [-1])

    @staticmethod
    def _log_left(x: Any) -> Any:
        # log(1 - |tanh x|)
        share = math.log(2.0) - ops.softplus(2.0 * ops.absolute(x))
        return vectors.cumsum_last(share, exclusive=True)


class NormalizeTransform(Transform):
    """y = x / |x|; the inverse is taken to be y itself."""

    domain = real_vector
    codomain = sphere
    is_bijective = False

    def __call__(self, x: Any) -> Any:
        return x / ops.sqrt(ops.total(x * x, [-1], keepdims=True))

    def backward(self, y: Any) -> Any:
        return y


class ZeroSumTransform(Transform):
    """n - 1 numbers along each of the last axes become n with sum 0, by an isometry: lengths stay, log |J| is 0."""

    def __init__(self, transform_ndims: int = 1) -> None:
        self.transform_ndims = transform_ndims

    @property
    def domain(self) -> Constraint:  # type: ignore[override]
        """Arrays with as many axes."""
        return independent(real, self.transform_ndims)

    @property
    def codomain(self) -> Constraint:  # type: ignore[override]
        """Arrays whose sums along each axis are zero."""
        return zero_sum(self.transform_ndims)

    def __call__(self, x: Any) -> Any:
        for axis in range(-self.transform_ndims, 0):
            x = vectors.swap_axes(_extended(vectors.swap_axes(x, axis, -1)), axis, -1)
        return x

    def backward(self, y: Any) -> Any:
        for axis in range(-self.transform_ndims, 0):
            y = vectors.swap_axes(_shortened(vectors.swap_axes(y, axis, -1)), axis, -1)
        return y

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        shape = ops.shape_of(x)
        return zeros(shape[: len(shape) - self.transform_ndims], x)

    def forward_shape(self, shape: Shape) -> Shape:
        return self._changed(shape, 1)

    def inverse_shape(self, shape: Shape) -> Shape:
        return self._changed(shape, -1)

    def _changed(self, shape: Shape, by: int) -> Shape:
        axes = self.transform_ndims
        if len(shape) < axes or (by < 0 and 0 in shape[-axes:]):
            raise ValueError(f"{self!r}: an array of shape {shape} has no zero sums along its last axes")
        return (*shape[:-axes], *(size + by for size in shape[-axes:]))

    def __repr__(self) -> str:
        return f"ZeroSumTransform({self.transform_ndims})"


def _extended(x: Any) -> Any:
    """One more element, so that the sum is 0 and the length stays."""
    root = ops.sqrt(vectors.number(vectors.last_size(x) + 1))
    total = ops.total(x, [-1], keepdims=True)
    shift = total / (root * (root + 1.0))
    return vectors.concatenate_last([x - shift, -total / root])


def _shortened(y: Any) -> Any:
    n = vectors.last_size(y)
    root = ops.sqrt(vectors.number(n))
    total = -root * vectors.slice_last(y, n - 1, n)
    return vectors.slice_last(y, 0, n - 1) + total / (root * (root + 1.0))


class PermuteTransform(Transform):
    """y[k] = x[permutation[k]]. ValueError unless it is a permutation of 0 ... n - 1."""

    domain = real_vector
    codomain = real_vector

    def __init__(self, permutation: Any) -> None:
        self.permutation = tuple(int(k) for k in permutation)
        if sorted(self.permutation) != list(range(len(self.permutation))):
            raise ValueError(f"PermuteTransform: {list(self.permutation)} is no permutation of 0 ... n - 1")

    def __call__(self, x: Any) -> Any:
        return self._taken(x, self.permutation)

    def backward(self, y: Any) -> Any:
        order = sorted(range(len(self.permutation)), key=self.permutation.__getitem__)
        return self._taken(y, order)

    @staticmethod
    def _taken(x: Any, order: Any) -> Any:
        if vectors.last_size(x) != len(order):
            raise ValueError(f"a permutation of {len(order)} elements does not fit a vector of {vectors.last_size(x)}")
        return vectors.concatenate_last([vectors.slice_last(x, k, k + 1) for k in order])

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return zeros(ops.shape_of(x)[:-1], x)

    def __repr__(self) -> str:
        return f"PermuteTransform({list(self.permutation)})"


class DiscreteCosineTransform(Transform):
    """The orthonormal cosine transform (DCT-II) of a vector, frequency k weighed by (k + 1/2) ** smooth.

    smooth: 0 keeps white noise white, 1 makes Brownian noise white. The weights have product 1, so that log |J| is 0.
    The matrix is applied as it is: work grows with the square of the length.
    """

    domain = real_vector
    codomain = real_vector

    def __init__(self, smooth: float = 0.0) -> None:
        self.smooth = smooth

    def __call__(self, x: Any) -> Any:
        matrix, weight = self._matrix_weight(vectors.last_size(x), x)
        return weight * vectors.matvec(matrix, x)

    def backward(self, y: Any) -> Any:
        matrix, weight = self._matrix_weight(vectors.last_size(y), y)
        return vectors.matvec(vectors.transpose(matrix), y / weight)

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return zeros(ops.shape_of(x)[:-1], x)

    def _matrix_weight(self, size: Size, like: Any) -> tuple[Any, Any]:
        n = vectors.number(size)
        k, j = vectors.row_column(size, like)
        wave = ops.cos((math.pi / 2.0) * (k * (2 * j + 1)) / n)
        matrix = ops.where(ops.equal(k, 0), ops.sqrt(1.0 / n), ops.sqrt(2.0 / n)) * wave
        if self.smooth == 0.0:
            return matrix, 1.0
        log_weight = self.smooth * ops.log(vectors.positions(size, like) + 0.5)
        return matrix, ops.exp(log_weight - sum_last(log_weight, 1) / n)

    def __repr__(self) -> str:
        return f"DiscreteCosineTransform({self.smooth:g})"


class RecursiveLinearTransform(Transform):
    """y[t] = A y[t - 1] + x[t] over the rows of a matrix, from y[-1] = initial_value.

    transition_matrix: A, (d, d). initial_value: (d,), zeros by default. The number of rows must be a number.
    """

    domain = real_matrix
    codomain = real_matrix

    def __init__(self, transition_matrix: Any, initial_value: Any = None) -> None:
        self.transition_matrix, self.initial_value = transition_matrix, initial_value

    def __call__(self, x: Any) -> Any:
        steps = vectors.known(ops.shape_of(x)[-2], "the recurrence of RecursiveLinearTransform")
        columns = vectors.transpose(x)
        state, states = self.initial_value, []
        for t in range(steps):
            noise = self._column(columns, t)
            state = noise if state is None else vectors.matvec(self.transition_matrix, state) + noise
            states.append(vectors.insert_axis(state, -1))
        return vectors.transpose(vectors.concatenate_last(states)) if states else x

    def backward(self, y: Any) -> Any:
        steps = vectors.known(ops.shape_of(y)[-2], "the recurrence of RecursiveLinearTransform")
        columns = vectors.transpose(y)
        before, found = self.initial_value, []
        for t in range(steps):
            now = self._column(columns, t)
            noise = now if before is None else now - vectors.matvec(self.transition_matrix, before)
            found.append(vectors.insert_axis(noise, -1))
            before = now
        return vectors.transpose(vectors.concatenate_last(found)) if found else y

    @staticmethod
    def _column(columns: Any, t: int) -> Any:
        return sum_last(vectors.slice_last(columns, t, t + 1), 1)

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return zeros(ops.shape_of(x)[:-2], x)


def shorter(shape: Shape, owner: Transform) -> Shape:
    """One element less on the last axis. ValueError where there is none."""
    size = last_axis(shape, owner)[-1]
    if size == 0:
        raise ValueError(f"{owner!r}: a vector must have at least one element")
    return (*shape[:-1], size - 1)


def longer(shape: Shape, owner: Transform) -> Shape:
    """One element more on the last axis."""
    return (*shape[:-1], last_axis(shape, owner)[-1] + 1)
