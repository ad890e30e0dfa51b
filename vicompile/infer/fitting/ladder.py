"""More and more fixed draws, until they no longer matter."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ...diagnostics import Record
from .lbfgs import Objective, minimise
from .target import OutOfGradients, Target

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]

_MOST_MOVE = 2.0  # of a variable in one step, in units in which the start is standard normal


class Approximation(Protocol):
    """A distribution on the unconstrained scale, made of standard normals: `Gaussian`, `Diagonal`, `LowRank`."""

    @property
    def mean(self) -> FloatArray:
        """The mean."""

    @property
    def size(self) -> int:
        """The number of dimensions."""

    @property
    def noise_size(self) -> int:
        """How many standard normals a draw takes."""

    @property
    def sds(self) -> FloatArray:
        """The standard deviations."""

    @property
    def log_det(self) -> float:
        """Half the logarithm of the determinant of the covariance."""

    @property
    def entropy(self) -> float:
        """In nats."""

    def points(self, z: FloatArray) -> FloatArray:
        """Where standard normals (n, noise_size) come to lie."""

    def log_density(self, z: FloatArray) -> FloatArray:
        """The log density at the points of standard normals."""

    def scaled(self, gradients: FloatArray) -> FloatArray:
        """Gradients in the units of the approximation."""


class Rung(Record, eq=False):
    """The optimum for one number of draws. reason: as of a minimisation, or "grown" where a variance had no bound."""

    gaussian: Approximation
    elbo: float
    draws: int
    reason: str


def optimum(
    objective: Objective,
    place: Callable[[FloatArray], Approximation],
    has_grown: Callable[[FloatArray], bool],
    *,
    left_out: float,
    draws: int,
    most_iterations: int,
    tolerance: float,
    memory: int = 20,
) -> Rung | None:
    """The minimum of minus the ELBO for fixed draws, from zero on. None where the density is not finite at draws there.

    place: what the variables stand for. has_grown: whether one of its deviations has no bound. left_out: of the log
    determinant, what the objective leaves out.
    """
    found = minimise(
        objective,
        np.zeros(objective.size),
        memory=memory,
        most_iterations=most_iterations,
        tolerance=tolerance,
        first_step=1.0,
        most_move=_MOST_MOVE,
        watch=has_grown,
    )
    if found.reason == "not finite":
        return None
    reached = place(found.x)
    reason = "grown" if found.reason == "asked" else found.reason
    return Rung(reached, reached.entropy - found.value - reached.log_det + left_out, draws, reason)


class Ladder(Record, eq=False):
    """What the growing number of draws came to.

    status: "ok", "noise" (the most draws were reached), "iterations", "improper", "not finite", "gradients",
    "interrupted". moved, widened: how far the last number of draws has moved a mean, in standard deviations, and
    changed the logarithm of one.
    """

    gaussian: Approximation
    status: str
    draws: int
    moved: float
    widened: float


def climb(
    target: Target,
    rung: Callable[[Any, int, int], Rung | None],
    compare: Callable[[Any, Any], tuple[float, float, float]],
    start: Approximation,
    first: int,
    most: int = 4096,
) -> Ladder:
    """More and more draws, four times as many each time, until they change nothing.

    rung: start, number of draws and number of the rung -> its optimum. compare: two Gaussians -> the largest move of a
    mean, the largest change of a log standard deviation, both as they count, and their divergence.
    """
    counts = [first]
    while counts[-1] * 4 <= max(most, first * 4):
        counts.append(counts[-1] * 4)
    current, moved, widened = start, math.inf, math.inf
    last: Rung | None = None
    for number, count in enumerate(counts):
        target.tell(f"fitting to {count} draws", None if last is None else last.elbo)
        try:
            found = rung(current, count, number)
        except OutOfGradients:
            return Ladder(current, "gradients", count, moved, widened)
        except KeyboardInterrupt:
            return Ladder(current, "interrupted", count, moved, widened)
        if found is None:
            # One of the draws falls where the density is not finite.
            return Ladder(current, "not finite", count, moved, widened)
        if found.reason == "grown":
            return Ladder(found.gaussian, "improper", count, moved, widened)
        if last is not None:
            moved, widened, divergence = compare(last.gaussian, found.gaussian)
            is_close = moved < 0.02 and widened < 0.03 and divergence < 0.01 * max(1.0, current.size / 20.0)
            if is_close and found.reason == "converged":
                return Ladder(found.gaussian, "ok", count, moved, widened)
        last, current = found, found.gaussian
    assert last is not None
    return Ladder(current, "noise" if last.reason == "converged" else "iterations", last.draws, moved, widened)


def of_many(size: int) -> float:
    """How much larger the largest of so many numbers may be by chance than that of a few: the root of the logarithm."""
    return max(1.0, 0.5 * math.sqrt(2.0 * math.log(max(size, 2))))


def moved_and_widened(
    before: Approximation, after: Approximation, units: FloatArray | None = None
) -> tuple[float, float, float]:
    """How far two approximations are apart in means, in units of the standard deviations or of `units`, and in standard
    deviations, as the largest of many counts.
    """
    allowed = of_many(after.size)
    moved = float(np.max(np.abs(after.mean - before.mean) / (after.sds if units is None else units)))
    return moved / allowed, float(np.max(np.abs(np.log(after.sds / before.sds)))) / allowed, 0.0


def first_count(size: int) -> int:
    """The smallest power of two from 64 and from three times the dimensions on."""
    return 1 << max(6, math.ceil(math.log2(3 * size)))
