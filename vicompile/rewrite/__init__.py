"""Compiler stage: Graph -> Graph rewrites, one file each."""

from .elements import take_elements
from .hoist import Hoisted, hoist
from .particles import over_particles
from .simplify import simplify
from .sums import keep_sums
from .tally import Tally, tally

__all__ = [
    "Hoisted",
    "Tally",
    "hoist",
    "keep_sums",
    "over_particles",
    "simplify",
    "take_elements",
    "tally",
]
