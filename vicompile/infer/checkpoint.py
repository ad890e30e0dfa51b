"""Checkpoints of a run: its state and losses in a fit's file, from which the run goes on after it was killed."""

from __future__ import annotations

import hashlib
import json
import os
import time
import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ..diagnostics import DataError, Diagnostic, whole_number
from ..distributions.constraints.serialise import write_constraint
from .archive import remove_unfinished
from .keeping import Keeper, read_fields
from .state import FitState

if TYPE_CHECKING:
    import numpy.typing as npt

    from ..compiler import BoundFit
    from ..svi.state import SVIState
    from .minimising import Minimising
    from .optimizing import Optimizing

_NEVER = 1 << 62
_SHARE = 0.05  # of its time a run spends on checkpoints that are written by the clock

# What a run is told apart by, in the order in which it is compared.
_DIFFERENCES = {
    "parameters": "it has other parameters",
    "model": "it was made by another model or guide, or by another version of vicompile",
    "data": "it was made from other data or sizes",
    "optimizer": "it was made with another optimizer or other settings",
    "seed": "it was made with another seed",
    "start": "it was made from other initial values",
}


class CheckpointOfAnotherRun(Diagnostic):
    """A checkpoint whose run is not the one that is to go on from it."""

    path: str
    what: str

    code: ClassVar[str] = "checkpoint-of-another-run"
    message: ClassVar[str] = "the run cannot go on from the checkpoint `{path}`: {what}"
    help: ClassVar[str] = (
        "delete the file or give another path to begin anew; to go on all the same, give "
        "`init_state=vicompile.load_fit(path).state` and another path"
    )


class Checkpoint:
    """Where a run goes on, and a look at it that writes it down from time to time.

    path: of the file. every: steps between two writes, None for none by steps. seconds: between two writes, None for
    none by the clock. state, losses: where the run goes on: at its beginning, or at what the file holds.

    Errors: DataError for a file that holds another run, or no fit at all; ValueError and TypeError for the numbers.
    """

    def __init__(
        self, path: str | os.PathLike[str], every: int | None, seconds: float | None, fit: BoundFit,
        optimizing: Optimizing | Minimising, start: FitState, num_steps: int,
    ) -> None:  # fmt: skip
        self._every, self._seconds = _steps(every), _time(seconds)
        self._run = _identity(fit, optimizing, start)
        self._keeper = Keeper(path, "SVIRunResult", {"draws": fit.guide_draws, "run": self._run})
        self._path = self._keeper.path
        self.state, self.losses = start, np.empty(0)
        remove_unfinished(self._path)
        if self._path.exists():
            self._go_on(num_steps)
        else:
            self._write(start, self.losses, "unfinished")  # what cannot be written is told before the first step
        self._next_time = time.monotonic() + self._seconds

    def steps_ahead(self, done: int) -> int:
        """Up to the next multiple of `every`."""
        return _NEVER if self._every is None else self._every - done % self._every

    def look(self, losses: npt.NDArray[np.float64], snapshot: Callable[[], SVIState]) -> bool:
        """Write if it is time; never ends the run."""
        by_steps = self._every is not None and len(losses) % self._every == 0
        if by_steps or time.monotonic() >= self._next_time:
            self.write(FitState(snapshot(), self.state.slots), losses, "unfinished")
        return False

    def write(self, state: FitState, losses: npt.NDArray[np.float64], stopped: str) -> None:
        """Write the file anew, whole or not at all. Where that fails it warns: a full disk must not end the run."""
        begin = time.monotonic()
        try:
            self._write(state, losses, stopped)
        except OSError as error:
            warnings.warn(f"the checkpoint after {len(losses)} steps was not written: {error}", stacklevel=2)
        end = time.monotonic()
        self._next_time = end + max(self._seconds, (end - begin) / _SHARE)

    def _write(self, state: FitState, losses: npt.NDArray[np.float64], stopped: str) -> None:
        self._keeper.write({"params": state.params(), "state": state, "losses": losses, "stopped": stopped})

    def _go_on(self, num_steps: int) -> None:
        _, kept = read_fields(self._path)
        theirs = kept.get("run")
        if not isinstance(theirs, Mapping):
            raise self._other("it was written by `save`, not by a checkpoint")
        for name, difference in _DIFFERENCES.items():
            if theirs.get(name) != self._run[name]:
                raise self._other(difference)
        self.state, self.losses = kept["state"], kept["losses"]
        if len(self.losses) > num_steps:
            raise self._other(f"it has {len(self.losses)} steps, and only {num_steps} are asked for")

    def _other(self, what: str) -> DataError:
        return DataError(CheckpointOfAnotherRun(None, str(self._path), what))


def _identity(fit: BoundFit, optimizing: Optimizing | Minimising, start: FitState) -> dict[str, str]:
    inner = start.inner
    return {
        "parameters": _hash(
            json.dumps([(slot.name, write_constraint(slot.constraint), slot.shape) for slot in start.slots]).encode()
        ),
        **fit.fingerprints(),
        "optimizer": optimizing.fingerprint(fit),
        "seed": str(start.seed),
        "start": _hash(inner.params.tobytes(), inner.optimizer_state.tobytes(), str(inner.step).encode()),
    }


def _hash(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()


def _steps(every: Any) -> int | None:
    return None if every is None else whole_number("checkpoint_every", every, 1, "; None is for none by steps")


def _time(seconds: Any) -> float:
    if seconds is None:
        return float("inf")
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not seconds >= 0.0:
        raise ValueError(f"checkpoint_seconds must be a number from 0, or None, got {seconds!r}")
    return float(seconds)
