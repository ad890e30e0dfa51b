"""The Gaussian that a fit starts from: the best of what the modes, and the ways to them, suggest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ...diagnostics import Record
from .draws import fixed_draws
from .gaussian import Gaussian
from .mean_field import fit_mean_field
from .modes import Mode, elbos_of, find_modes, path_candidate

if TYPE_CHECKING:
    import numpy.typing as npt

    from .target import Target

    FloatArray = npt.NDArray[np.float64]

_DRAWS = 32
_FLAT_DRAWS = 256  # of a mean-field fit from the origin, which is to be good enough to start from
_FAR = 3.0  # standard deviations between two modes that count as two
# Nats that a Gaussian around a mode may lose of its evidence before the ways to the modes are tried as well.
_LOSS, _LOSS_PER_DIMENSION = 1.0, 0.1


class Start(Record, eq=False):
    """gaussian: where to begin, and its ELBO. others: Gaussians around modes that are far from it, with how much lower
    their ELBO is.
    """

    gaussian: Gaussian
    elbo: float
    others: list[tuple[Gaussian, float]]


def find_start(target: Target, seed: int) -> Start | None:
    """None where the log density is finite nowhere near the origin."""
    rng = np.random.default_rng(seed)
    modes = find_modes(target, rng)
    if not modes:
        return None
    count = max(_DRAWS, 1 << math.ceil(math.log2(2 * target.size)))
    z = fixed_draws(count, target.size, seed)
    maxima = _distinct([mode.laplace for mode in modes if mode.is_maximum])
    around = [_Candidate(one, elbo) for one, elbo in zip(maxima, _elbos(target, maxima, z))]
    candidates = list(around)
    if not _one_is_good(modes, around):
        # A mode is no good guide where the density is unbounded or skewed: what was passed on the way may be.
        more = [mode.laplace for mode in modes if not mode.is_maximum]
        more += [path_candidate(target, mode.path, seed) for mode in modes]
        found = [one for one in more if one is not None]
        candidates += [_Candidate(one, elbo) for one, elbo in zip(found, _elbos(target, found, z))]
        origin = Gaussian(np.zeros(target.size), np.eye(target.size))
        flat = fit_mean_field(target, origin, seed, most=_FLAT_DRAWS).gaussian
        assert isinstance(flat, Gaussian)
        candidates.append(_Candidate(flat, _elbos(target, [flat], z)[0]))
    best = _best(candidates)
    if best is None:
        return Start(Gaussian(modes[0].x, 1e-3 * np.eye(target.size)), -math.inf, [])
    others = [(one.gaussian, best.elbo - one.elbo) for one in around if _are_apart(best.gaussian, one.gaussian)]
    return Start(best.gaussian, best.elbo, others)


class _Candidate(Record, eq=False):
    gaussian: Gaussian
    elbo: float


def _elbos(target: Target, gaussians: list[Gaussian], z: FloatArray) -> list[float]:
    return [float(elbo) for elbo in elbos_of(target, gaussians, z)] if gaussians else []


def _best(candidates: list[_Candidate]) -> _Candidate | None:
    finite = [one for one in candidates if math.isfinite(one.elbo)]
    return max(finite, key=lambda one: one.elbo) if finite else None


def _one_is_good(modes: list[Mode], around: list[_Candidate]) -> bool:
    """Whether the best Gaussian around a mode has about the evidence that Laplace's approximation promises."""
    best = _best(around)
    if best is None:
        return False
    gaussian = best.gaussian
    value = max(mode.value for mode in modes if mode.laplace is not None and mode.x is gaussian.mean)
    promised = value + gaussian.entropy - 0.5 * gaussian.size
    return bool(best.elbo > promised - _LOSS - _LOSS_PER_DIMENSION * gaussian.size)


def _distinct(gaussians: list[Gaussian | None]) -> list[Gaussian]:
    """Without those that are nearly one before."""
    found: list[Gaussian] = []
    for one in gaussians:
        if one is not None and not any(np.linalg.norm(other.whitened(one)[0]) < 0.1 for other in found):
            found.append(one)
    return found


def _are_apart(one: Gaussian, other: Gaussian) -> bool:
    """Whether the means are further apart than the standard deviations of both explain."""
    return all(np.linalg.norm(a.whitened(b)[0]) > _FAR * math.sqrt(a.size) for a, b in ((one, other), (other, one)))
