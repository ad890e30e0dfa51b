"""Compiler stage: Kernel -> readable Python text, with the site and line of every statement beside it."""

from .draft import Draft, draft
from .text import SIGNATURE, readable

__all__ = ["SIGNATURE", "Draft", "draft", "readable"]
