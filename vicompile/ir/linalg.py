"""Linear algebra that means the same on NumPy arrays and on graph nodes, on the last one or two axes.

Axes in front are batch axes and broadcast as in NumPy. Matrices that cannot be factorised or solved with give NaN.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import ops
from .calls import calls
from .dims import Dim, Shape, Size
from .nodes import FLOAT, INT, Axis, Iota, Node, make
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
    return call("solve", a, identity_like(a))


def log_abs_det(a: Any) -> Any:
    """log |det A|"""
    return call("log_abs_det", a)


def slogdet(a: Any) -> tuple[Any, Any]:
    """The sign of det A, and log |det A|."""
    return call("sign_of_det", a), call("log_abs_det", a)


def log_det_lower(factor: Any) -> Any:
    """log |det L| of a triangular matrix."""
    return ops.total(ops.log(ops.absolute(diagonal(factor))), [-1])


def matmul(a: Any, b: Any) -> Any:
    """np.matmul as a product and a sum, which fuse with what is around them; `product` is for large matrices."""
    if not isinstance(a, Node) and not isinstance(b, Node):
        return np.matmul(a, b)
    a, b = ops.as_node(a), ops.as_node(b)
    if a.rank == 0 or b.rank == 0:
        raise ValueError("a matrix product needs arrays with at least one axis")
    inner, other = a.shape[-1], b.shape[max(b.rank - 2, 0)]
    if inner != other:
        raise ops.ShapeMismatch(inner, other)
    if b.rank == 1:
        return ops.total(a * b, [-1])
    if a.rank == 1:
        return ops.total(with_axis(a, 1) * b, [-2])
    return ops.total(with_axis(a, a.rank) * with_axis(b, b.rank - 2), [-2])


def product(a: Any, b: Any) -> Any:
    """The product of two matrices as one call, by BLAS where they are large."""
    return call("product", a, b)


def diagonal(a: Any) -> Any:
    """The diagonal of square matrices."""
    if not isinstance(a, Node):
        return np.diagonal(a, axis1=-2, axis2=-1)
    shape = _square(a)
    last = a.rank - 2
    return ops.gather(a, (*(Axis(k) for k in range(last)), Axis(last), Axis(last)), shape[:-1])


def tril(a: Any) -> Any:
    """The lower triangle, with zeros above it."""
    if not isinstance(a, Node):
        return np.tril(a)
    rows, columns = _positions(a.shape)
    return ops.where(rows >= columns, a, 0.0)


def transposed(a: Any) -> Any:
    """The last two axes exchanged."""
    if not isinstance(a, Node):
        return np.swapaxes(a, -1, -2)
    last = a.rank - 2
    index = (*(Axis(k) for k in range(last)), Axis(last + 1), Axis(last))
    return ops.gather(a, index, (*a.shape[:last], a.shape[-1], a.shape[-2]))


def identity_like(a: Any) -> Any:
    """The identity matrix of the size of the matrices A."""
    if not isinstance(a, Node):
        return np.eye(np.shape(a)[-1])
    rows, columns = _positions(_square(a)[-2:])
    return ops.to_float(ops.equal(rows, columns))


def scaled(factor: Any, a: Any) -> Any:
    """One number for each element of the batch times its matrix."""
    if not isinstance(factor, Node):
        return np.asarray(factor)[..., None, None] * a
    return with_axis(with_axis(factor, factor.rank), factor.rank + 1) * a


def with_axis(x: Any, axis: int) -> Any:
    """A new axis of length one at this place."""
    if not isinstance(x, Node):
        return np.expand_dims(x, axis)
    shape = (*x.shape[:axis], 1, *x.shape[axis:])
    return ops.gather(x, tuple(Axis(k if k < axis else k + 1) for k in range(x.rank)), shape)


def _positions(shape: Shape) -> tuple[Node, Node]:
    """The row and the column number of every element of matrices."""
    last = len(shape) - 2
    rows, columns = (make(Iota, INT, (shape[k],)) for k in (last, last + 1))
    return ops.gather(rows, (Axis(last),), shape), ops.gather(columns, (Axis(last + 1),), shape)


def _square(a: Node) -> Shape:
    if a.rank < 2:
        raise ValueError(f"a square matrix is needed, not an array with {ops.axes_text(a.rank)}")
    if a.shape[-1] != a.shape[-2]:
        raise ops.ShapeMismatch(a.shape[-2], a.shape[-1])
    return a.shape
