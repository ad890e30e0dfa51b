"""The best Gaussian with any covariance for a fixed set of draws: sample average approximation in whitened coordinates.

Draws z are fixed, and the ELBO becomes a function that L-BFGS can maximise (Giordano, Ingram and Broderick 2024). In
coordinates in which the start is standard normal its Hessian is about the identity, so that few iterations are needed
whatever the scales and correlations of the posterior are. The number of draws grows until the result no longer depends
on it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from .draws import fixed_draws
from .gaussian import Gaussian
from .ladder import Ladder, Rung, climb, first_count, optimum
from .objectives import GaussianObjective

if TYPE_CHECKING:
    import numpy.typing as npt

    from .target import Target

    FloatArray = npt.NDArray[np.float64]

_ROOT2 = math.sqrt(2.0)
_WARM_STEPS, _TRIALS = 3, 12
_ITERATIONS, _TOLERANCE = 60, 1e-5
_GROWN = 1e4  # of a standard deviation: there is nothing that holds it


def fit_rung(target: Target, start: Gaussian, count: int, seed: int, warm_steps: int = 0) -> Rung | None:
    """The optimum for `count` draws, from `start` on. None where the density is not finite at draws of the start."""
    z = fixed_draws(count, start.size, seed)
    for _ in range(warm_steps):
        warmed = _warm_step(target, start, z)
        if warmed is None:
            break
        start = warmed
    problem = Whitened(target, start, z)
    return optimum(
        problem,
        problem.gaussian,
        problem.has_grown,
        left_out=start.log_det,
        draws=count,
        most_iterations=_ITERATIONS,
        tolerance=_TOLERANCE,
        memory=40 if start.size >= 60 else 20,
    )


class Whitened(GaussianObjective):
    """Minus the ELBO, up to the start's entropy, by (a, tau, T below its diagonal) for the points m + L (a + T z).

    T[i, i] = exp(tau[i] / sqrt(2)): the Hessian is then the identity where the target is the start.
    """

    def __init__(self, target: Target, start: Gaussian, z: FloatArray) -> None:
        super().__init__(target, start, None, z)
        self._start = start

    def gaussian(self, v: FloatArray) -> Gaussian:
        """What the variables stand for."""
        start, d = self._start, self._start.size
        triangle = np.diag(np.exp(v[d : 2 * d] / _ROOT2))
        triangle[np.tril_indices(d, -1)] = v[2 * d :]
        return Gaussian(start.mean + start.factor @ v[:d], start.factor @ triangle)

    def has_grown(self, v: FloatArray) -> bool:
        """Whether a standard deviation has grown without bound."""
        return bool(np.any(self.gaussian(v).sds > _GROWN * self._start.sds))


def _warm_step(target: Target, q: Gaussian, z: FloatArray) -> Gaussian | None:
    """One step towards the point at which the mean gradient is zero and the mean curvature the inverse covariance.

    By Stein's identity -E[w z'] is the curvature in whitened coordinates, w the gradients there. None where no step
    raises the ELBO.
    """
    d = q.size
    values, gradients = target(q.points(z))
    here = float(values.mean()) + q.log_det
    w = gradients @ q.factor
    b = w.mean(axis=0)
    products = w.T @ z / len(z)
    curvatures, vectors = np.linalg.eigh(-0.5 * (products + products.T))
    curvatures = np.clip(curvatures, 1.0 / 16.0, 64.0)
    rho = 1.0
    for _ in range(_TRIALS):
        mixed = 1.0 - rho + rho * curvatures
        move = vectors @ (rho / mixed * (vectors.T @ b))
        most = 3.0 * math.sqrt(d) + 3.0
        move *= min(1.0, most / max(float(np.linalg.norm(move)), 1e-300))
        factor = q.factor @ np.linalg.cholesky((vectors / mixed) @ vectors.T)
        moved = Gaussian(q.mean + q.factor @ move, factor)
        there = float(target(moved.points(z))[0].mean()) + moved.log_det
        if there > here:
            return moved
        rho *= 0.4
    return None


def compared(before: Gaussian, after: Gaussian) -> tuple[float, float, float]:
    """How far two Gaussians of full rank are apart."""
    moved = float(np.max(np.abs(after.mean - before.mean) / after.sds))
    return moved, float(np.max(np.abs(np.log(after.sds / before.sds)))), after.divergence(before)


def fit_full_rank(target: Target, start: Gaussian, seed: int, most: int = 4096) -> Ladder:
    """The KL-optimal Gaussian, from `start` on."""

    def rung(current: Gaussian, count: int, number: int) -> Rung | None:
        return fit_rung(target, current, count, seed + number, _WARM_STEPS if number == 0 else 0)

    return climb(target, rung, compared, start, first_count(start.size), most)
