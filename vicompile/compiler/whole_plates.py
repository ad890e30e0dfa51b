"""Subsampled plates whose batch is the whole plate: its elements are then taken in their own order.

In a fit the order does not matter, and the batch is permuted at random even if it is all there is. Predictions are read
by their places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..ir.dims import evaluate
from ..ir.interpret import interpret
from ..ir.nodes import Gather, Index, Map, Node, SharedDraw
from ..ir.walk import topological
from ..lower import LoopRecord, PlateRecord, SiteRecord, Trace


class WholePlates:
    """The positions in whole batches, as nodes: those of all rounds of a loop, and those of one round.

    parts: the names of plates of which a random part is in.
    """

    def __init__(self, traces: Sequence[Trace], roots: Iterable[Node], sizes: Mapping[str, int]) -> None:
        plates = [plate for trace in traces for plate in trace.plates.values() if _is_random(plate)]
        whole = {plate.name for plate in plates if evaluate(plate.length, sizes) == evaluate(plate.size, sizes)}
        self.parts = {plate.name for plate in plates} - whole
        self._sizes = sizes
        loops = [loop for trace in traces for loop in trace.loops]
        order = topological([*roots, *_of_loops(loops)]) if whole else []
        found = [node for node in order if isinstance(node, Map) and _plate(node) in whole]
        self._of_round = [(node, node.operands[0]) for node in found if isinstance(_spread(node.operands[0]), Index)]
        self._of_all = [node for node in found if not isinstance(_spread(node.operands[0]), Index)]

    def positions(self) -> dict[Node, Any]:
        """The values of positions that are the same in all rounds."""
        return dict(zip(self._of_all, interpret([node.operands[0] for node in self._of_all], {}, self._sizes)))

    def replacements(self) -> dict[Node, Node]:
        """For the same positions what they are in their own order."""
        return {node: node.operands[0] for node in self._of_all}

    def in_round(self, index: Index, number: Any) -> dict[Node, Any]:
        """The values of positions in one round of the loop that `index` counts."""
        return {node: number for node, position in self._of_round if position is index}


def _is_random(plate: PlateRecord) -> bool:
    return plate.chosen is not None and any(isinstance(node, SharedDraw) for node in topological([plate.chosen]))


def _of_loops(loops: Sequence[LoopRecord]) -> Iterator[Node]:
    for loop in loops:
        yield from (following for _, _, following in loop.carried)
        yield from numbers_of(loop.sites)
        yield from _of_loops(loop.loops)


def numbers_of(sites: Iterable[SiteRecord]) -> Iterator[Node]:
    """The nodes that the distributions of sites are made of."""
    for site in sites:
        if site.distribution is not None:
            yield from (number for number in site.distribution.numbers().values() if isinstance(number, Node))


def _plate(node: Map) -> str | None:
    """The plate whose element a node chooses."""
    if node.primitive != "random_position":
        return None
    draw = _spread(node.operands[2])
    return draw.site if isinstance(draw, SharedDraw) else None


def _spread(node: Node) -> Node:
    while isinstance(node, Gather):
        node = node.source
    return node
