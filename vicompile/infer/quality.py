"""Whether an approximation is near the posterior, by its importance weights log p - log q: the rule, and its words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..diagnostics import Record
from .psis import pareto_k

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Of Var(log p - log q). Below the first the approximation's means and standard deviations are near the posterior's;
# k-hat has false alarms there, because it judges the tail alone, however little mass is in it.
GOOD, USABLE = 0.15, 0.5
TRUSTED = 0.7
# Below, all weights are nearly equal, whatever their tail looks like.
_NOTHING = 0.02
# Weights that have no mean: the tail matters as soon as it is seen in the variance at all.
_NO_MEAN, _SEEN = 1.0, 0.1


class Quality(Record):
    """kind: "good", "usable" (by weighted draws) or "poor". variance: Var(log p - log q) over draws of q, where it is
    finite. k_hat: of the same weights.
    """

    kind: str
    variance: float
    k_hat: float

    @classmethod
    def of(cls, log_weights: NDArray[np.float64], good: float = GOOD) -> Quality:
        """That of draws. A density that is no number is none. good: the variance up to which it is good."""
        is_finite = np.isfinite(log_weights)
        if is_finite.sum() < 2:
            return cls("poor", math.inf, math.inf)
        variance = float(log_weights[is_finite].var())
        k_hat = pareto_k(np.where(is_finite, log_weights, -np.inf))
        return cls(quality_of(variance, k_hat, good), variance, k_hat)

    @property
    def numbers(self) -> str:
        """The two of them, as they are shown; k-hat only where there is some mass in the tail that it is about."""
        variance = f"Var(log w) = {self.variance:.2g}"
        return variance if self.variance < _NOTHING else f"{variance}, k-hat = {self.k_hat:.2f}"

    def in_words(self, subject: str, *, if_usable: str = "", if_poor: str = "") -> str:
        """What that means for `subject`; further words follow where it is not good."""
        match self.kind:
            case "good":
                return f"{subject} describes this posterior"
            case "usable":
                return f"{subject} is rough, and weighted draws are better{if_usable}"
        return f"{subject} does not describe this posterior{if_poor}"


def quality_of(variance: float, k_hat: float, good: float = GOOD) -> str:
    """One of "good", "usable" (by weighted draws) and "poor". good: the variance up to which it is good."""
    if variance > _SEEN and k_hat > _NO_MEAN:
        return "poor"
    return "good" if variance < good else "usable" if variance < USABLE or k_hat < TRUSTED else "poor"
