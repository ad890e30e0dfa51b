"""Counter-based random numbers: the native fill, and the same stream in NumPy (`reference`)."""

from __future__ import annotations

from pathlib import Path

FILL_SIGNATURE = "int64(f8*, i8*, i8, i8, i8, i8, i8, i8, i8)"


def fill_source() -> str:
    """The text of the module that defines `fill_noise`, to be compiled under FILL_SIGNATURE."""
    return (Path(__file__).parent / "fill.py").read_text(encoding="utf-8")
