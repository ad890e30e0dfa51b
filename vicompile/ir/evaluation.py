"""Nodes on NumPy, again and again: the order is found once, and sums of products are left to the library of matrices.

`interpret` says what nodes mean, and writes every product out before it sums; here `x @ w` for a thousand draws of `w`
is one product of matrices.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..diagnostics import Record
from .dims import Shape, evaluate
from .interpret import value_of
from .nodes import Axis, Gather, Map, Node, Scatter
from .walk import topological


class Product(Record, eq=False):
    """The sum of a product over some axes. factors: nodes, each with the axes of the space that its own axes are.
    space: its sizes; no factor need have all of them. kept: the axes of the result.
    """

    factors: tuple[tuple[Node, tuple[int, ...]], ...]
    space: Shape
    kept: tuple[int, ...]

    def value(self, known: Mapping[Node, Any], sizes: Mapping[str, int]) -> Any:
        """The sum."""
        operands = [part for node, axes in self.factors for part in (np.asarray(known[node]), list(axes))]
        held = {axis for _, axes in self.factors for axis in axes}
        found = np.einsum(*operands, [axis for axis in self.kept if axis in held], optimize=True)
        if len(held) == len(self.space):
            return found
        # Both factors are spread over the other axes: all terms along a summed one are equal, and all results along
        # a kept one.
        times = math.prod(evaluate(s, sizes) for k, s in enumerate(self.space) if k not in held and k not in self.kept)
        shape = [evaluate(self.space[axis], sizes) for axis in self.kept]
        found = found.reshape([size if axis in held else 1 for axis, size in zip(self.kept, shape)])
        return np.broadcast_to(found * times, shape)


class Evaluation:
    """Roots as functions of the values of leaves. order: the nodes that are computed, operands first."""

    def __init__(self, roots: Sequence[Node]) -> None:
        self._roots = tuple(roots)
        self._products: dict[Node, Product] = {}
        self.order = topological(self._roots, self._args)

    def __call__(self, values: Mapping[Node, Any], sizes: Mapping[str, int]) -> list[Any]:
        """As `interpret`."""
        known = dict(values)
        with np.errstate(all="ignore"):
            for node in self.order:
                if node in known:
                    continue
                product = self._products.get(node)
                known[node] = value_of(node, known, sizes) if product is None else product.value(known, sizes)
        return [known[root] for root in self._roots]

    def _args(self, node: Node) -> Sequence[Node]:
        product = sum_of_products(node)
        if product is None:
            return node.args
        self._products[node] = product
        return [factor for factor, _ in product.factors]


def sum_of_products(node: Node) -> Product | None:
    """What a node sums, if it is a sum of a product of two float arrays over whole axes."""
    if not isinstance(node, Scatter) or node.combine != "add" or node.dtype != "float64" or not node.index:
        return None
    kept = _axes(node.index)
    space = node.source.shape
    if kept is None or tuple(space[k] for k in kept) != node.shape or len(set(kept)) != len(kept):
        return None
    if not isinstance(node.source, Map) or node.source.primitive != "mul":
        return None
    factors = tuple(_factor(operand, space) for operand in node.source.operands)
    # Where a factor has all axes nothing is saved, and the product is in memory for other readers.
    if any(len(axes) == len(space) for _, axes in factors) and len(kept) == len(space):
        return None
    return Product(factors, space, kept)


def _factor(operand: Node, space: Sequence[Any]) -> tuple[Node, tuple[int, ...]]:
    """A factor and the axes that it has: less than all where it is only spread over the others."""
    if isinstance(operand, Gather):
        axes = _axes(operand.index)
        source = operand.source
        is_whole = axes is not None and tuple(space[k] for k in axes) == source.shape and len(set(axes)) == len(axes)
        if axes is not None and is_whole:
            return source, axes
    return operand, tuple(range(len(space)))


def _axes(index: Sequence[Any]) -> tuple[int, ...] | None:
    """The axes that an index goes along from their start; None where it does anything else."""
    if not all(isinstance(entry, Axis) and entry.start == 0 for entry in index):
        return None
    return tuple(entry.axis for entry in index)
