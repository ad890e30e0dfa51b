"""The progress bar of a run, and how many steps to do between two looks at the clock."""

from __future__ import annotations

import importlib.util
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

CALL_SECONDS = 0.05
GROWTH = 8  # the first step of all may be far slower than the rest
QUIET_SECONDS = 0.25  # a bar that nobody asked for appears only where there is something to wait for
AVERAGED = 4096  # the bar averages at most so many losses: to sum all would cost 1 % of a small model's steps
FEWEST = 32  # losses that a trend is told from


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
    """A bar on stderr, or in a notebook, that shows the loss and where it goes; used as a context manager.

    total: steps, None where nobody knows. wanted: True shows it, False does not, None shows it on a terminal and in a
    notebook where it takes more than a moment. first: steps that were done before.
    """

    def __init__(self, total: int | None, wanted: bool | None, first: int = 0) -> None:
        self._total, self._first, self._text = total, first, ""
        self._wanted = wanted is True or (wanted is None and _somebody_looks())
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
        if last > 0 and self._is_open() and last > self._bar.n:
            self._bar.set_postfix_str(course(losses[:last]), refresh=False)
            self._bar.update(last - self._bar.n)

    def phase(self, text: str, elbo: float | None = None) -> None:
        """Show what is done now, and how good the fit is so far."""
        self._text = text if elbo is None else f"{text}, ELBO {elbo:.6g}"
        if self._is_open():
            self._bar.set_description_str(self._text)

    def _is_open(self) -> bool:
        if self._wanted and self._bar is None and time.perf_counter() >= self._earliest:
            shape = {} if self._total is not None else {"bar_format": "{desc} [{elapsed}]{postfix}"}
            self._bar = _bar_class()(total=self._total, initial=self._first, desc=self._text or None, **shape)
            self._bar.start_t -= time.perf_counter() - self._begin  # the rate counts from the first step
        return self._bar is not None


def course(losses: NDArray[np.float64]) -> str:
    """The mean of the last losses, and how fast it falls or rises if that is more than their noise."""
    count = min(AVERAGED, max(1, len(losses) // 4))
    late = losses[-count:]
    text = f"loss {late.mean():.6g}"
    if len(losses) < FEWEST:
        return text
    change = float(losses[-2 * count : -count].mean() - late.mean())
    # Of neighbours: what a trend adds to the deviation from the mean is no noise.
    with np.errstate(all="ignore"):
        noise = float(np.sqrt(0.5 * np.square(np.diff(late)).mean()))
    if not abs(change) > 2.0 * noise * np.sqrt(2.0 / count):
        return f"{text} (steady)"
    return f"{text} ({'down' if change > 0.0 else 'up'} {abs(change) / count * 1000.0:.2g}/1k steps)"


def _somebody_looks() -> bool:
    return _in_notebook() or (sys.stderr is not None and sys.stderr.isatty())


def _in_notebook() -> bool:
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return any(kind.__name__ == "ZMQInteractiveShell" for kind in type(shell).__mro__)


def _bar_class() -> Any:
    """The bar of notebooks needs a library of its own there; without it a line of text does."""
    if _in_notebook() and importlib.util.find_spec("ipywidgets") is not None:
        from tqdm.notebook import tqdm as notebook_bar

        return notebook_bar
    from tqdm import tqdm

    return tqdm
