"""Tallies of columns of counts, taken when data is bound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from ..ir.nodes import Node
    from ..rewrite import Tally

# Shortest length of a tally. Lengths are powers of two, so that batches of nearly as many counts share a layout.
SHORTEST = 16


def take_tallies(tallies: Iterable[Tally], values: Mapping[Node, Any]) -> tuple[dict[str, int], dict[Node, Any]]:
    """(value of each tally's size symbol, values of its two inputs); `values` has the columns.

    What fills a tally up is its first count, which occurs 0 times there: a density that is finite at the data is finite
    everywhere in the tally.
    """
    sizes: dict[str, int] = {}
    found: dict[Node, Any] = {}
    for one in tallies:
        counts, times = np.unique(np.asarray(values[one.column]), return_counts=True)
        length = SHORTEST if len(counts) else 0
        while length < len(counts):
            length *= 2
        filling = length - len(counts)
        sizes[one.size] = length
        found[one.counts] = np.concatenate((counts, np.repeat(counts[:1], filling)))
        found[one.times] = np.concatenate((times, np.zeros(filling, times.dtype))).astype(np.float64)
    return sizes, found
