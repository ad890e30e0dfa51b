"""The loop over rows whose iterations are the lanes of vector code."""

from __future__ import annotations

from ..diagnostics import Record
from ..ir.dims import Size

# Rows in a block: a few kilobytes a buffer, so that a block of all buffers stays in the first cache.
BLOCK = 256


class Lanes(Record):
    """Lanes run along axis `depth`, in blocks of `block` rows if the body has loops of its own."""

    depth: int
    size: Size
    block: int | None

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
