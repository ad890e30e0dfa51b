"""Linear algebra that means the same on NumPy arrays and on graph nodes, on the last one or two axes.

Axes in front are batch axes and broadcast as in NumPy. Matrices that cannot be factorised or solved with give NaN.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import ops, vectors
from .calls import calls
from .dims import Dim, Size
from .nodes import FLOAT, Node, make
from .nodes import Call as CallKind


def call(name: str, *operands: Any, vector: bool = False) -> Any:
    """A row of `calls` on arrays or nodes; batch axes are broadcast.

    vector: the last operand is a vector for each element of the batch. Without it that is so for one with one axis.
    Raises ShapeMismatch for sizes that are not known to be equal, ValueError for operands with too few axes.
    """
    row = calls()[name]
    is_graph = any(isinstance(x, (Node, Dim)) for x in operands)
    values = [ops.to_float(ops.as_node(x) if is_graph else x) for x in operands]
    vector = vector or (row.operands[-1].endswith("m") and len(ops.shape_of(values[-1])) == 1)
    cores = [len(letters) for letters in row.operands]
    cores[-1] -= vector
    shapes = [ops.shape_of(x) for x in values]
    for shape, core in zip(shapes, cores):
        if len(shape) < core:
            raise ValueError(f"`{name}` needs a matrix, not an array with {ops.axes_text(len(shape))}")
    sizes: dict[str, Size] = {}
    for letters, shape, core in zip(row.operands, shapes, cores):
        for letter, size in zip(letters, shape[len(shape) - core :]):
            if sizes.setdefault(letter, size) != size:
                raise ops.ShapeMismatch(sizes[letter], size)
    batch = ops.broadcast_shapes(*(shape[: len(shape) - core] for shape, core in zip(shapes, cores)))
    full = [ops.broadcast_to(x, (*batch, *s[len(s) - c :])) for x, s, c in zip(values, shapes, cores)]
    if not is_graph:
        with np.errstate(all="ignore"):
            return row.evaluate(*full)
    result = row.result[: len(row.result) - (vector and row.result.endswith("m"))]
    shape = (*batch, *(sizes[letter] for letter in result))
    return make(CallKind, FLOAT, shape, function=name, operands=tuple(full))


def cholesky(a: Any) -> Any:
    """The lower Cholesky factor, from the lower triangle of A; NaN where A is not positive definite."""
    return call("cholesky", a)


def solve_lower(factor: Any, b: Any, vector: bool = False) -> Any:
    """X with L X = B, from the lower triangle of L. `vector`: B is one vector for each element of the batch."""
    return call("solve_lower", factor, b, vector=vector)


def solve_lower_transposed(factor: Any, b: Any, vector: bool = False) -> Any:
    """X with L' X = B, from the lower triangle of L. `vector`: B is one vector for each element of the batch."""
    return call("solve_lower_transposed", factor, b, vector=vector)


def solve(a: Any, b: Any, vector: bool = False) -> Any:
    """X with A X = B. `vector`: B is one vector for each element of the batch."""
    return call("solve", a, b, vector=vector)


def inverse(a: Any) -> Any:
    """The inverse matrix."""
    return call("solve", a, vectors.identity(vectors.square_size(a), a))


def log_abs_det(a: Any) -> Any:
    """log |det A|"""
    return call("log_abs_det", a)


def slogdet(a: Any) -> tuple[Any, Any]:
    """The sign of det A, and log |det A|."""
    return call("sign_of_det", a), call("log_abs_det", a)


def log_det_lower(factor: Any) -> Any:
    """log |det L| of a triangular matrix."""
    return ops.total(ops.log(ops.absolute(vectors.diagonal(factor))), [-1])


def product(a: Any, b: Any) -> Any:
    """The product of two matrices as one call, by BLAS where they are large."""
    return call("product", a, b)
