"""Whether an approximation is near the posterior, by its importance weights log p - log q."""

from __future__ import annotations

# Of Var(log p - log q). Below the first the approximation's means and standard deviations are near the posterior's;
# k-hat has false alarms there, because it judges the tail alone, however little mass is in it.
GOOD, USABLE = 0.15, 0.5
TRUSTED = 0.7
# Weights that have no mean: the tail matters as soon as it is seen in the variance at all.
_NO_MEAN, _SEEN = 1.0, 0.1


def quality_of(variance: float, k_hat: float, good: float = GOOD) -> str:
    """One of "good", "usable" (by weighted draws) and "poor". good: the variance up to which it is good."""
    if variance > _SEEN and k_hat > _NO_MEAN:
        return "poor"
    return "good" if variance < good else "usable" if variance < USABLE or k_hat < TRUSTED else "poor"
