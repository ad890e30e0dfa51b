"""The form of a row of test data, and what the exact formulas of the rows share.

`exact` is the log density in mpmath, written from the textbook formula. `scipy` is SciPy's distribution. `extremes` are
(parameters, value, magnitude of the largest term that the formula adds up); rounding is proportional to that term.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import mpmath as mp


@dataclass(frozen=True)
class Row:
    kind: type
    settings: list[dict[str, Any]]
    points: list[Any]
    exact: Callable[..., Any]
    scipy: Callable[..., Any]
    extremes: list[tuple[dict[str, Any], Any, float]] = field(default_factory=list)
    needs_gamma: bool = False
    four_moments: bool = True
    has_scipy_entropy: bool = True
    has_scipy_moments: bool = True
    # Points where the density has no derivative.
    kinks: tuple[float, ...] = ()
    # The draw comes from one gamma draw alone, so that its derivative is that of the quantile.
    one_gamma: bool = False
    # The draw jumps in its parameters; its derivative is that of the quantile, found from the cdf.
    draw_jumps: bool = False
    # `variance` is 1 minus the mean of the cosine.
    is_circular: bool = False
    # The density integrates to 1.
    is_normalised: bool = True


LOC_SCALE = [{"loc": 0.0, "scale": 1.0}, {"loc": -1.5, "scale": 0.3}]
REALS = [-3.0, -0.7, 0.0, 0.2, 1.9, 8.0]
POSITIVES = [1e-3, 0.2, 1.0, 2.5, 9.0]


def z(x: Any, p: dict[str, Any]) -> Any:
    return (x - p["loc"]) / p["scale"]


def prob(p: dict[str, Any]) -> Any:
    return p["probs"] if "probs" in p else 1 / (1 + mp.exp(-p["logits"]))


def miss(p: dict[str, Any]) -> Any:
    return 1 - p["probs"] if "probs" in p else 1 / (1 + mp.exp(p["logits"]))


def xlog(a: Any, x: Any) -> Any:
    return mp.mpf(0) if a == 0 else (a * mp.log(x) if x > 0 else -mp.inf * mp.sign(a))


def plain(p: dict[str, Any]) -> float:
    return float(prob(p))


def cdf(x: Any) -> Any:
    """The standard normal cdf."""
    return mp.erfc(-x / mp.sqrt(2)) / 2
