"""Noise plan: where each site's base noise lies in a row, and which random number counters it comes from.

A row holds all normals, then all uniforms; every entry is padded to even length, because one counter gives one pair.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .state import signed_seed

if TYPE_CHECKING:
    from numpy.typing import NDArray

KINDS = ("normal", "uniform")
SITE_LIMIT = 1 << 16  # the counter keeps 16 bits for the site number
BLOCK_LIMIT = 1 << 32  # and 32 for the block index within the site


@dataclass(frozen=True, eq=False)
class NoisePlan:
    """The noise of one step and one particle.

    offsets: for each entry the position of its first element in the row.
    pairs: int64 (normal_pairs + uniform_pairs, 2), read-only: block index within the site, site number.
    """

    offsets: list[int]
    normal_pairs: int
    uniform_pairs: int
    pairs: NDArray[np.int64]

    @property
    def row(self) -> int:
        """Number of doubles in a row."""
        return 2 * (self.normal_pairs + self.uniform_pairs)

    def rows(self, step: int, particles: int, seed: int) -> NDArray[np.float64]:
        """The noise of one step as the native loop sees it: float64 (particles, row), computed with NumPy alone."""
        from vicompile.reference import noise_rows

        rows = noise_rows(self.pairs, step, particles, self.normal_pairs, self.uniform_pairs, signed_seed(seed))
        return np.asarray(rows, dtype=np.float64).reshape(particles, self.row)


def noise_plan(entries: Iterable[tuple[int, str, int]]) -> NoisePlan:
    """Lay out entries (site number, "normal" or "uniform", number of elements).

    Several entries of one site continue its block index in the order given, so that no counter is used twice.
    Raises ValueError for an unknown kind, a negative count, or numbers that the counters cannot hold.
    """
    listed = list(entries)
    next_block: dict[int, int] = {}
    parts: dict[str, list[NDArray[np.int64]]] = {kind: [np.empty((0, 2), np.int64)] for kind in KINDS}
    position = dict.fromkeys(KINDS, 0)
    local: list[int] = []
    for site, kind, count in listed:
        if kind not in KINDS:
            raise ValueError(f"noise is one of {KINDS}, not {kind!r}")
        first = next_block.get(site, 0)
        after = first + (count + 1) // 2
        if count < 0 or not 0 <= site < SITE_LIMIT or after > BLOCK_LIMIT:
            raise ValueError(f"{count} elements of noise for site number {site} do not fit the random number counters")
        next_block[site] = after
        blocks = np.arange(first, after, dtype=np.int64)
        parts[kind].append(np.column_stack([blocks, np.full_like(blocks, site)]))
        local.append(position[kind])
        position[kind] += 2 * len(blocks)
    start = {"normal": 0, "uniform": position["normal"]}
    pairs = np.ascontiguousarray(np.concatenate(parts["normal"] + parts["uniform"]))
    pairs.setflags(write=False)
    offsets = [start[kind] + place for (_, kind, _), place in zip(listed, local)]
    return NoisePlan(offsets, position["normal"] // 2, position["uniform"] // 2, pairs)
