"""From a start to the closest Gaussian of a family."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...diagnostics import Record
from .diagonal import Diagonal
from .full_rank import fit_full_rank
from .gaussian import Gaussian
from .low_rank import default_rank, fit_low_rank
from .many_dimensions import fit_diagonal, most_draws
from .mean_field import fit_mean_field
from .response import linear_response
from .target import OutOfGradients

if TYPE_CHECKING:
    import numpy.typing as npt

    from .ladder import Ladder
    from .search import Plan
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


def fit_family(target: Target, plan: Plan, start: Gaussian | Diagonal, seed: int) -> Fitted:
    """The optimum of the family from `start` on; full rank needs a start of full rank."""
    family = plan.family
    if family == "lowrank":
        rank = plan.rank or default_rank(target.size)
        ladder = fit_low_rank(target, start, rank, seed, most_draws(target.size))
    elif isinstance(start, Diagonal):
        ladder = fit_diagonal(target, start, seed)
    elif family == "fullrank":
        ladder = fit_full_rank(target, start, seed)
    else:
        ladder = fit_mean_field(target, start, seed)
    if ladder.status != "improper" and np.any(ladder.gaussian.sds > _GROWN * start.sds):
        ladder = ladder.replaced(status="improper")
    is_answering = family == "meanfield" and ladder.status in ("ok", "noise")
    return Fitted(family, ladder, _response(target, ladder, start, seed) if is_answering else None)


def _response(target: Target, ladder: Ladder, start: Gaussian | Diagonal, seed: int) -> FloatArray | None:
    """The covariance by linear response; None where the gradients do not suffice, or somebody interrupts."""
    fitted = ladder.gaussian
    if not isinstance(start, Gaussian) or not isinstance(fitted, Gaussian):
        return None
    try:
        return linear_response(target, fitted, start, seed)
    except (OutOfGradients, KeyboardInterrupt):
        return None
