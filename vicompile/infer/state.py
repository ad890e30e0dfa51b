"""The state of a fit as the user holds it: immutable, and readable without the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..diagnostics import Record

if TYPE_CHECKING:
    import numpy.typing as npt

    from ..compiler import ParamSlot
    from ..svi.state import SVIState


class FitState(Record, eq=False):
    """Parameters, optimizer state, step and seed after some steps; `SVI.update` makes the next one from it and the
    data.

    inner: flat unconstrained parameters and optimizer rows, read-only arrays.
    slots: name, constraint, place and shape of each parameter in the flat array.
    """

    inner: SVIState
    slots: tuple[ParamSlot, ...]

    @property
    def step(self) -> int:
        """Number of steps done."""
        return self.inner.step

    @property
    def seed(self) -> int:
        """The seed of the fit's random numbers."""
        return self.inner.seed

    def params(self) -> dict[str, Any]:
        """The constrained parameters by name: float64 arrays, a number for a single one.

        Of an optimizer that averages they are the average, not where the next step begins.
        """
        return constrained(self.slots, self.inner.reported)

    def __repr__(self) -> str:
        return f"FitState(step={self.step}, seed={self.seed}, parameters={', '.join(slot.name for slot in self.slots)})"


def constrained(slots: Sequence[ParamSlot], flat: npt.NDArray[np.float64]) -> dict[str, Any]:
    """The values of a flat unconstrained array by name, inside their constraints."""
    with np.errstate(all="ignore"):
        return {slot.name: np.array(slot.constraint.transform(slot.read(flat)), order="C")[()] for slot in slots}


def check_state(state: Any) -> None:
    """TypeError for what is no state."""
    if not isinstance(state, FitState):
        raise TypeError(f"a state comes from `init`, `update` or `run`, got a value of type {type(state).__name__}")


def check_layout(state: FitState, slots: Sequence[ParamSlot]) -> None:
    """Raise ValueError, naming the parameter, where a state was made for other parameters than these arguments need;
    TypeError for what is no state.
    """
    check_state(state)
    if tuple(slots) == state.slots:
        return
    known = {slot.name: slot for slot in state.slots}
    for slot in slots:
        if slot.name not in known:
            raise ValueError(f"the state has no parameter `{slot.name}`; it has {', '.join(known) or 'none'}")
        if known[slot.name].shape != slot.shape:
            here, there = slot.shape, known[slot.name].shape
            raise ValueError(
                f"parameter `{slot.name}` has shape {there} in the state, and these arguments give it {here}"
            )
    raise ValueError(f"the state's parameters {list(known)} are not those of this fit, {[slot.name for slot in slots]}")
