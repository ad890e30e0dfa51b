"""Products and sums over shared axes: matmul, dot, inner, outer, tensordot, kron, einsum.

All are `contract`: a broadcast product and a sum, so that they fuse with what is around them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...ir import ops
from ...ir.dims import Size
from ...ir.nodes import Axis, Node
from ..bounds import whole
from .convert import as_array, as_numbers, axis_of
from .shaping import ravel, reshape

Label = str


def contract(operands: Sequence[Node], labels: Sequence[Sequence[Label]], result: Sequence[Label]) -> Any:
    """The product of operands whose axes have labels, summed over every label that the result does not have.

    Pairs are taken from left to right, and a label is summed as soon as nobody needs it. Labels that start with a dot
    are batch axes, of which a size of one is stretched; other sizes of one label must agree (ShapeMismatch).
    """
    sizes: dict[Label, Size] = {}
    for node, names in zip(operands, labels, strict=True):
        for name, size in zip(names, node.shape, strict=True):
            known = sizes.setdefault(name, size)
            if known != size:
                sizes[name] = ops.broadcast_shapes((known,), (size,))[0] if name.startswith(".") else known
                if not name.startswith("."):
                    raise ops.ShapeMismatch(known, size)
    done: Any = None
    names_done: list[Label] = []
    for k, (node, names) in enumerate(zip(operands, labels)):
        space = names_done + [n for n in dict.fromkeys(names) if n not in names_done]
        spread = _spread(as_numbers(node), names, space, sizes)
        done = spread if done is None else _spread(done, names_done, space, sizes) * spread
        needed = {*result, *(n for later in labels[k + 1 :] for n in later)}
        gone = [j for j, name in enumerate(space) if name not in needed]
        done = ops.total(done, gone) if gone else done
        names_done = [name for name in space if name in needed]
    return ops.gather(done, tuple(Axis(list(result).index(n)) for n in names_done), tuple(sizes[n] for n in result))


def _spread(node: Node, names: Sequence[Label], space: Sequence[Label], sizes: dict[Label, Size]) -> Node:
    """The operand over all labels of a space; a label that it has twice reads its diagonal."""
    index = tuple(
        0 if size == 1 and sizes[name] != 1 else Axis(space.index(name)) for name, size in zip(names, node.shape)
    )
    return ops.gather(node, index, tuple(sizes[name] for name in space))


def _batch(rank: int) -> list[Label]:
    """Labels of batch axes, counted from the right."""
    return [f".{k}" for k in reversed(range(rank))]


def matmul(a: Any, b: Any) -> Any:
    """np.matmul: vectors, matrices, and batches of matrices that broadcast."""
    a, b = as_array(a), as_array(b)
    if a.rank == 0 or b.rank == 0:
        raise ValueError("a matrix product needs arrays with axes, not single numbers: use *")
    left = ["k"] if a.rank == 1 else [*_batch(a.rank - 2), "i", "k"]
    right = ["k"] if b.rank == 1 else [*_batch(b.rank - 2), "k", "j"]
    batch = _batch(max(a.rank, b.rank) - 2)
    return _in_order((a, b), (left, right), [*batch, *(n for n in ("i", "j") if n in left + right)])


def _in_order(operands: Sequence[Node], labels: Sequence[Sequence[Label]], result: Sequence[Label]) -> Any:
    """`contract`, with batch axes in front whichever operand they come from."""
    first = [n for n in result if n.startswith(".") and n not in labels[0]]
    stretched = ops.broadcast_to(operands[0], (1,) * len(first) + operands[0].shape)
    return contract((stretched, *operands[1:]), ([*first, *labels[0]], *labels[1:]), result)


def dot(a: Any, b: Any) -> Any:
    """np.dot: the last axis of `a` with the last but one of `b`; a product where one is a number."""
    a, b = as_array(a), as_array(b)
    if a.rank == 0 or b.rank == 0:
        return a * b
    left = [f"a{k}" for k in range(a.rank - 1)] + ["k"]
    right = [f"b{k}" for k in range(b.rank)]
    right[max(b.rank - 2, 0)] = "k"
    return contract((a, b), (left, right), [n for n in left + right if n != "k"])


def inner(a: Any, b: Any) -> Any:
    """np.inner: over the last axes of both."""
    a, b = as_array(a), as_array(b)
    if a.rank == 0 or b.rank == 0:
        return a * b
    left = [f"a{k}" for k in range(a.rank - 1)] + ["k"]
    right = [f"b{k}" for k in range(b.rank - 1)] + ["k"]
    return contract((a, b), (left, right), [n for n in left + right if n != "k"])


def vdot(a: Any, b: Any) -> Any:
    """np.vdot: all elements with all elements."""
    return inner(ravel(a), ravel(b))


def outer(a: Any, b: Any) -> Any:
    """np.outer"""
    return contract((ravel(a), ravel(b)), (["i"], ["j"]), ["i", "j"])


def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    """np.tensordot"""
    a, b = as_array(a), as_array(b)
    if not isinstance(axes, (tuple, list)):
        axes = whole(axes, "the number of axes")
        over_a, over_b = list(range(a.rank - axes, a.rank)), list(range(axes))
    else:
        over_a, over_b = (list(v) if isinstance(v, (tuple, list)) else [v] for v in axes)
    over_a, over_b = [axis_of(a, k) for k in over_a], [axis_of(b, k) for k in over_b]
    if len(over_a) != len(over_b):
        raise ValueError("np.tensordot needs as many axes of the one array as of the other")
    left, right = [f"a{k}" for k in range(a.rank)], [f"b{k}" for k in range(b.rank)]
    for one, other in zip(over_a, over_b):
        right[other] = left[one]
    shared = {left[k] for k in over_a}
    return contract((a, b), (left, right), [n for n in left + right if n not in shared])


def kron(a: Any, b: Any) -> Any:
    """np.kron"""
    a, b = as_array(a), as_array(b)
    rank = max(a.rank, b.rank)
    a, b = (ops.broadcast_to(x, (1,) * (rank - x.rank) + x.shape) for x in (a, b))
    left, right = [f"a{k}" for k in range(rank)], [f"b{k}" for k in range(rank)]
    pairs = contract((a, b), (left, right), [n for pair in zip(left, right) for n in pair])
    return reshape(pairs, tuple(s * t for s, t in zip(a.shape, b.shape)))


def einsum(subscripts: Any, *operands: Any) -> Any:
    """np.einsum with a text of subscripts, explicit or implicit, also with an ellipsis."""
    if not isinstance(subscripts, str):
        raise NotImplementedError("np.einsum without a text of subscripts", 'write np.einsum("ij,jk->ik", a, b)')
    nodes = [as_array(o) for o in operands]
    given, arrow, wanted = subscripts.replace(" ", "").partition("->")
    terms = given.split(",")
    if len(terms) != len(nodes):
        raise ValueError(f"np.einsum has {len(terms)} subscripts for {len(nodes)} arrays")
    labels = [_labels(term, node.rank) for term, node in zip(terms, nodes)]
    dots = max((sum(n.startswith(".") for n in names) for names in labels), default=0)
    everything = [n for names in labels for n in names]
    if arrow:
        result = _result_labels(wanted, dots)
        if len(set(result)) < len(result) or not set(result) <= set(everything):
            raise ValueError(f"the result `{wanted}` of np.einsum must name labels of the arrays, each once")
    else:
        letters = sorted(n for n in set(everything) if not n.startswith(".") and everything.count(n) == 1)
        result = [*_batch(dots), *letters]
    return contract(nodes, labels, result)


def _labels(term: str, rank: int) -> list[Label]:
    before, dots, after = term.partition("...")
    letters = before + after
    if not all(c.isalpha() for c in letters):
        raise ValueError(f"the subscript `{term}` of np.einsum must be made of letters")
    missing = rank - len(letters)
    if missing < 0 or (missing > 0 and not dots):
        raise ValueError(f"the subscript `{term}` of np.einsum does not fit an array with {ops.axes_text(rank)}")
    return [*before, *_batch(missing), *after]


def _result_labels(term: str, dots: int) -> list[Label]:
    before, ellipsis, after = term.partition("...")
    return [*before, *(_batch(dots) if ellipsis else ()), *after]
