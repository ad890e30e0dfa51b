"""What families of vectors share: a location that may be one number, sizes, and forms of a scale matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import linalg, ops, vectors
from ..ir.dims import Shape, Size
from . import arguments, constraints
from .base import Distribution
from .constraints.combined import Independent


class NumberOrVector(Independent):
    """Vectors of real numbers; one number stands for a vector of equal ones."""

    def __init__(self) -> None:
        super().__init__(constraints.real, 1, "real_vector")

    def check(self, x: Any) -> Any:
        return np.isfinite(x) if np.ndim(x) == 0 else super().check(x)


number_or_vector = NumberOrVector()


class Located(Distribution, abstract=True):
    """Base of families with a vector `loc`, which may be given as one number, and a matrix or vector that has the size.

    sized_by: the parameters whose last axis has the size, in the order in which they are looked for.
    """

    sized_by: tuple[str, ...] = ()

    def __init__(self, *args: Any, validate_args: bool | None = None, **keywords: Any) -> None:
        bound = arguments.bind(type(self), args, keywords)
        for name in self.sized_by:
            if name in bound and not ops.shape_of(bound["loc"]):
                loc = ops.as_node(bound["loc"]) if arguments.is_symbolic(bound[name]) else bound["loc"]
                bound["loc"] = ops.broadcast_to(loc, ops.shape_of(bound[name])[-1:])
        super().__init__(validate_args=validate_args, **bound)


def vector_shape(*parts: Any) -> Shape:
    """The shape of one draw: the last axes of the parts that are there, broadcast."""
    return ops.broadcast_shapes(*(ops.shape_of(part)[-1:] for part in parts if part is not None))


def size_of(*parts: Any) -> Size:
    """The number of elements of one draw."""
    return vector_shape(*parts)[0]


def squared_length(z: Any) -> Any:
    """The sum of the squares along the last axis."""
    return ops.total(ops.square(z), [-1])


def lower_times(factor: Any, z: Any) -> Any:
    """L z, of the lower triangle of L alone, as the density reads it."""
    return vectors.matvec(vectors.tril(factor), z)


def inverse_factor(a: Any) -> Any:
    """The lower factor L of the inverse: A^-1 = L L'.

    With the order of rows and columns turned round, A = U U' has an upper factor U, and L is the transpose of U^-1.
    """
    size = vectors.square_size(a)
    upper = _turned(linalg.cholesky(_turned(a)))
    return linalg.solve_lower(vectors.transpose(upper), vectors.identity(size, a))


def _turned(a: Any) -> Any:
    """The order of rows and of columns reversed."""
    size = vectors.square_size(a)
    order = size - 1 - vectors.positions(size, a)
    return vectors.swap_axes(vectors.take_last(vectors.swap_axes(vectors.take_last(a, order), -1, -2), order), -1, -2)


def squares_of_rows(factor: Any) -> Any:
    """The diagonal of L L'."""
    return ops.total(ops.square(vectors.tril(factor)), [-1])


def gram(factor: Any) -> Any:
    """L L', of the lower triangle of L."""
    lower = vectors.tril(factor)
    return vectors.matmul(lower, vectors.transpose(lower))
