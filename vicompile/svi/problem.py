"""A kernel bound to its data: everything that the loop needs besides the state of the fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from .noise import NoisePlan

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .timetable import ScheduledNumber


class Kernel(Protocol):
    """Native code with the kernel's binary interface; it stays in memory as long as this object lives."""

    @property
    def address(self) -> int:
        """Of the C function."""


@dataclass(frozen=True, eq=False)
class Problem:
    """A kernel with its data, bound once; one problem may serve several threads at the same time.

    data: int64, the addresses of the data arrays; keepalive: those arrays, or whatever owns their memory.
    sizes: int64, run-time sizes and offsets. work_length: doubles of workspace.
    parameter_count: length of the flat parameters. noise: plan of one row. particles: rows of noise in one step.
    scheduled: numbers among the data that change from step to step.
    idle: workspaces that no call is using, for each optimizer; problems that differ in their data alone may share it.
    Raises TypeError or ValueError where an array is not int64, one-dimensional and contiguous, or a number is negative.
    """

    kernel: Kernel
    data: NDArray[np.int64]
    sizes: NDArray[np.int64]
    work_length: int
    parameter_count: int
    noise: NoisePlan
    particles: int = 1
    keepalive: tuple[Any, ...] = ()
    scheduled: tuple[ScheduledNumber, ...] = ()
    idle: dict[Any, list[Any]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for name, array in (("data", self.data), ("sizes", self.sizes)):
            if array.dtype != np.int64 or array.ndim != 1 or not array.flags.c_contiguous:
                found = f"{array.dtype}{list(array.shape)}"
                raise TypeError(f"{name} must be a contiguous one-dimensional int64 array, not {found}")
        if self.work_length < 0 or self.parameter_count < 0 or self.particles < 1:
            raise ValueError("work_length and parameter_count cannot be negative, and there is at least one particle")
