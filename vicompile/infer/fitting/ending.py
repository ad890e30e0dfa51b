"""How searches end, in words, and what is to be done about it."""

from __future__ import annotations

_ENDS = {
    "ok": "the search converged",
    "noise": "the search used the most draws and its result still changes a little with them",
    "iterations": "the search ended before it converged",
    "improper": "a standard deviation grew without bound: the posterior is flat in some direction",
    "not finite": "the log density is not finite at some draws of the approximation",
    "gradients": "the search used up its gradients",
    "interrupted": "the search was interrupted",
}
_ADVICE = {
    "iterations": "scale the data, or look for parameters that the data does not identify",
    "improper": "give every parameter a proper prior",
    "not finite": "check the supports of the sites: a density must be finite wherever its support says",
    "gradients": "raise max_gradients",
    "interrupted": "run it again to let it finish",
}


def ending(status: str) -> list[str]:
    """What is to be said of a status, as parts of a sentence."""
    return [_ENDS[status], *([_ADVICE[status]] if status in _ADVICE else [])]
