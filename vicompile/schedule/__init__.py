"""Compiler stage: Graph -> Kernel. Which loops, fused how, blocked how, with which workspace."""

from .generate import schedule
from .precision import DTYPES, Precision

__all__ = ["DTYPES", "Precision", "schedule"]
