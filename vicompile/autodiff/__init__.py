"""Reverse-mode differentiation, Graph -> Graph."""

from .gradient import gradient
from .weighted import gradient_over

__all__ = ["gradient", "gradient_over"]
