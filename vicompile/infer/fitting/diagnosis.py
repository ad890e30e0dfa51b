"""Whether a fit arrived, and whether a Gaussian describes the posterior: asked of fresh draws."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ...diagnostics import Record
from .ladder import of_many

if TYPE_CHECKING:
    import numpy.typing as npt

    from .ladder import Approximation
    from .target import Target

    FloatArray = npt.NDArray[np.float64]

DRAWS = 4096


class Diagnosis(Record, eq=False):
    """What fresh draws of the approximation say.

    elbo, elbo_se: its estimate and the standard error. log_weights: log p - log q of the draws where the density is
    finite. finite: their share. gradient: the largest mean gradient in the approximation's units, as the largest of
    many counts, and how many standard errors it is.
    """

    elbo: float
    elbo_se: float
    log_weights: FloatArray
    finite: float
    gradient: float
    gradient_in_se: float


def diagnose(target: Target, approximation: Approximation, seed: int, draws: int = DRAWS) -> Diagnosis:
    """From `draws` independent draws."""
    half = np.random.default_rng(seed).normal(size=(draws // 2, approximation.noise_size))
    z = np.concatenate([half, -half])
    values, gradients = target(approximation.points(z))
    log_weights = values - approximation.log_density(z)
    finite = np.isfinite(log_weights)
    found = log_weights[finite]
    if len(found) < 2:
        return Diagnosis(-math.inf, math.nan, found, float(finite.mean()), math.inf, math.inf)
    w = approximation.scaled(gradients[finite])
    mean = w.mean(axis=0)
    error = w.std(axis=0) / math.sqrt(len(w)) + 1e-300
    worst = int(np.argmax(np.abs(mean)))
    return Diagnosis(
        float(found.mean()),
        float(found.std() / math.sqrt(len(found))),
        found,
        float(finite.mean()),
        float(abs(mean[worst])) / of_many(approximation.size),
        float(abs(mean[worst]) / error[worst]),
    )
