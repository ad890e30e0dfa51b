"""The loop over rows whose iterations are the lanes of vector code."""

from __future__ import annotations

from dataclasses import dataclass

from ..ir.dims import Size

# Rows in a block: a few kilobytes a buffer, so that a block of all buffers stays in the first cache.
BLOCK = 256


@dataclass(frozen=True)
class Lanes:
    """Lanes run along axis `depth`. With a `block`, `start` is the first row of the block and `count` the rows in it."""

    depth: int
    size: Size
    block: int | None

    @property
    def lane(self) -> str:
        return f"i{self.depth}"

    @property
    def start(self) -> str:
        return f"start{self.depth}"

    @property
    def count(self) -> str:
        return f"rows{self.depth}"
