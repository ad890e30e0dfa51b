"""The trace of the ELBO over the steps of a run, with its running mean and how far that can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..diagnostics import Record, float_array, whole_number

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


class ElboTrace(Record, eq=False):
    """By step: elbo, the estimate of the step; mean, that of the last `window` steps; error, the mean's standard error.

    All are float64 (steps,). The first steps have fewer before them, and the very first no error: it is NaN.
    """

    elbo: NDArray[np.float64]
    mean: NDArray[np.float64]
    error: NDArray[np.float64]
    window: int


def elbo_trace(losses: ArrayLike, window: int | None = None) -> ElboTrace:
    """The running mean of minus the losses, and its standard error, the spread in the window over the root of its size.

    losses: (steps,), those of a result, or the result itself. window: how many steps a mean is taken of; a twentieth of
    all by default, at least 10. Losses of different steps have independent noise; while the parameters still move,
    their drift is in the spread as well, and the error is too large.

    Errors: ValueError for another number of axes, or a window that is not positive.
    """
    given: Any = getattr(losses, "losses", losses)
    elbo = -float_array("the losses", given)
    if elbo.ndim != 1:
        raise ValueError(f"the losses must have one axis, the steps; got the shape {elbo.shape}")
    size = max(10, len(elbo) // 20) if window is None else whole_number("window", window, 1)
    if not len(elbo):
        return ElboTrace(elbo, elbo.copy(), elbo.copy(), size)
    ends = np.arange(1, len(elbo) + 1)
    starts = np.maximum(ends - size, 0)
    counts = ends - starts
    # About the last value, so that squares of large numbers are not subtracted from each other.
    centre = elbo[-1] if np.isfinite(elbo[-1]) else 0.0
    sums, squares = (np.concatenate([[0.0], np.cumsum((elbo - centre) ** power)]) for power in (1, 2))
    means = (sums[ends] - sums[starts]) / counts
    spread = np.maximum((squares[ends] - squares[starts]) / counts - means**2, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.where(counts > 1, np.sqrt(spread / (counts - 1)), np.nan)
    return ElboTrace(elbo, means + centre, error, size)
