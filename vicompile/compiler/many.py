"""Nodes of a graph for many draws at once, on NumPy: what is not worth a kernel of its own.

Every node that depends on what differs from draw to draw gets the draws as its leading axis, as in a kernel with many
particles; NumPy then does the arithmetic of a whole chunk of draws at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..ir.batch import lift
from ..ir.dims import Shape, evaluate, product, symbol
from ..ir.evaluation import Evaluation
from ..ir.nodes import Input, Node, make
from . import memory

DRAWS = symbol("@draws")


def over_draws(roots: Sequence[Node], varying: Sequence[Node]) -> tuple[dict[Node, Input], dict[Node, Node]]:
    """For each varying node the input with the draws as leading axis that stands for it, and for each node below the
    roots its form over these.
    """
    inputs: dict[Node, Input] = {
        node: make(Input, node.dtype, (DRAWS, *node.shape), name=f"@many.{number}", role="data")
        for number, node in enumerate(varying)
    }
    return inputs, lift(roots, (DRAWS,), inputs.get)


def chunk_of(shapes: Iterable[Shape], sizes: Mapping[str, int], count: int) -> int:
    """As many draws, of `count`, as fit the memory that is meant for arrays of these shapes."""
    one = {**sizes, "@draws": 1}
    doubles = sum(evaluate(product(shape), one) for shape in shapes)
    return max(1, min(count, memory.how_many(doubles, memory.DOUBLES)))


class Many:
    """`roots` as functions of `varying`, nodes without operands whose values differ from draw to draw."""

    def __init__(self, roots: Sequence[Node], varying: Sequence[Node]) -> None:
        self._roots = tuple(roots)
        self._inputs, lifted = over_draws(roots, varying)
        self._lifted = [lifted[root] for root in roots]
        self._evaluation = Evaluation(self._lifted)

    def values(
        self, known: Mapping[Node, Any], many: Mapping[Node, npt.NDArray[Any]], sizes: Mapping[str, int], count: int
    ) -> list[npt.NDArray[Any]]:
        """The value of each root for `count` draws: (count, *its shape).

        known: what is the same for all draws. many: for each varying node its values, (count, *its shape). sizes: the
        value of every size symbol.
        """
        chunk = chunk_of((node.shape for node in self._evaluation.order), sizes, count)
        results = [self._part(known, many, sizes, first, min(chunk, count - first)) for first in range(0, count, chunk)]
        if len(results) == 1:
            return results[0]
        return [np.concatenate(parts) for parts in zip(*results)] if results else self._part(known, many, sizes, 0, 0)

    def _part(
        self, known: Mapping[Node, Any], many: Mapping[Node, Any], sizes: Mapping[str, int], first: int, count: int
    ) -> list[npt.NDArray[Any]]:
        given = dict(known)
        given.update((made, many[node][first : first + count]) for node, made in self._inputs.items())
        here = {**sizes, "@draws": count}
        found = self._evaluation(given, here)
        return [
            np.array(np.broadcast_to(value, (count, *(evaluate(s, here) for s in root.shape))))
            for root, value in zip(self._roots, found)
        ]
