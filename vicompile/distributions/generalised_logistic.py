"""The quantile of the laws whose cdf is a power of the logistic one: Dagum and SkewLogistic."""

from __future__ import annotations

from typing import Any

from .stable import log1mexp


def logistic_quantile(log_p: Any, power: Any) -> Any:
    """z with (1 + exp(-z))**(-power) = p, given log p; right for huge and for tiny powers."""
    surprise = -log_p / power
    return -(surprise + log1mexp(surprise))
