"""Seeds as users give them."""

from __future__ import annotations

from typing import Any

from ..diagnostics.arguments import as_whole, shown
from ..svi.state import SEED_LIMIT


def check_seed(seed: Any) -> int:
    """`seed` as an int from 0 below 2**64. TypeError for what is no whole number, ValueError out of range."""
    number = as_whole(seed)
    if number is None:
        # A key of JAX is two numbers, or an array without axes of a type of its own.
        hint = "; in place of a key give a number, such as 0" if getattr(seed, "shape", None) in ((2,), ()) else ""
        raise TypeError(f"the seed must be a whole number, got {shown(seed)}{hint}")
    if not 0 <= number < SEED_LIMIT:
        raise ValueError(f"the seed must lie between 0 and 2**64 - 1, got {number}")
    return number
