"""Reverse-mode differentiation, Graph -> Graph."""

from .gradient import gradient

__all__ = ["gradient"]
