"""What a run returns."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ..diagnostics import public
from .keeping import Keeper

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ..compiler import Sampler
    from .state import FitState


class _Three(NamedTuple):
    params: dict[str, Any]
    state: FitState
    losses: npt.NDArray[np.float64]


class SVIRunResult(_Three):
    """A finished or interrupted run; unpacks to `params, state, losses` as in NumPyro.

    params: the constrained parameters by name, float64 arrays, a number for a single one.
    state: to go on from, with `run(..., init_state=state)` or `update(state, ...)`.
    losses: float64 (steps done,), minus the ELBO's estimate at each step.
    stopped: why it ended: "steps" after all that were asked for, "converged" by the stop rule, "interrupted" by Ctrl-C.
    sampler: draws of the guide, without model, guide and data.
    """

    stopped: str
    sampler: Sampler

    def __new__(
        cls,
        params: dict[str, Any],
        state: FitState,
        losses: npt.NDArray[np.float64],
        sampler: Sampler,
        stopped: str = "steps",
    ) -> SVIRunResult:
        """The three, the guide's draws, and how the run ended."""
        self = super().__new__(cls, params, state, losses)
        self.sampler, self.stopped = sampler, stopped
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (*self, self.sampler, self.stopped)

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended the run early; the rest is then what was reached."""
        return self.stopped == "interrupted"

    @public
    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it all to one file, without the training data, for `vicompile.load_fit`.

        The file appears whole or not at all, also in place of an earlier one. Errors: OSError where it cannot be
        written; TypeError for a constraint of your own on a parameter.
        """
        Keeper(path, "SVIRunResult", {}).write(self.fields())

    def fields(self) -> dict[str, Any]:
        """All that makes it, by name."""
        return {**self._asdict(), "sampler": self.sampler, "stopped": self.stopped}

    @classmethod
    def of_fields(cls, fields: Mapping[str, Any]) -> SVIRunResult:
        """The result of these fields; what a checkpoint notes beside them is left out."""
        names = ("params", "state", "losses", "sampler", "stopped")
        return cls(**{name: fields[name] for name in names})

    def __repr__(self) -> str:
        end = "" if self.stopped == "steps" else f", {self.stopped}"
        return f"SVIRunResult(params={self.params!r}, {len(self.losses)} losses{end})"
