"""Minimising by the native L-BFGS: see `svi.minimise`, which is run in pieces so that Ctrl-C and `watch` are heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import numpy as np

from ...diagnostics import Record
from ...svi.minimise import CONVERGED, NO_START, RUNNING, Minimisation
from ...svi.minimise import Objective as NativeObjective
from ...svi.progress import Pace

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]

WATCHED = 5  # iterations between two questions of `watch`


class Objective(NativeObjective, Protocol):
    """What is minimised: one of `objectives`."""

    def check(self, status: int) -> None:
        """Raise what a status of the native function means."""


class Visited(Record, eq=False):
    """One point on the way: where, the function and its gradient there, and the pairs known by then."""

    x: FloatArray
    value: float
    gradient: FloatArray
    pairs: tuple[FloatArray, FloatArray]

    def factor(self) -> FloatArray | None:
        """The lower Cholesky factor of the inverse Hessian of the pairs; None without pairs, or where it has none.

        In the compact form of Byrd, Nocedal and Schnabel (1994).
        """
        s, y = self.pairs
        if not len(s):
            return None
        product = s @ y.T
        upper, scale = np.triu(product), product[-1, -1] / (y[-1] @ y[-1])
        # H = scale (1 - V' Y - Y' V) + V' (D + scale Y Y') V with V the solution of upper V = S.
        v = np.linalg.solve(upper, s)
        cross = v.T @ y
        inner = np.diag(np.diagonal(upper)) + scale * (y @ y.T)
        inverse = scale * (np.eye(s.shape[1]) - cross - cross.T) + v.T @ inner @ v
        try:
            found: FloatArray = np.linalg.cholesky(inverse)
        except np.linalg.LinAlgError:
            return None
        return found


class Path:
    """The points that a minimisation has visited, for one that keeps them."""

    def __init__(self, state: Minimisation) -> None:
        self._state = state

    def __len__(self) -> int:
        return self._state.iterations + 1

    def __getitem__(self, number: int) -> Visited:
        x, value, gradient, count = self._state.visited(number)
        return Visited(x, value, gradient, self._pairs(number, count))

    def _pairs(self, number: int, count: int) -> tuple[FloatArray, FloatArray]:
        """The last `count` pairs of steps and changes of the gradient that tell of a positive curvature."""
        steps: list[FloatArray] = []
        changes: list[FloatArray] = []
        x, _, g, _ = self._state.visited(number)
        while number > 0 and len(steps) < count:
            number -= 1
            before, _, g_before, _ = self._state.visited(number)
            s, y = x - before, g - g_before
            if s @ y > 1e-12 * np.sqrt((s @ s) * (y @ y)):
                steps.append(s)
                changes.append(y)
            x, g = before, g_before
        shape = len(steps), len(x)
        return np.reshape(steps[::-1], shape), np.reshape(changes[::-1], shape)


class Minimum(Record, eq=False):
    """Where a minimisation ended. reason: "converged", "iterations", "line search", "asked" (by `watch`), or "not
    finite" at the point that it starts from.
    """

    x: FloatArray
    value: float
    gradient: FloatArray
    iterations: int
    reason: str
    path: Path


def minimise(
    objective: Objective,
    x: FloatArray,
    *,
    memory: int,
    most_iterations: int,
    tolerance: float,
    first_step: float | None = None,
    most_move: float = np.inf,
    keeps_path: bool = False,
    watch: Callable[[FloatArray], bool] | None = None,
) -> Minimum:
    """Minimise from `x` on.

    tolerance: it has converged where gradient' H gradient is below it twice, H the inverse Hessian of the pairs.
    first_step: times the gradient; None for a step of length 1 or less. most_move: what a variable may change in one
    step. keeps_path: whether the minimum tells the points visited. watch: asked with x every WATCHED iterations; True
    ends it.
    """
    state = Minimisation(
        objective, x, memory=memory, tolerance=tolerance, first_step=first_step or 0.0, most_move=most_move,
        most_iterations=most_iterations, keeps_path=keeps_path,
    )  # fmt: skip
    reason, pace = "iterations", Pace()
    while state.iterations < most_iterations:
        done = max(state.iterations, 0)
        next_look = most_iterations if watch is None else min(done - done % WATCHED + WATCHED, most_iterations)
        objective.check(state.advance(done + pace.next_steps(next_look - done)))
        pace.measure()
        if state.reason != RUNNING:
            reason = {CONVERGED: "converged", NO_START: "not finite"}.get(state.reason, "line search")
            break
        if watch is not None and state.iterations % WATCHED == 0 and watch(state.here[0]):
            reason = "asked"
            break
    return Minimum(*state.here, state.iterations, reason, Path(state))
