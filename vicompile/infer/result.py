"""What a run returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

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
    interrupted: whether Ctrl-C ended the run early; the rest is then what was reached.
    """

    interrupted: bool

    def __new__(
        cls, params: dict[str, Any], state: FitState, losses: npt.NDArray[np.float64], interrupted: bool = False
    ) -> SVIRunResult:
        """The three, and how the run ended."""
        self = super().__new__(cls, params, state, losses)
        self.interrupted = interrupted
        return self

    def __repr__(self) -> str:
        end = ", interrupted" if self.interrupted else ""
        return f"SVIRunResult(params={self.params!r}, {len(self.losses)} losses{end})"
