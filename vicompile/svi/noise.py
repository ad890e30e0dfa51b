"""Noise plan: where each site's base noise lies in a row, and which random number counters it comes from.

A row holds all normals, then all uniforms. One counter gives one pair: those of one site are padded to even length, but
single numbers of two sites share a pair.
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

    Entries of one site and kind lie one after the other, and only their end is padded: a scalar site with two uniforms
    takes one pair, and two sites of one number each share a pair of the first one's. A site's kinds continue one
    block index, in the order of their first entries, so that no counter is
    used twice. Raises ValueError for an unknown kind, a negative count, or numbers that the counters cannot hold.
    """
    listed = list(entries)
    counts: dict[tuple[int, str], int] = {}
    within: list[int] = []
    for site, kind, count in listed:
        if kind not in KINDS:
            raise ValueError(f"noise is one of {KINDS}, not {kind!r}")
        if count < 0 or not 0 <= site < SITE_LIMIT:
            raise ValueError(f"{count} elements of noise for site number {site} do not fit the random number counters")
        within.append(counts.get((site, kind), 0))
        counts[site, kind] = within[-1] + count
    starts, pairs, normal_pairs = _groups(counts)
    offsets = [starts[site, kind] + place for (site, kind, _), place in zip(listed, within)]
    return NoisePlan(offsets, normal_pairs, len(pairs) - normal_pairs, pairs)


def _groups(counts: dict[tuple[int, str], int]) -> tuple[dict[tuple[int, str], int], NDArray[np.int64], int]:
    """The place of each site's normals and uniforms in the row, the counters of all pairs, and how many are normal."""
    first_block: dict[tuple[int, str], int] = {}
    next_block: dict[int, int] = {}
    for (site, kind), count in counts.items():
        first_block[site, kind] = next_block.get(site, 0)
        next_block[site] = first_block[site, kind] + (count + 1) // 2
        if next_block[site] > BLOCK_LIMIT:
            raise ValueError(f"{count} elements of noise for site number {site} do not fit the random number counters")
    parts: list[NDArray[np.int64]] = [np.empty((0, 2), np.int64)]
    starts: dict[tuple[int, str], int] = {}
    position = normal_pairs = 0
    for wanted in KINDS:
        half: int | None = None
        for (site, kind), count in counts.items():
            if kind != wanted:
                continue
            if count == 1 and half is not None:
                starts[site, kind], half = half, None
                continue
            starts[site, kind] = 2 * position
            first = first_block[site, kind]
            blocks = np.arange(first, first + (count + 1) // 2, dtype=np.int64)
            parts.append(np.column_stack([blocks, np.full_like(blocks, site)]))
            half = 2 * position + 1 if count == 1 else half
            position += len(blocks)
        normal_pairs = position if wanted == "normal" else normal_pairs
    pairs = np.ascontiguousarray(np.concatenate(parts))
    pairs.setflags(write=False)
    return starts, pairs, normal_pairs
