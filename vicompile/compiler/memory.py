"""How much is computed at once."""

from __future__ import annotations

DOUBLES = 1 << 25  # 256 MB: of arrays on NumPy
NATIVE_DOUBLES = 1 << 22  # 32 MB: of what one native call reads and writes


def how_many(doubles_each: int, most: int = DOUBLES) -> int:
    """As many as fit, at least one. most: all of them together."""
    return max(1, most // max(1, doubles_each))
