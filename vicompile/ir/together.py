"""Recurrences on NumPy: one step after the other, for all elements of the batch at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from .batch import lift
from .dims import symbol
from .nodes import Input, Node, Scan, make
from .walk import topological

Extend = Callable[[dict[Node, Any], Sequence[Node], Mapping[str, int]], None]

_BATCH = symbol("@batch")


@lru_cache(maxsize=128)
def _together(scan: Scan) -> tuple[list[Node], list[Node], list[Node]]:
    """The leaves of a scan's body, its results, and its nodes in order, each with the batch as one axis in front."""
    leaves: dict[Node, Node] = {
        slot: make(Input, slot.dtype, (_BATCH, *slot.shape), name=f"@together.{number}", role="data")
        for number, slot in enumerate(scan.slots)
    }
    lifted = lift(scan.body, (_BATCH,), leaves.get)
    roots = [lifted[root] for root in scan.body]
    return list(leaves.values()), roots, topological(roots)


def histories(
    scan: Scan, args: Sequence[npt.NDArray[Any]], batch: tuple[int, ...], length: int, sizes: Mapping[str, int],
    extend: Extend,
) -> list[npt.NDArray[Any]]:  # fmt: skip
    """The history of each carried variable.

    args: the arrays behind the scan's arguments. extend: evaluates nodes in order, as `interpret.extend`.
    """
    first, second = len(scan.init), len(scan.init) + len(scan.steps)
    count = math.prod(batch)
    if batch:
        leaves, roots, order = _together(scan)
        args = [a.reshape(count, *a.shape[len(batch) :]) for a in args]
    else:
        leaves, roots, order = list(scan.slots), list(scan.body), topological(scan.body)
    at = (slice(None),) if batch else ()
    shapes = [a.shape[len(at) :] for a in args[:first]]
    found = [np.empty((*batch, length + 1, *shape), a.dtype) for a, shape in zip(args, shapes)]
    rows = [history.reshape(*([count] if batch else []), length + 1, *shape) for history, shape in zip(found, shapes)]
    carried: list[Any] = list(args[:first])
    sizes = {**sizes, "@batch": count}
    for number, t in enumerate(range(length, -1, -1) if scan.backwards else range(length + 1)):
        if number:
            step = t if scan.backwards else t - 1
            values = [*carried, *(a[(*at, step)] for a in args[first:second]), *args[second:]]
            inside: dict[Node, Any] = dict(zip(leaves, values, strict=True))
            extend(inside, order, sizes)
            # What no leaf is below has no axis of the batch.
            carried = [np.broadcast_to(inside[root], a.shape) for root, a in zip(roots, args)]
        for history, value in zip(rows, carried):
            history[(*at, t)] = value
    return found
