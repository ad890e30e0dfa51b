"""From a start to the closest Gaussian of a family."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...diagnostics import Record
from .full_rank import fit_full_rank
from .gaussian import Gaussian
from .mean_field import fit_mean_field
from .response import linear_response

if TYPE_CHECKING:
    import numpy.typing as npt

    from .full_rank import Ladder
    from .target import Target

    FloatArray = npt.NDArray[np.float64]

MOST_FULL_RANK = 500  # dimensions; beyond, half a million numbers and more would be learned
FAMILIES = ("auto", "fullrank", "meanfield", "lowrank")
_GROWN = 1e6


class Fitted(Record, eq=False):
    """A fitted Gaussian, how it was found, and for a mean-field one the covariance by linear response."""

    family: str
    ladder: Ladder
    response: FloatArray | None = None


def choose(family: str, size: int) -> str:
    """The family that "auto" stands for with so many dimensions."""
    if family != "auto":
        return family
    return "fullrank" if size <= MOST_FULL_RANK else "meanfield"


def fit_family(target: Target, family: str, start: Gaussian, seed: int) -> Fitted:
    """The optimum of the family from `start` on, a Gaussian of full rank."""
    if family == "fullrank":
        ladder = fit_full_rank(target, start, seed)
        if ladder.status != "improper" and np.any(ladder.gaussian.sds > _GROWN * start.sds):
            ladder = ladder.replaced(status="improper")
        return Fitted(family, ladder)
    ladder = fit_mean_field(target, start, seed)
    response = linear_response(target, ladder.gaussian, start, seed) if ladder.status in ("ok", "noise") else None
    return Fitted(family, ladder, response)
