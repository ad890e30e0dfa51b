"""The loop over rows whose iterations are the lanes of vector code."""

from __future__ import annotations

from ..diagnostics import Record
from ..ir.dims import Size
from .groups import Groups

# Rows in a block: a few kilobytes a buffer, so that a block of all buffers stays in the first cache.
BLOCK = 256


class Lanes(Record):
    """Lanes run along axis `depth`, in blocks of `block` rows if the body has loops of its own.

    groups: the rows of a block belong to that many pieces of groups (see `near`). around: what is written is not for
    the rows, but for the pieces, around the loop over their rows.
    """

    depth: int
    size: Size
    block: int | None
    groups: Groups | None = None
    around: bool = False

    @property
    def lane(self) -> str:
        """The variable of the innermost loop."""
        return f"i{self.depth}"

    @property
    def start(self) -> str:
        """The variable that holds the first row of the block."""
        return f"start{self.depth}"

    @property
    def count(self) -> str:
        """The variable that holds the number of rows in the block."""
        return f"rows{self.depth}"

    @property
    def group(self) -> str:
        """The variable that counts the blocks of pieces."""
        return f"group{self.depth}"

    @property
    def first(self) -> str:
        """The variable that holds the place of a block's first round in the table of rounds."""
        return f"first{self.depth}"

    @property
    def pieces(self) -> str:
        """The variable that holds the number of pieces in the block."""
        return f"pieces{self.depth}"

    @property
    def round(self) -> str:
        """The variable that counts the rounds of a block of pieces."""
        return f"round{self.depth}"
