"""Compiler stage: Graph -> Kernel. Which loops, fused how, blocked how, with which workspace."""

from .generate import schedule

__all__ = ["schedule"]
