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
    """One parameter's place in the flat vector; stored with the leading axis contiguous."""

    name: str
    constraint: Constraint
    start: int
    shape: tuple[int, ...]

    @property
    def count(self) -> int:
        """The number of elements."""
        return math.prod(self.shape)

    def read(self, flat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The unconstrained value, in its shape."""
        return flat[self.start : self.start + self.count].reshape(self.shape, order="F")

    def write(self, flat: npt.NDArray[np.float64], value: Any) -> None:
        """Put an unconstrained value into the flat vector."""
        flat[self.start : self.start + self.count] = np.broadcast_to(value, self.shape).ravel(order="F")
