"""Scheduled numbers: functions of the step, sampled before the native loop, which puts those of each step in place."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vicompile.jit import NativeFunction

_FIRST_STEPS = 1024
# Values at `count` steps from `first` on, float64 (count,), the same for the same steps.
Sampler = Callable[[int, int], "NDArray[np.float64]"]


def probed(sample: Sampler) -> bytes:
    """Values of a schedule by which two are told apart: of its first steps, and of ever rarer later ones.

    Where it raises, it ends.
    """
    values: list[bytes] = []
    for first, count in [(0, _FIRST_STEPS), *((1 << bit, 1) for bit in range(_FIRST_STEPS.bit_length() - 1, 32))]:
        try:
            values.append(np.asarray(sample(first, count), np.float64).tobytes())
        except Exception:
            break
    return b"".join(values)


@dataclass(frozen=True)
class ScheduledNumber:
    """A number among a kernel's data that changes from step to step.

    entry: its place in `Problem.data`, where the kernel finds the address of one double; the address that stands there
        is not used. sample: its values at `count` steps from `first` on, float64 (count,), finite, the same for the
        same steps; what it raises comes out of the call that was to do these steps.
    """

    entry: int
    sample: Sampler


class Timetable:
    """Values of some schedules for a stretch of steps, one row a step, and where they are put.

    targets: for each (sampler, address, count): so many doubles from the address on take the sampler's value.
    """

    def __init__(self, targets: Iterable[tuple[Sampler, int, int]]) -> None:
        columns: dict[Sampler, int] = {}
        table: list[int] = []
        for sampler, address, count in targets:
            table += [columns.setdefault(sampler, len(columns)), address, count]
        self.targets = np.array([len(table) // 3, len(columns), *table], dtype=np.int64)
        self._samplers = list(columns)
        self._first = 0
        self._values = np.empty((0, len(columns)))

    def foresee(self, first: int, steps: int) -> None:
        """Sample the steps to come. Raises what a schedule raises."""
        values = np.empty((steps, len(self._samplers)))
        for column, sampler in enumerate(self._samplers):
            values[:, column] = sampler(first, steps)
        self._first, self._values = first, values

    def address(self, step: int, steps: int) -> int:
        """Where the row of `step` lies, with those of `steps` steps behind it; they are sampled where they are not
        there."""
        if not self._first <= step or step + steps > self._first + len(self._values):
            self.foresee(step, steps)
        start = int(self._values.__array_interface__["data"][0])
        return start + (step - self._first) * 8 * len(self._samplers)


_TEXT = '''
from vicompile.jit.mathlib.pointers import float64_at


def put(values, number, targets):
    """Put row `number` of the timetable where its targets say: how many, columns of the table, then three each."""
    row = float64_at(values + 8 * number * targets[1])
    for k in range(targets[0]):
        value, place = row[targets[2 + 3 * k]], float64_at(targets[3 + 3 * k])
        for i in range(targets[4 + 3 * k]):
            place[i] = value
    return 0
'''


@functools.cache
def put_function() -> NativeFunction:
    """`int64 put(values, number, targets)`, which the loop calls before each step of a fit with scheduled numbers."""
    from vicompile.jit import native

    return native(_TEXT, "put", "int64(i8, i8, i8*)", label="timetable")
