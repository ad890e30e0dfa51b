"""The progress bar of a run, and how many steps to do between two looks at the clock."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CALL_SECONDS = 0.05
GROWTH = 8  # the first step of all may be far slower than the rest
QUIET_SECONDS = 0.25  # a bar that nobody asked for appears only where there is something to wait for
AVERAGED = 4096  # the bar averages at most so many losses: to sum all would cost 1 % of a small model's steps


class Pace:
    """Cuts a run into native calls of about CALL_SECONDS, between which Python handles signals."""

    def __init__(self) -> None:
        self._steps = self._asked = 1
        self._since = time.perf_counter()

    def next_steps(self, left: int) -> int:
        """Steps to do now: 1 to `left`."""
        self._asked = min(self._steps, left)
        self._since = time.perf_counter()
        return self._asked

    def measure(self) -> None:
        """Learn from the call that has just ended."""
        seconds = time.perf_counter() - self._since
        fitting = int(self._asked * CALL_SECONDS / max(seconds, 1e-9))
        # A call that was cut short says little of longer ones: it does not bring them down to its own length.
        self._steps = max(1, min(fitting, max(self._steps, self._asked * GROWTH)))


class Progress:
    """A tqdm bar on stderr that shows the losses; used as a context manager.

    wanted: True shows it, False does not, None shows it on a terminal where the run takes more than a moment.
    """

    def __init__(self, total: int, wanted: bool | None, first: int = 0) -> None:
        self._total, self._first = total, first
        self._wanted = wanted is True or (wanted is None and sys.stderr is not None and sys.stderr.isatty())
        self._begin = time.perf_counter()
        self._earliest = self._begin if wanted else self._begin + QUIET_SECONDS
        self._bar: Any = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def move(self, losses: NDArray[np.float64], last: int) -> None:
        """Show that the first `last` losses are known now."""
        if not self._wanted or last == 0:
            return
        if self._bar is None:
            if time.perf_counter() < self._earliest:
                return
            self._bar = self._open()
        first = max(self._bar.n, last - AVERAGED)
        if first == last:
            return
        average = float(losses[first:last].mean())
        postfix = f"init loss: {losses[0]:.4f}, avg. loss [{first + 1}-{last}]: {average:.4f}"
        self._bar.set_postfix_str(postfix, refresh=False)
        self._bar.update(last - self._bar.n)

    def _open(self) -> Any:
        from tqdm import tqdm

        bar = tqdm(total=self._total, initial=self._first)
        bar.start_t -= time.perf_counter() - self._begin  # the rate counts from the run's first step
        return bar
