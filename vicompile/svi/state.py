"""The state of a fit between two steps: immutable, so that the same state and data always give the same next one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

SEED_LIMIT = 1 << 64
STEP_LIMIT = 1 << 32  # the random number counter keeps 32 bits for the step


@dataclass(frozen=True, eq=False, slots=True)
class SVIState:
    """Everything that the next step depends on besides the data.

    params: float64 (n,), unconstrained, read-only.
    optimizer_state: float64 (rows of the rule, n), read-only.
    step: number of steps done. seed: of the random numbers, 0 <= seed < 2^64.
    reported_row: the row of optimizer_state that is reported as the fit's parameters; None for the parameters.
    """

    params: NDArray[np.float64]
    optimizer_state: NDArray[np.float64]
    step: int
    seed: int
    reported_row: int | None = None

    @property
    def reported(self) -> NDArray[np.float64]:
        """What the fit reports as its parameters: they themselves, or the optimizer's average of them."""
        return self.params if self.reported_row is None else self.optimizer_state[self.reported_row]


def make_state(
    params: ArrayLike, optimizer_state: ArrayLike, step: int, seed: int, reported_row: int | None = None
) -> SVIState:
    """A state from copies of the arrays.

    Raises ValueError where the seed, the step or a shape is out of range, or a parameter is not a finite number.
    """
    if not 0 <= seed < SEED_LIMIT:
        raise ValueError(f"the seed must lie between 0 and 2**64 - 1, not {seed}")
    check_steps(step, 0)
    flat, rows = read_only(params), read_only(optimizer_state)
    if flat.ndim != 1 or rows.ndim != 2 or rows.shape[1] != flat.size:
        raise ValueError(f"parameters of shape {flat.shape} do not go with an optimizer state of shape {rows.shape}")
    if not np.isfinite(flat).all():
        raise ValueError(f"unconstrained parameter number {int(np.argmin(np.isfinite(flat)))} is not a finite number")
    return SVIState(flat, rows, int(step), int(seed), reported_row)


def check_steps(first: int, steps: int) -> None:
    """Raise ValueError where `steps` steps from step `first` on cannot be numbered: their noise would repeat."""
    if first < 0 or steps < 0:
        raise ValueError(f"a number of steps cannot be negative: {min(first, steps)}")
    if first + steps > STEP_LIMIT:
        raise ValueError(f"a fit has at most 2**32 steps, then its random numbers would repeat: {first + steps}")


def signed_seed(seed: int) -> int:
    """The int64 with the same 64 bits: native code and NumPy hold the seed in a signed word."""
    return seed if seed < SEED_LIMIT // 2 else seed - SEED_LIMIT


def read_only(values: ArrayLike) -> NDArray[np.float64]:
    """A float64 copy that cannot be written to."""
    copy = np.array(values, dtype=np.float64, order="C")
    copy.setflags(write=False)
    return copy
