"""Compiler stage: Kernel -> readable Python text, with the site and line of every statement beside it."""

from .text import SIGNATURE, emit

__all__ = ["SIGNATURE", "emit"]
