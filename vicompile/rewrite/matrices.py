"""What is plain to see of matrices: the inverse of a factor undoes it, and a diagonal is as many numbers.

After it: L^-1 (L e) is e, for the lower triangle of L. The diagonal of a matrix that is computed element by element is
computed by itself, and nothing of the matrix is needed for it.
"""

from __future__ import annotations

from ..ir import ops, vectors
from ..ir.dims import Shape
from ..ir.nodes import FLOAT, Axis, Call, Const, Gather, IndexTuple, Map, Node, Scatter, make

# What equal whole numbers compare as.
_OF_EQUALS = {
    "equal": True,
    "less_equal": True,
    "greater_equal": True,
    "less": False,
    "greater": False,
    "not_equal": False,
}


def solved(node: Call) -> Node | None:
    """The vector that was multiplied with the factor, if a product with it is solved for; else None."""
    if node.function != "solve_lower":
        return None
    factor, b = node.operands
    product = b.source if isinstance(b, Scatter) else b
    for operand in product.operands if isinstance(product, Map) and product.primitive == "mul" else ():
        vector = operand.source if isinstance(operand, Gather) else None
        is_vector = vector is not None and vector.shape == b.shape == factor.shape[:-1] and vector.dtype == FLOAT
        if is_vector and vectors.matvec(vectors.tril(factor), vector) is b:
            return vector
    return None


def diagonal(node: Gather) -> Node | None:
    """A diagonal, taken from what the matrix is computed of; None for any other view, or for other matrices."""
    if not isinstance(node.source, Map) or not _repeats(node.index):
        return None
    return _taken(node.source, node.index, node.shape)


def _repeats(index: IndexTuple) -> bool:
    """Whether one axis runs along two axes of the source, and nothing depends on values."""
    axes = [entry.axis for entry in index if isinstance(entry, Axis)]
    return len(set(axes)) < len(axes) and not any(isinstance(entry, Node) for entry in index)


def _taken(source: Node, index: IndexTuple, shape: Shape) -> Node:
    if isinstance(source, Map):
        if source.primitive == "where":
            condition = _taken(source.operands[0], index, shape)
            known = condition.source if isinstance(condition, Gather) else condition
            if isinstance(known, Const):
                return _taken(source.operands[1 if known.value else 2], index, shape)
        operands = tuple(_taken(one, index, shape) for one in source.operands)
        if len(operands) == 2 and operands[0] is operands[1] and operands[0].dtype == "int64":
            same = _OF_EQUALS.get(source.primitive)
            if same is not None:
                found: Node = ops.broadcast_to(ops.as_node(same), shape)
                return found
        return make(Map, source.dtype, shape, primitive=source.primitive, operands=operands)
    view: Node = ops.gather(source, index, shape)
    if isinstance(view, Gather) and isinstance(view.source, Map) and view.source is not source and _repeats(view.index):
        return _taken(view.source, view.index, shape)
    return view
