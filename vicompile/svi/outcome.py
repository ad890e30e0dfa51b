"""How a run ended: with all its steps, early and well, interrupted, or in front of a step without a finite loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from .loop import STATUS_NOT_FINITE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .state import SVIState
    from .workspace import Workspace


@dataclass(frozen=True)
class NonFinite:
    """The step that could not be taken.

    step: its number, from 0. loss: of that step.
    element: the first element of the flat gradient that is not finite, None where only the loss is not.
    status: 0, or the kernel's own status where it reported a failure; loss and element then mean nothing.
    """

    step: int
    status: int
    loss: float
    element: int | None

    def __str__(self) -> str:
        if self.status:
            return f"step {self.step}: the kernel failed with status {self.status}"
        where = "" if self.element is None else f", element {self.element} of the gradient is not finite"
        return f"step {self.step}: the loss is {self.loss}{where}"


Stopped: TypeAlias = Literal["converged", "interrupted"] | NonFinite | None


@dataclass(frozen=True, eq=False)
class RunOutcome:
    """What a run reached.

    state: after the last step that was taken. losses: float64, one for each step taken.
    stopped: None where all steps were taken, else why not.
    """

    state: SVIState
    losses: NDArray[np.float64]
    stopped: Stopped = None


class NonFiniteError(ArithmeticError):
    """Steps were asked for that cannot be taken; `outcome` holds what was reached before them."""

    def __init__(self, outcome: RunOutcome) -> None:
        super().__init__(str(outcome.stopped))
        self.outcome = outcome


def why_stopped(space: Workspace) -> NonFinite:
    """Read the failed step from the workspace that the loop has just left."""
    status = space.status
    gradient = np.isfinite(space.out[1 : 1 + space.params.size])
    element = None if gradient.all() else int(np.argmin(gradient))
    return NonFinite(space.step, 0 if status == STATUS_NOT_FINITE else status, float(space.out[0]), element)
