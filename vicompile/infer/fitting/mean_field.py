"""The best Gaussian with independent components for a fixed set of draws.

As `full_rank`, with one difference: the mean moves in the coordinates of a Gaussian of full rank, so that strong
correlations of the posterior, which a mean-field Gaussian leaves out, do not slow the search for its mean.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from .draws import fixed_draws
from .gaussian import Gaussian
from .ladder import Ladder, Rung, climb, moved_and_widened, optimum
from .objectives import GaussianObjective

if TYPE_CHECKING:
    import numpy.typing as npt

    from .diagonal import Diagonal
    from .target import Target

    FloatArray = npt.NDArray[np.float64]

_ROOT2 = math.sqrt(2.0)
_FIRST = 64
_ITERATIONS, _TOLERANCE = 100, 1e-6
_GROWN = 1e4


class Independent(GaussianObjective):
    """Minus the ELBO, up to the start's entropy, by (a, tau): the points m + L a + s exp(tau / sqrt(2)) z.

    coordinates: the Gaussian m, L; L may be a diagonal. sds: s.
    """

    def __init__(self, target: Target, coordinates: Gaussian | Diagonal, sds: FloatArray, z: FloatArray) -> None:
        super().__init__(target, coordinates, sds, z)
        self._coordinates, self._sds = coordinates, sds

    def parts(self, v: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Means and standard deviations."""
        d = self._coordinates.size
        return self._coordinates.points(v[:d]), self._sds * np.exp(v[d:] / _ROOT2)

    def gaussian(self, v: FloatArray) -> Gaussian:
        """What the variables stand for."""
        mean, sds = self.parts(v)
        return Gaussian(mean, np.diag(sds))

    def has_grown(self, v: FloatArray) -> bool:
        """Whether a standard deviation has grown without bound."""
        return bool(np.any(v[self._coordinates.size :] > _ROOT2 * math.log(_GROWN)))


def conditional_sds(coordinates: Gaussian) -> FloatArray:
    """The standard deviation of each component given the others: what a mean-field Gaussian has at the optimum."""
    inverse = np.linalg.inv(coordinates.factor)
    found: FloatArray = 1.0 / np.sqrt(np.einsum("ij,ij->j", inverse, inverse))
    return found


def fit_mean_field(target: Target, coordinates: Gaussian, seed: int, most: int = 4096) -> Ladder:
    """The KL-optimal Gaussian with independent components. coordinates: a Gaussian of full rank to start from."""

    def rung(current: Gaussian, count: int, number: int) -> Rung | None:
        is_first = current is coordinates
        sds = conditional_sds(coordinates) if is_first else current.sds
        problem = Independent(
            target, Gaussian(current.mean, coordinates.factor), sds, fixed_draws(count, target.size, seed + number)
        )

        return optimum(
            problem,
            problem.gaussian,
            problem.has_grown,
            left_out=float(np.log(sds).sum()),
            draws=count,
            most_iterations=_ITERATIONS,
            tolerance=_TOLERANCE,
        )

    def compare(before: Gaussian, after: Gaussian) -> tuple[float, float, float]:
        return moved_and_widened(before, after, np.maximum(coordinates.sds, after.sds))

    return climb(target, rung, compare, coordinates, _FIRST, most)
