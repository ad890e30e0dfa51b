"""When a run has arrived: its last quarter is no better than the one before, as far as its noise lets one tell.

The losses of both quarters are cut into blocks. The median of a quarter's block means is its level, whatever single
losses do, and their median deviation from it gives its standard error, also where losses depend on those before. Their
distance is what the run still gains while it grows by a third. It counts as nothing where its upper end is below `tol`
times the spread of single losses, or `tol` nats where that is more. A spread, and not the loss itself, because a
constant that the data adds to every loss says nothing about the fit; and nats, because a loss is a divergence in them.

The steps where it is asked are fixed, and the answer depends on the losses alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from ..diagnostics import whole_number

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .state import SVIState

FIRST = 512  # steps before the first question
_APART = 8  # one question for each eighth that the run grows by
_BLOCKS = 16  # in a quarter of the run
_SURE = 2.0  # standard errors that the change may be off by
_SPREAD_OF = 4096  # the spread is that of at most so many last losses
# Of a normal distribution: standard deviation by median absolute deviation, by median absolute difference of two
# numbers, and standard error of the median by that of the mean.
_BY_DEVIATION, _BY_DIFFERENCE, _OF_MEDIAN = 1.4826, 1.0484, 1.2533


class StopRule:
    """Ends a run that has arrived `patience` times in a row, each time an eighth longer.

    tol: the change that counts as nothing, in spreads of single losses; smaller ones need more steps, about 50 / tol^2.
    Raises ValueError for a tol that is no positive number, or a patience that is no whole number from 1.
    """

    def __init__(self, tol: float, patience: int) -> None:
        if isinstance(tol, bool) or not isinstance(tol, (int, float)) or not 0.0 < tol < np.inf:
            raise ValueError(f"tol must be a positive number, or None for all steps, got {tol!r}")
        self._tol, self._patience = float(tol), whole_number("patience", patience, 1)

    def steps_ahead(self, done: int) -> int:
        """Up to the next question."""
        return next(step for step in questions() if step > done) - done

    def look(self, losses: NDArray[np.float64], snapshot: Callable[[], SVIState] | None = None) -> bool:
        """Whether the run has arrived with these losses; never between two questions."""
        asked: list[int] = []
        for step in questions():
            if step > len(losses):
                break
            asked.append(step)
        if len(asked) < self._patience or asked[-1] != len(losses):
            return False
        return all(self._is_settled(losses[:step]) for step in reversed(asked[-self._patience :]))

    def _is_settled(self, losses: NDArray[np.float64]) -> bool:
        change, error, spread = latest_change(losses)
        return abs(change) + _SURE * error <= self._tol * max(1.0, spread)


def questions() -> Iterator[int]:
    """The steps where a run is asked whether it has arrived."""
    step = FIRST
    while True:
        yield step
        step += step // _APART


def latest_change(losses: NDArray[np.float64]) -> tuple[float, float, float]:
    """How much lower the last quarter lies than the one before, the standard error of that, the spread of single
    losses.

    losses: at least 4 * 16 of them.
    """
    length = len(losses) // (4 * _BLOCKS)
    means = losses[len(losses) - 2 * _BLOCKS * length :].reshape(2, _BLOCKS, length).mean(2)
    levels = np.median(means, axis=1)
    deviations = np.median(np.abs(means - levels[:, None]), axis=1)
    errors = _BY_DEVIATION * _OF_MEDIAN * deviations / np.sqrt(_BLOCKS)
    # Differences of neighbours: a trend is no spread.
    spread = _BY_DIFFERENCE * np.median(np.abs(np.diff(losses[-_SPREAD_OF:])))
    return float(levels[0] - levels[1]), float(np.hypot(*errors)), float(spread)
