"""The best Gaussian whose covariance is a diagonal and a few directions: in coordinates s, s (D D + W W') s.

Ong, Nott and Smith (2018), with fixed draws in place of stochastic gradients. The directions start from a factor
analysis of the covariance at the start, or where that is too large to be had from small random numbers.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from .diagonal import Diagonal
from .draws import fixed_draws
from .gaussian import HALF_LOG_2PI, AnyGaussian, Gaussian
from .ladder import Ladder, Rung, climb, first_count, moved_and_widened, optimum
from .objectives import NumpyObjective

if TYPE_CHECKING:
    import numpy.typing as npt

    from .target import Target

    FloatArray = npt.NDArray[np.float64]

_ROOT2 = math.sqrt(2.0)
# In nats: the directions can be turned and traded for what is independent, which flattens the last of the way.
_ITERATIONS, _TOLERANCE = 200, 1e-3
_GROWN = 1e4  # of a standard deviation: there is nothing that holds it
_ROUNDS = 20
_LEAST = 0.01  # of the variance, that no direction explains at the start


class LowRank(AnyGaussian, eq=False):
    """The distribution of mean + scale * (diagonal * z1 + directions @ z2), (z1, z2) standard normal.

    scale: the unit of each coordinate. diagonal: what is independent in it. directions: (size, rank).
    """

    scale: FloatArray
    diagonal: FloatArray
    directions: FloatArray

    @property
    def noise_size(self) -> int:
        """How many standard normals a draw takes."""
        size, rank = self.directions.shape
        return int(size + rank)

    @property
    def sds(self) -> FloatArray:
        """The standard deviations."""
        squares = self.diagonal**2 + np.einsum("ij,ij->i", self.directions, self.directions)
        found: FloatArray = self.scale * np.sqrt(squares)
        return found

    @property
    def _inner(self) -> FloatArray:
        """Of the matrix determinant lemma and Woodbury's identity: 1 + W' D^-2 W."""
        scaled = self.directions / self.diagonal[:, None]
        return np.asarray(np.eye(scaled.shape[1]) + scaled.T @ scaled)

    @property
    def log_det(self) -> float:
        """Half the logarithm of the determinant of the covariance."""
        inner = float(np.linalg.slogdet(self._inner)[1])
        return float(np.log(self.scale).sum() + np.log(self.diagonal).sum()) + 0.5 * inner

    def points(self, z: FloatArray) -> FloatArray:
        """Where standard normals (n, noise_size) come to lie."""
        found: FloatArray = self.mean + self.scale * self._inside(z)
        return found

    def log_density(self, z: FloatArray) -> FloatArray:
        """The log density at the points of standard normals z (n, noise_size)."""
        inside = self._inside(z) / self.diagonal
        along = inside @ (self.directions / self.diagonal[:, None])
        squares = np.einsum("ij,ij->i", inside, inside)
        squares = squares - np.einsum("ij,ij->i", along, np.linalg.solve(self._inner, along.T).T)
        found: FloatArray = -0.5 * squares - self.size * HALF_LOG_2PI - self.log_det
        return found

    def scaled(self, gradients: FloatArray) -> FloatArray:
        """Gradients in units of the standard deviations."""
        return gradients * self.sds

    def _inside(self, z: FloatArray) -> FloatArray:
        own, shared = z[:, : self.size], z[:, self.size :]
        found: FloatArray = own * self.diagonal + shared @ self.directions.T
        return found


class LowRankObjective:
    """Minus the ELBO for fixed draws, by (a, tau, V): the mean moves by scale * R a, W by R V, D = exp(tau / sqrt(2)).

    root: R, a factor of the correlations at the start, so that these do not slow the search; None for the identity.
    """

    def __init__(self, target: Target, start: LowRank, root: FloatArray | None, z: FloatArray) -> None:
        self._target, self._start, self._root, self._z = target, start, root, z
        self._d, self._rank = start.directions.shape
        self.size = self._d * (2 + self._rank)

    def approximation(self, v: FloatArray) -> LowRank:
        """What the variables stand for."""
        d, start = self._d, self._start
        moves = np.column_stack([v[:d], v[2 * d :].reshape(d, self._rank)])
        if self._root is not None:
            moves = self._root @ moves
        return LowRank(
            start.mean + start.scale * moves[:, 0],
            start.scale,
            start.diagonal * np.exp(v[d : 2 * d] / _ROOT2),
            start.directions + moves[:, 1:],
        )

    def __call__(self, v: FloatArray) -> tuple[float, FloatArray]:
        """Value and gradient; infinite where the density is not finite at one of the points."""
        d, z = self._d, self._z
        q = self.approximation(v)
        values, gradients = self._target(q.points(z))
        value = -(float(values.mean()) + q.log_det)
        if not math.isfinite(value):
            return math.inf, v
        slopes = gradients * q.scale
        solved = np.linalg.solve(q._inner, (q.directions / q.diagonal[:, None] ** 2).T).T
        by_moves = np.column_stack([slopes.mean(axis=0), slopes.T @ z[:, d:] / len(z) + solved])
        if self._root is not None:
            by_moves = self._root.T @ by_moves
        own = q.diagonal * np.einsum("ij,ij->j", slopes, z[:, :d]) / len(z)
        by_tau = (own + 1.0 - np.einsum("ij,ij->i", solved, q.directions)) / _ROOT2
        return value, -np.concatenate([by_moves[:, 0], by_tau, by_moves[:, 1:].ravel()])


def default_rank(size: int) -> int:
    """As in Pyro: the root of the dimensions, rounded."""
    return max(1, round(math.sqrt(size)))


def factor_analysis(covariance: FloatArray, rank: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """scale, D and W of the covariance: principal factors of the correlations, whose communalities are iterated."""
    scale = np.sqrt(np.diagonal(covariance))
    correlation = covariance / scale[:, None] / scale
    own = np.full(len(scale), 0.5)
    directions = np.zeros((len(scale), rank))
    for _ in range(_ROUNDS):
        values, vectors = np.linalg.eigh(correlation - np.diag(own))
        directions = vectors[:, -rank:] * np.sqrt(np.maximum(values[-rank:], 0.0))
        own = np.clip(1.0 - np.einsum("ij,ij->i", directions, directions), _LEAST, 1.0)
    return scale, np.sqrt(own), directions


def low_rank_start(start: Gaussian | Diagonal, rank: int, seed: int) -> LowRank:
    """The factor analysis of a Gaussian; of a diagonal one with small random directions, so that none is a saddle."""
    if isinstance(start, Gaussian):
        return LowRank(start.mean, *factor_analysis(start.factor @ start.factor.T, rank))
    directions = 0.1 * np.random.default_rng(seed).normal(size=(start.size, rank)) / math.sqrt(rank)
    return LowRank(start.mean, start.sds, np.ones(start.size), directions)


def fit_low_rank(target: Target, around: Gaussian | Diagonal, rank: int, seed: int, most: int) -> Ladder:
    """The KL-optimal Gaussian of this rank. around: where to start from."""
    start = low_rank_start(around, rank, seed)
    root = around.factor / start.scale[:, None] if isinstance(around, Gaussian) else None

    def rung(current: LowRank, count: int, number: int) -> Rung | None:
        objective = LowRankObjective(target, current, root, fixed_draws(count, current.noise_size, seed + number))
        return optimum(
            NumpyObjective(objective, objective.size),
            objective.approximation,
            lambda v: bool(np.any(objective.approximation(v).sds > _GROWN * start.sds)),
            left_out=0.0,
            draws=count,
            most_iterations=_ITERATIONS,
            tolerance=_TOLERANCE,
        )

    # With fewer draws than twice the numbers in one, the directions would fit the chance correlations of the draws.
    return climb(target, rung, moved_and_widened, start, min(first_count(start.noise_size), most), most)
