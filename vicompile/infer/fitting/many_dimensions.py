"""Fits in so many dimensions that no matrix of them fits: a mode, the curvature along each axis, independent parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...compiler.memory import how_many
from .diagonal import Diagonal
from .draws import fixed_draws
from .ladder import Ladder, Rung, climb, moved_and_widened, optimum
from .lbfgs import minimise
from .mean_field import Independent
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
_FIRST = 64  # draws
_ITERATIONS, _TOLERANCE = 200, 1e-5


def most_draws(size: int) -> int:
    """How many draws of so many dimensions may be held at once."""
    return max(_FIRST, min(4096, how_many(size)))


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


def fit_diagonal(target: Target, start: Diagonal, seed: int) -> Ladder:
    """The KL-optimal Gaussian with independent components; its mean moves in the scales of the start."""

    def rung(current: Diagonal, count: int, number: int) -> Rung | None:
        problem = Independent(target, current, current.sds, fixed_draws(count, target.size, seed + number))
        return optimum(
            problem,
            lambda v: Diagonal(*problem.parts(v)),
            problem.has_grown,
            left_out=current.log_det,
            draws=count,
            most_iterations=_ITERATIONS,
            tolerance=_TOLERANCE,
        )

    return climb(target, rung, moved_and_widened, start, _FIRST, most_draws(target.size))
