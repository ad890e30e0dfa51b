"""How the rows of a kernel's data go by group: found when the data is bound, by sorting once.

The rows of each group are cut into pieces. Pieces stand side by side in blocks, the longest first, and in each round
every piece of a block that still has a row gives one (`schedule.near` has the loop). With short pieces the lanes of a
round are many, and with long pieces what is done once for a piece is rare.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    IntArray = npt.NDArray[np.int64]

# A round of a block of pieces costs about as much as so many pieces: a short loop, against reads and sums by group.
ROUND = 5
# Pieces are not longer: more rows cost next to nothing a piece.
LONGEST = 512


class Grouping:
    """The order of rows by group.

    order: the rows as the kernel meets them, (N,). owners: the group of each piece. starts: the first row of each round
    in that order, and N. rounds: the table of rounds that the kernel reads: the number of blocks of pieces, where the
    starts of each block's rounds lie in the table, and where the last ones end, and the starts.
    """

    def __init__(self, groups: npt.NDArray[np.int64], block: int) -> None:
        by_group, lengths = _sorted(groups)
        rows = _pieces(lengths, _best_length(lengths))
        first = np.cumsum(rows) - rows
        longest_first = np.argsort((LONGEST - rows).astype(np.uint16), kind="stable")
        rows, first = rows[longest_first], first[longest_first]
        self.owners = groups[by_group[first]]
        rounds_before = np.zeros(1 - (-len(rows) // block), np.int64)
        np.cumsum(rows[::block], out=rounds_before[1:])
        place = np.arange(len(rows))
        # For each row, piece after piece: which of the piece's rows it is, and its round.
        number = np.arange(len(groups)) - np.repeat(np.cumsum(rows) - rows, rows)
        round_of = number + np.repeat(rounds_before[place // block], rows)
        self.starts = np.zeros(rounds_before[-1] + 1, np.int64)
        np.cumsum(np.bincount(round_of), out=self.starts[1:])
        self.order = np.empty(len(groups), np.int64)
        self.order[self.starts[round_of] + np.repeat(place % block, rows)] = by_group[number + np.repeat(first, rows)]
        blocks = len(rounds_before) - 1
        self.rounds = np.concatenate(([blocks], blocks + 2 + rounds_before, self.starts))


def _sorted(groups: IntArray) -> tuple[IntArray, IntArray]:
    """The rows in the order of their groups, those of one group as they come, and the lengths of the groups."""
    if len(groups) == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    low = int(groups.min())
    # Small whole numbers are sorted digit by digit, many times faster.
    digits = (groups - low).astype(np.uint16) if int(groups.max()) - low < 2**16 else groups
    order = np.argsort(digits, kind="stable")
    ordered = groups[order]
    ends = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
    return order, np.diff(ends, prepend=0, append=len(groups))


def _pieces(lengths: IntArray, longest: int) -> IntArray:
    """The lengths of the pieces of groups with these lengths, group after group; the last piece has the rest."""
    count = (lengths + (longest - 1)) // longest
    rows = np.full(count.sum(), longest)
    rows[np.cumsum(count) - 1] = lengths - (count - 1) * longest
    return rows


def _best_length(lengths: IntArray) -> int:
    """The length of pieces: twice that of a group, but not so long that rounds have few lanes. A power of two."""
    count = int(lengths.sum())
    wanted = min(2 * count / max(1, len(lengths)), math.sqrt(count / ROUND), LONGEST)
    return 1 << max(0, round(math.log2(max(1.0, wanted))))
