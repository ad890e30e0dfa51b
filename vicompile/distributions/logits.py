"""What distributions share that take a probability either as it is (`probs`) or as its log odds (`logits`)."""

from __future__ import annotations

from typing import Any

from ..ir import ops
from .base import Distribution


def probability(probs: Any, logits: Any) -> Any:
    """The probability, whichever of the two is given."""
    return probs if logits is None else ops.sigmoid(logits)


def log_odds(probs: Any, logits: Any) -> Any:
    """The log odds, whichever of the two is given."""
    return ops.log(probs) - ops.log1p(-probs) if logits is None else logits


class ProbsOrLogits(Distribution, abstract=True):
    """Base of the distributions whose arguments `probs` and `logits` exclude each other; both can be read."""

    @property
    def probs(self) -> Any:
        """The probability."""
        return probability(self.params.get("probs"), self.params.get("logits"))

    @property
    def logits(self) -> Any:
        """The log odds."""
        return log_odds(self.params.get("probs"), self.params.get("logits"))
