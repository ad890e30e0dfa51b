"""The KL-optimal Gaussian of a problem by other means than `fit`'s: what perfect optimisation gives.

The ELBO over tens of thousands of fixed pseudo-random draws, in pairs z, -z with the exact covariance of a standard
normal, is maximised by SciPy's L-BFGS-B from a fit. Fresh draws then tell how far it is from the optimum: by Stein's
identity E[w] = 0 and E[w z'] = -I there, w the gradients in the coordinates in which the Gaussian is standard normal,
and one step of Newton's method says where they would be.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from benchmarks.accuracy.problem import FloatArray, Problem

_MOST_DRAWS, _FEWEST_DRAWS = 1 << 16, 1 << 13
_SECONDS = 0.6  # that one evaluation may take


@dataclass
class Gaussian:
    """mean + factor @ z."""

    mean: FloatArray
    factor: FloatArray

    @property
    def sds(self) -> FloatArray:
        return np.sqrt((self.factor**2).sum(axis=1))

    def points(self, z: FloatArray) -> FloatArray:
        return z @ self.factor.T + self.mean


@dataclass
class Optimum:
    """move, widening: what one Newton step by fresh draws would change, in standard deviations and as a log ratio."""

    gaussian: Gaussian
    elbo: float
    move: float
    widening: float
    draws: int


def pairs(count: int, size: int, seed: int) -> FloatArray:
    """Pseudo-random standard normals in pairs z, -z whose covariance is exactly the identity."""
    half = np.random.default_rng(seed).normal(size=(count // 2, size))
    half = np.linalg.solve(np.linalg.cholesky(half.T @ half / len(half)), half.T).T
    return np.concatenate([half, -half])


def find_optimum(problem: Problem, family: str, fitted: Gaussian, coordinates: Gaussian) -> Optimum:
    """fitted: where to begin. coordinates: a Gaussian of full rank near the posterior, in which the mean is moved."""
    count = _affordable(problem, fitted)
    z = pairs(count, problem.size, seed=12345)
    solve = _full_rank if family == "fullrank" else _mean_field
    gaussian = fitted
    for _ in range(2):
        gaussian = solve(problem, gaussian, coordinates, z)
    move, widening = newton_step(problem, family, gaussian, coordinates, count, seed=54321)
    return Optimum(gaussian, elbo(problem, gaussian, z), move, widening, count)


def _affordable(problem: Problem, gaussian: Gaussian) -> int:
    points = gaussian.points(pairs(1 << 11, problem.size, 0))
    begun = time.perf_counter()
    problem.density(points)
    each = (time.perf_counter() - begun) / len(points)
    return min(_MOST_DRAWS, max(_FEWEST_DRAWS, 1 << int(math.log2(_SECONDS / each))))


def elbo(problem: Problem, gaussian: Gaussian, z: FloatArray) -> float:
    values, _ = problem.density(gaussian.points(z))
    log_det = float(np.log(np.abs(np.diagonal(gaussian.factor))).sum())
    return float(values.mean()) + log_det + problem.size * 0.5 * (1.0 + math.log(2.0 * math.pi))


def _full_rank(problem: Problem, start: Gaussian, coordinates: Gaussian, z: FloatArray) -> Gaussian:
    """Whitened by the start: x = m + L (a + T z), T lower triangular with the diagonal exp(t)."""
    d = problem.size
    below = np.tril_indices(d, -1)

    def unpack(v: FloatArray) -> tuple[FloatArray, FloatArray]:
        triangle = np.diag(np.exp(v[d : 2 * d]))
        triangle[below] = v[2 * d :]
        return v[:d], triangle

    def loss(v: FloatArray) -> tuple[float, FloatArray]:
        a, triangle = unpack(v)
        values, gradients = problem.density((a + z @ triangle.T) @ start.factor.T + start.mean)
        w = gradients @ start.factor
        products = w.T @ z / len(z)
        gradient = np.concatenate([w.mean(axis=0), np.diagonal(products) * np.exp(v[d : 2 * d]) + 1.0, products[below]])
        return -float(values.mean()) - float(v[d : 2 * d].sum()), -gradient

    a, triangle = unpack(_minimised(loss, 2 * d + len(below[0])))
    return Gaussian(start.mean + start.factor @ a, start.factor @ triangle)


def _mean_field(problem: Problem, start: Gaussian, coordinates: Gaussian, z: FloatArray) -> Gaussian:
    d = problem.size

    def loss(v: FloatArray) -> tuple[float, FloatArray]:
        sds = start.sds * np.exp(v[d:])
        values, gradients = problem.density(start.mean + coordinates.factor @ v[:d] + sds * z)
        gradient = np.concatenate(
            [coordinates.factor.T @ gradients.mean(axis=0), sds * (gradients * z).mean(axis=0) + 1.0]
        )
        return -float(values.mean()) - float(v[d:].sum()), -gradient

    v = _minimised(loss, 2 * d)
    return Gaussian(start.mean + coordinates.factor @ v[:d], np.diag(start.sds * np.exp(v[d:])))


def _minimised(loss, size: int) -> FloatArray:
    def finite(v):
        value, gradient = loss(v)
        fine = math.isfinite(value) and np.all(np.isfinite(gradient))
        return (value, gradient) if fine else (1e300, np.zeros(size))

    options = {"maxiter": 60, "maxcor": 30, "ftol": 1e-14, "gtol": 3e-4}
    return minimize(finite, np.zeros(size), jac=True, method="L-BFGS-B", options=options).x


def newton_step(
    problem: Problem, family: str, gaussian: Gaussian, coordinates: Gaussian, count: int, seed: int
) -> tuple[float, float]:
    """The largest move of a mean, in standard deviations of `coordinates`, and the largest change of a log sd."""
    z = pairs(count, problem.size, seed)
    values, gradients = problem.density(gaussian.points(z))
    fine = np.isfinite(values) & np.isfinite(gradients).all(axis=1)
    w = gradients[fine] @ gaussian.factor
    products = w.T @ z[fine] / fine.sum()
    curvature = -0.5 * (products + products.T)
    values, vectors = np.linalg.eigh(curvature)
    values = np.clip(values, 1e-3, None)
    move = gaussian.factor @ (vectors @ (vectors.T @ w.mean(axis=0) / values))
    if family == "fullrank":
        wider = gaussian.factor @ (vectors / np.sqrt(values))
        ratios = np.sqrt((wider**2).sum(axis=1)) / gaussian.sds
    else:
        ratios = 1.0 / np.sqrt(np.clip(np.diagonal(curvature), 1e-3, None))
    return float(np.max(np.abs(move) / coordinates.sds)), float(np.max(np.abs(np.log(ratios))))
