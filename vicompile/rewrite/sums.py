"""Sums over data whose terms are products of a data-only and a parameter-only part are kept as sums of the data.

After it: sum_i (y_i * log f + (1 - y_i) * log(1 - f)) reads log f * sum_i y_i + log(1 - f) * sum_i (1 - y_i), and
`hoist` computes the sums of data once.
Only where every term splits so; squares of differences do not, so that nothing cancels that did not cancel before.
Where one does not, terms of data alone that are worth it, log(y_i!) say, still get a sum of their own: what is kept is
a number then, and not an array to be read in every step.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from ..ir import ops
from ..ir.nodes import Axis, Gather, IndexEntry, Map, Node, Scatter
from ..ir.walk import rebuild, topological
from .data_only import data_only
from .hoist import is_expensive

# Longer sums of products are left as they are: each term becomes a number of its own to keep.
MOST_TERMS = 8


def keep_sums(roots: Iterable[Node]) -> dict[Node, Node]:
    """Map each node below `roots` to its form with kept sums."""
    roots = list(roots)
    fixed = data_only(topological(roots))

    def change(node: Node) -> Node | None:
        if isinstance(node, Scatter) and node.combine == "add" and node not in fixed:
            return _split(node, fixed)
        return None

    return rebuild(roots, change)


def _split(node: Scatter, fixed: set[Node]) -> Node | None:
    """The sum as a sum of products, if every term is (what does not vary along the summed axes) * (data)."""
    kept = [e.axis for e in node.index if isinstance(e, Axis) and e.start == 0]
    if len(kept) != len(node.index) or len(kept) == node.source.rank:
        return None
    terms = _terms(node.source)
    if terms is None:
        return None
    parts: list[Node] = []
    found_data = False
    for sign, factors in terms:
        outer: list[Node] = []
        data: list[Node] = []
        for factor in factors:
            pulled = _without_axes(factor, kept, node)
            if pulled is not None:
                outer.append(pulled)
            elif _is_data(factor, fixed) and _narrow(factor, kept) is not None:
                data.append(factor)
            else:
                return _data_apart(node, terms, fixed)
        found_data = found_data or bool(data)
        summed = _sum_of_data(data, kept, node)
        parts.append(sign * reduce(ops.multiply, outer, summed))
    if not found_data:
        return None
    return reduce(ops.add, parts)


def _data_apart(node: Scatter, terms: list[tuple[float, list[Node]]], fixed: set[Node]) -> Node | None:
    """A sum to one number as that of the terms of data alone, and that of the others."""
    if node.index:
        return None
    data: list[Node] = []
    others: list[Node] = []
    for sign, factors in terms:
        alone = all(f in fixed for f in factors) and any(is_expensive(n) for n in topological(factors))
        (data if alone else others).append(sign * reduce(ops.multiply, factors))
    if not data or not others:
        return None
    kept: Node = ops.total(reduce(ops.add, data)) + ops.total(reduce(ops.add, others))
    return kept


def _terms(node: Node, sign: float = 1.0) -> list[tuple[float, list[Node]]] | None:
    """A tree of sums, differences and products as terms of factors."""
    match node:
        case Map(primitive="add" | "sub", operands=(a, b)):
            left, right = _terms(a, sign), _terms(b, sign if node.primitive == "add" else -sign)
            if left is None or right is None or len(left) + len(right) > MOST_TERMS:
                return None
            return left + right
        case Map(primitive="neg", operands=(a,)):
            return _terms(a, -sign)
        case Map(primitive="mul"):
            return [(sign, _factors(node))]
    return [(sign, [node])]


def _factors(node: Node) -> list[Node]:
    if isinstance(node, Map) and node.primitive == "mul":
        return [f for a in node.operands for f in _factors(a)]
    return [node]


def _is_data(node: Node, fixed: set[Node]) -> bool:
    return node in fixed or (all(a in fixed for a in node.args) and bool(node.args))


def _without_axes(node: Node, kept: list[int], scatter: Scatter) -> Node | None:
    """The factor on the kept axes, if it does not vary along the others."""
    if not isinstance(node, Gather):
        return None
    entries: list[IndexEntry] = []
    for entry in node.index:
        if isinstance(entry, Axis) and entry.axis in kept:
            entries.append(Axis(kept.index(entry.axis), entry.start))
        elif isinstance(entry, (Axis, Node)):
            return None
        else:
            entries.append(entry)
    return ops.gather(node.source, tuple(entries), scatter.shape)


def _narrow(node: Node, kept: list[int]) -> Node | None:
    """The data factor without the kept axes, along which it must be constant: the particles, say."""
    if not kept:
        return node
    return _drop_axes(node, kept)


def _drop_axes(node: Node, kept: list[int]) -> Node | None:
    summed = [k for k in range(node.rank) if k not in kept]
    match node:
        case Gather():
            entries: list[IndexEntry] = []
            for entry in node.index:
                if isinstance(entry, Axis):
                    if entry.axis in kept:
                        return None
                    entries.append(Axis(summed.index(entry.axis), entry.start))
                elif isinstance(entry, Node):
                    return None
                else:
                    entries.append(entry)
            return ops.gather(node.source, tuple(entries), tuple(node.shape[k] for k in summed))
        case Map():
            parts = [_drop_axes(a, kept) for a in node.operands]
            known = [p for p in parts if p is not None]
            return ops.apply(node.primitive, *known) if len(known) == len(parts) else None
    return None


def _sum_of_data(data: list[Node], kept: list[int], scatter: Scatter) -> Node:
    """The sum of a product of data factors along the summed axes."""
    summed = [k for k in range(scatter.source.rank) if k not in kept]
    if not data:
        count = reduce(ops.multiply, (ops.size_node(scatter.source.shape[k]) for k in summed))
        return ops.to_float(count)  # type: ignore[no-any-return]
    narrow = [_narrow(f, kept) for f in data]
    total: Node = ops.total(reduce(ops.multiply, narrow))
    return total
