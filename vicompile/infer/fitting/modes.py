"""Where a fit starts: maxima of the log density from several points, and Gaussians around them or on the way there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...diagnostics import Record
from .curvature import Whitening, whitening
from .gaussian import Gaussian
from .lbfgs import Minimum, Path, Visited, minimise
from .objectives import AtPoint

if TYPE_CHECKING:
    import numpy.typing as npt

    from .target import Target

    FloatArray = npt.NDArray[np.float64]

STARTS = 4
_RADIUS = 2.0
_ATTEMPTS = 20
_MEMORY, _ITERATIONS, _TOLERANCE = 20, 150, 1e-4
_POLISHING, _POLISHED = 6, 0.05
_SAME = 0.3  # standard deviations between two ends of maximisations that are one
_PATH_POINTS, _PATH_NUMBERS, _PATH_DRAWS = 40, 4000, 8  # on a path; these times the dimensions; draws for each


class Mode(Record, eq=False):
    """Where one maximisation ended, and the curvature there; whitening: None where it could not be had."""

    x: FloatArray
    value: float
    is_converged: bool
    whitening: Whitening | None
    path: Path

    @property
    def is_maximum(self) -> bool:
        """Whether the density falls off in all directions."""
        return self.is_converged and self.whitening is not None and self.whitening.negative == 0

    @property
    def laplace(self) -> Gaussian | None:
        """The Gaussian with the curvature of the density there."""
        return None if self.whitening is None else Gaussian(self.x, self.whitening.factor)


def find_modes(target: Target, rng: np.random.Generator, starts: int = STARTS) -> list[Mode]:
    """A mode from the origin and from points around it; an empty list where the density is nowhere finite."""
    found: list[Mode] = []
    for number in range(starts):
        x = finite_start(target, rng, is_origin=number == 0)
        if x is not None:
            found.append(_mode(target, x, found))
    return found


def finite_start(target: Target, rng: np.random.Generator, *, is_origin: bool) -> FloatArray | None:
    """A point where the log density is finite, the origin if it can be; None where none is found."""
    radius = _RADIUS
    for attempt in range(_ATTEMPTS):
        x = np.zeros(target.size) if is_origin and attempt == 0 else rng.uniform(-radius, radius, target.size)
        if np.isfinite(target.at(x)[0]):
            return x
        if attempt or not is_origin:
            radius *= 0.7
    return None


def _mode(target: Target, start: FloatArray, known: list[Mode]) -> Mode:
    found = minimise(
        AtPoint(target), start, memory=_MEMORY, most_iterations=_ITERATIONS, tolerance=_TOLERANCE, keeps_path=True
    )
    for mode in known:
        # The curvature of one that was found before is not asked again: it is most of the work.
        if mode.laplace is not None and mode.is_maximum and _is_at(found.x, mode.laplace):
            return mode.replaced(path=found.path)
    white = whitening(target, found.x)
    x, value, is_converged = found.x, -found.value, found.reason == "converged"
    if white is not None and white.negative == 0:
        x, value, is_converged, white = _polished(target, found, white)
    return Mode(x, value, is_converged, white, found.path)


def _is_at(x: FloatArray, gaussian: Gaussian) -> bool:
    """Whether a maximisation that ended at x ended at the mean of the Gaussian around a maximum."""
    return bool(np.linalg.norm(np.linalg.solve(gaussian.factor, x - gaussian.mean)) < _SAME)


def _polished(target: Target, found: Minimum, white: Whitening) -> tuple[FloatArray, float, bool, Whitening | None]:
    """Newton's steps to the maximum itself; where they do not arrive the maximisation had not converged."""
    x, value, gradient = found.x, -found.value, -found.gradient
    current: Whitening | None = white
    for _ in range(_POLISHING):
        assert current is not None
        w = current.factor.T @ gradient
        length = float(np.linalg.norm(w))
        if length < _POLISHED:
            return x, value, True, current
        step = current.factor @ w * min(1.0, 3.0 * np.sqrt(len(x)) / length)
        moved = _uphill(target, x, value, step)
        if moved is None:
            return x, value, False, current
        x, value, gradient = moved
        before, current = current, whitening(target, x, current.factor, rounds=1)
        if current is None:
            return x, value, False, before
    w = current.factor.T @ gradient if current is not None else gradient
    return x, value, bool(np.linalg.norm(w) < _POLISHED), current


def _uphill(
    target: Target, x: FloatArray, value: float, step: FloatArray
) -> tuple[FloatArray, float, FloatArray] | None:
    for _ in range(8):
        there, gradient = target.at(x + step)
        if there > value:
            return x + step, there, gradient
        step = 0.4 * step
    return None


def path_candidate(target: Target, path: Path, seed: int) -> Gaussian | None:
    """The Gaussian of highest ELBO among those that the inverse Hessian matrices of a maximisation's path give."""
    count = min(_PATH_POINTS, max(4, _PATH_NUMBERS // target.size))
    chosen = [path[k] for k in np.unique(np.linspace(0, len(path) - 1, count).astype(int))]
    gaussians = [gaussian for one in chosen if (gaussian := _on_path(one)) is not None]
    if not gaussians:
        return None
    half = np.random.default_rng(seed).normal(size=(_PATH_DRAWS // 2, target.size))
    elbos = elbos_of(target, gaussians, np.concatenate([half, -half]))
    best = int(np.argmax(elbos))
    return gaussians[best] if np.isfinite(elbos[best]) else None


def _on_path(visited: Visited) -> Gaussian | None:
    factor = visited.factor()
    return None if factor is None else Gaussian(visited.x, factor)


def elbos_of(target: Target, gaussians: list[Gaussian], z: FloatArray) -> FloatArray:
    """The ELBO of each Gaussian by the same draws; -inf where the density is not finite at one of them."""
    values, _ = target(np.concatenate([gaussian.points(z) for gaussian in gaussians]))
    means: FloatArray = values.reshape(len(gaussians), len(z)).mean(axis=1)
    return means + [gaussian.entropy for gaussian in gaussians]
