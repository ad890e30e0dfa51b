"""How the rows of a kernel's data go by group: found when the data is bound, by sorting once.

The rows of each group are cut into pieces. Pieces stand side by side in blocks, the longest first, and in each round
every piece of a block that still has a row gives one (`schedule.near` has the loop). With short pieces the lanes of a
round are many, and with long pieces what is done once for a piece is rare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    IntArray = npt.NDArray[np.int64]

# What a piece and a round cost, in the same unit: reading and adding up by group in one lane, and a short loop.
PIECE, ROUND = 1, 10
# Pieces are not longer: more rows cost next to nothing a piece.
LONGEST = 512


class Grouping:
    """The order of rows by group.

    order: the rows as the kernel meets them, (N,). owners: the group of each piece. starts: the first row of each round
    in that order, and N. rounds: the table of rounds that the kernel reads.
    """

    def __init__(self, groups: npt.NDArray[Any], block: int) -> None:
        by_group = _sorted(groups)
        lengths = np.diff(np.append(_changes(groups[by_group]), len(groups)))
        self.longest = _best_length(lengths, block)
        piece_lengths, first_rows = _pieces(lengths, self.longest)
        # The order of equal lengths is that of the groups, so that neighbours are read together.
        longest_first = np.argsort(-piece_lengths, kind="stable")
        piece_lengths, first_rows = piece_lengths[longest_first], first_rows[longest_first]
        rounds_before = np.append(0, np.cumsum(piece_lengths[::block]))
        place = np.arange(len(piece_lengths))
        # For each row, piece after piece: its piece, and which of its rows it is.
        piece = np.repeat(place, piece_lengths)
        number = np.arange(len(groups)) - np.repeat(np.cumsum(piece_lengths) - piece_lengths, piece_lengths)
        round_of_row = rounds_before[piece // block] + number
        self.starts = np.append(0, np.cumsum(np.bincount(round_of_row, minlength=int(rounds_before[-1]))))
        self.order = np.empty(len(groups), np.int64)
        self.order[self.starts[round_of_row] + piece % block] = by_group[first_rows[piece] + number]
        self.owners = np.ascontiguousarray(groups[by_group[first_rows]], np.int64)
        blocks = len(rounds_before) - 1
        self.rounds = np.concatenate([[blocks], blocks + 2 + rounds_before, self.starts]).astype(np.int64)


def _sorted(groups: npt.NDArray[Any]) -> IntArray:
    """The rows in the order of their groups, those of one group as they come."""
    if len(groups) and 0 <= groups.min() and groups.max() < 2**16:
        # Sorted digit by digit, many times faster.
        groups = groups.astype(np.uint16)
    return np.argsort(groups, kind="stable")


def _changes(groups: npt.NDArray[Any]) -> IntArray:
    """Where another group begins, the first one included."""
    return np.flatnonzero(np.append(np.ones(min(1, len(groups)), bool), groups[1:] != groups[:-1]))


def _pieces(lengths: IntArray, longest: int) -> tuple[IntArray, IntArray]:
    """Lengths and first rows of the pieces of groups with these lengths that lie one after the other."""
    count = -(-lengths // longest)
    first = np.repeat(np.cumsum(lengths) - lengths, count)
    number = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.minimum(longest, np.repeat(lengths, count) - number * longest), first + number * longest


def _best_length(lengths: IntArray, block: int) -> int:
    """The cheapest length of pieces among the powers of two."""
    best, least = 1, float("inf")
    length = 1
    while length <= LONGEST:
        whole, rest = int((lengths // length).sum()), lengths % length
        rest = -np.sort(-rest[rest > 0])
        edge = -whole % block
        rounds = -(-whole // block) * length + int(rest[edge::block].sum())
        cost = PIECE * (whole + len(rest)) + ROUND * rounds
        if cost < least:
            best, least = length, cost
        length *= 2
    return best
