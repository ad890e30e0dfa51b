"""The known name nearest to a misspelt one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The most similar of `known`, or None if none comes close.

    name: what was written.
    known: what could have been meant; names differing only in case come first.
    """
    candidates = sorted(set(known) - {name})
    for candidate in candidates:
        if candidate.lower() == name.lower():
            return candidate
    close = difflib.get_close_matches(name, candidates, n=1, cutoff=0.6)
    return close[0] if close else None
