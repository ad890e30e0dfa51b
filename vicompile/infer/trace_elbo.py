"""The objective of a fit, by its settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Trace_ELBO:
    """The evidence lower bound, estimated from draws of the guide (Kingma and Welling 2014, eq. 4).

    num_particles: independent draws that a step averages over, 1 by default. All of them are one call of the kernel.
    vectorize_particles, max_plate_nesting: accepted for Pyro's sake; nothing here depends on them.

    Errors: ValueError for a number of particles that is no whole number from 1.
    """

    num_particles: int = 1
    vectorize_particles: bool = True
    max_plate_nesting: float = float("inf")

    def __post_init__(self) -> None:
        check_particles(self.num_particles)


def check_particles(count: Any) -> int:
    """`count` if it can be a number of particles. ValueError otherwise."""
    if isinstance(count, bool) or not hasattr(count, "__index__") or count.__index__() < 1:
        raise ValueError(f"num_particles must be a whole number from 1, got {count!r}")
    return int(count.__index__())
