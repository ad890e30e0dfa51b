"""Where each parameter lies in the flat vector."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from ..diagnostics import Record
from ..distributions.constraints import Constraint

if TYPE_CHECKING:
    import numpy.typing as npt


class ParamSlot(Record):
    """One parameter's place in the flat vector; its unconstrained value is stored with the leading axis contiguous.

    shape: of the value that users see. unconstrained_shape: of what is learned.
    """

    name: str
    constraint: Constraint
    start: int
    shape: tuple[int, ...]
    unconstrained_shape: tuple[int, ...]

    @property
    def count(self) -> int:
        """The number of unconstrained elements."""
        return math.prod(self.unconstrained_shape)

    def read(self, flat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The unconstrained value, in its shape."""
        return flat[self.start : self.start + self.count].reshape(self.unconstrained_shape, order="F")

    def write(self, flat: npt.NDArray[np.float64], value: Any) -> None:
        """Put an unconstrained value into the flat vector."""
        flat[self.start : self.start + self.count] = np.broadcast_to(value, self.unconstrained_shape).ravel(order="F")
