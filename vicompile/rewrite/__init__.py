"""Compiler stage: Graph -> Graph rewrites, one file each."""

from .hoist import Hoisted, hoist
from .particles import over_particles
from .simplify import simplify

__all__ = ["Hoisted", "hoist", "over_particles", "simplify"]
