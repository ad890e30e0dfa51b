"""Numbers and tables as Markdown."""

from __future__ import annotations

from collections.abc import Sequence


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The first column to the left, the others to the right."""
    lines = [heading, ["---", *["--:"] * (len(heading) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.0f} ms" if seconds < 1.0 else f"{seconds:.1f} s"


def error(value: float) -> str:
    """Three digits after the point, fewer where they mean nothing."""
    if not value < 1e4:
        return "none" if value != value or value == float("inf") else f"{value:.0e}"
    return f"{value:.3f}" if value < 10.0 else f"{value:.0f}"


def spread(low: float, high: float) -> str:
    """The smallest and the largest ratio."""
    return f"{error(low)}-{error(high)}"
