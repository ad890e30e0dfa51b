"""What looks at a run between two native calls: checkpoints, a stop rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .state import SVIState


class Look(Protocol):
    """Told of a run's progress, and able to end it.

    A native call never goes past the step where a look wants to happen, so that it may depend on the losses alone, and
    not on how fast the machine is.
    """

    def steps_ahead(self, done: int) -> int:
        """After how many more steps, 1 at least, this wants to look again, where `done` of the run are done."""

    def look(self, losses: NDArray[np.float64], snapshot: Callable[[], SVIState]) -> bool:
        """Whether the run has arrived.

        losses: of the steps done so far, at least one, not to be written to. snapshot: the state here, as copies.
        """
