"""From Gaussians to errors, hits and misses.

Errors against the reference are those of the parameters as the Stan program declares them, from draws of the Gaussian;
`unconstrained` ones are those of the Gaussian itself. Those against the optimum are on the unconstrained scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.accuracy.optimum import Gaussian, Optimum, pairs
from benchmarks.accuracy.problem import Moments, Problem

MEAN, SD = 0.1, 0.1  # against the reference
AT_MEAN, AT_SD = 0.05, 0.1  # against the optimum
NOISE = 0.03  # of the references, in their own standard deviations
_DRAWS = 1 << 15


@dataclass
class Score:
    """mean: the largest error of a mean, in standard deviations of the reference. low, high: ratios of standard
    deviations. at_mean, at_sd: distance to the optimum, in its (for mean field: in the full-rank optimum's) standard
    deviations, and as |ratio - 1|. response: low and high by linear response.
    """

    mean: float
    low: float
    high: float
    free_mean: float
    free_low: float
    free_high: float
    at_mean: float
    at_sd: float
    response_low: float | None = None
    response_high: float | None = None

    @property
    def is_at_optimum(self) -> bool:
        return self.at_mean < AT_MEAN and self.at_sd < AT_SD

    def spread(self) -> tuple[float, float]:
        """The ratios that count: by linear response where there are some."""
        return (self.low, self.high) if self.response_low is None else (self.response_low, self.response_high)

    def is_hit(self, noise: float = 0.0) -> bool:
        """At the optimum, and this near the posterior."""
        low, high = self.spread()
        near = self.mean < MEAN + noise and low > 1.0 - SD - noise and high < 1.0 + SD + noise
        return self.is_at_optimum and near


def score(problem: Problem, run: dict[str, Any], optimum: Optimum, full_rank: Optimum) -> Score:
    gaussian = Gaussian(np.array(run["mean"]), np.array(run["factor"]))
    mean, low, high = against(problem.reference, moments(problem, gaussian))
    free = against(problem.unconstrained, Moments(gaussian.mean, gaussian.sds))
    best = optimum.gaussian
    with np.errstate(all="ignore"):
        at_mean = float(np.max(np.abs(gaussian.mean - best.mean) / full_rank.gaussian.sds))
        at_sd = float(np.max(np.abs(gaussian.sds / best.sds - 1.0)))
    found = Score(mean, low, high, *free, at_mean, at_sd)
    if run.get("response") is not None:
        wider = Gaussian(gaussian.mean, np.linalg.cholesky(np.array(run["response"])))
        _, found.response_low, found.response_high = against(problem.reference, moments(problem, wider))
    return found


def moments(problem: Problem, gaussian: Gaussian) -> Moments:
    with np.errstate(all="ignore"):
        return Moments.of(problem.parameters(gaussian.points(pairs(_DRAWS, problem.size, seed=7))))


def against(reference: Moments, found: Moments) -> tuple[float, float, float]:
    """The largest error of a mean, the smallest and the largest ratio of deviations; infinite if not finite."""
    with np.errstate(all="ignore"):
        errors = np.abs(found.means - reference.means) / reference.sds
        ratios = found.sds / reference.sds
    if not (np.all(np.isfinite(errors)) and np.all(np.isfinite(ratios))):
        return np.inf, 0.0, np.inf
    return float(errors.max()), float(ratios.min()), float(ratios.max())
