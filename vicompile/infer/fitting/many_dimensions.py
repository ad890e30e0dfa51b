"""The start of a fit in so many dimensions that no matrix of them fits: a mode, and the curvature along each axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .diagonal import Diagonal
from .lbfgs import minimise
from .modes import finite_start
from .objectives import AtPoint

if TYPE_CHECKING:
    import numpy.typing as npt

    from .target import Target

    FloatArray = npt.NDArray[np.float64]

MOST_DENSE = 1000  # dimensions; beyond, nothing of size x size is made
_PROBES = 16
_ROUNDS = 2
_STEP = 1e-3


def find_diagonal_start(target: Target, seed: int) -> Diagonal | None:
    """Around the mode reached from the origin; None where the log density is finite nowhere near it."""
    rng = np.random.default_rng(seed)
    start = finite_start(target, rng, is_origin=True)
    if start is None:
        return None
    found = minimise(AtPoint(target), start, memory=20, most_iterations=150, tolerance=1e-4)
    sds = 1e-3 * np.maximum(1.0, np.abs(found.x))
    for _ in range(_ROUNDS):
        sds = _conditional_sds(target, found.x, sds, rng)
    return Diagonal(found.x, sds)


def _conditional_sds(target: Target, x: FloatArray, sds: FloatArray, rng: np.random.Generator) -> FloatArray:
    """One over the root of the curvature along each axis, by its product with random signs (Bekas, Kokiopoulou and Saad
    2007): 2 gradients a probe. What is not curved downwards keeps its scale.
    """
    total = np.zeros(len(x))
    used = 0
    for _ in range(_PROBES):
        signs = rng.choice([-1.0, 1.0], len(x))
        step = _STEP * sds * signs
        values, gradients = target(np.stack([x + step, x - step]))
        if np.isfinite(values).all():
            total -= signs * (gradients[0] - gradients[1]) / (2.0 * _STEP)
            used += 1
    # In units of 1 / sds.
    curvature = total / (sds * max(used, 1))
    with np.errstate(all="ignore"):
        return np.where(curvature * sds * sds > 1e-12, 1.0 / np.sqrt(curvature), sds)
