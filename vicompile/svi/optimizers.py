"""An optimizer laid over the flat parameters of a fit: the rows that its native update reads."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from .reductions import layout_table
from .timetable import Sampler, probed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vicompile.optim.program import Program

Shape = tuple[int, ...]


class ScheduledValue(Protocol):
    """A hyperparameter that is a function of the step; equal ones have equal values."""

    def sample(self, first: int, count: int) -> NDArray[np.float64]:
        """Its values at `count` steps from `first` on."""


class Rule(Protocol):
    """What an optimizer does in a step."""

    @property
    def program(self) -> Program:
        """The rule written down."""


class Optimizer(Protocol):
    """What the public optimizer classes offer: the rule, and the hyperparameters for one parameter."""

    @property
    def rule(self) -> Rule:
        """What a step does."""

    def hyperparameters(self, name: str) -> Mapping[str, float | ScheduledValue]:
        """Values for all of the rule's hyperparameters."""


@dataclass(frozen=True, eq=False)
class ScheduledRow:
    """A stretch of a row of hyperparameters whose number changes from step to step.

    sample: its values at `count` steps from `first` on, float64 (count,), the same for the same steps.
    """

    sample: Sampler
    row: int
    start: int
    count: int


@dataclass(frozen=True, eq=False)
class BoundOptimizer:
    """An optimizer laid over the flat parameters.

    hyper: float64 (hyperparameters, n), read-only, rows in the order of the program's; NaN where it is scheduled.
    shapes: of the parameters, in their order, each stored with its first axis contiguous.
    """

    program: Program
    hyper: NDArray[np.float64]
    shapes: tuple[Shape, ...]
    scheduled: tuple[ScheduledRow, ...] = ()

    def __post_init__(self) -> None:
        hyper = np.array(self.hyper, dtype=np.float64, order="C")
        names = self.program.hyper_names
        if hyper.shape != (len(names), self.layout[0]):
            raise ValueError(f"the rule needs rows of {self.layout[0]} for {', '.join(names)}, got shape {hyper.shape}")
        hyper.setflags(write=False)
        object.__setattr__(self, "hyper", hyper)

    def fingerprint(self) -> str:
        """The same for the same rule with the same hyperparameters, schedules by their values."""
        digest = hashlib.sha256(repr((self.program, self.shapes)).encode())
        digest.update(self.hyper.data)
        for one in self.scheduled:
            digest.update(repr((one.row, one.start, one.count)).encode() + probed(one.sample))
        return digest.hexdigest()

    @property
    def layout(self) -> NDArray[np.int64]:
        """Where the parameters lie, as the reductions of a rule read it."""
        return layout_table(self.shapes)

    def initial_rows(self, params: NDArray[np.float64]) -> NDArray[np.float64]:
        """State before the first step from these parameters: float64 (rows of the rule, n)."""
        rows = np.empty((len(self.program.initial), params.size))
        for row, value in zip(rows, self.program.initial):
            row[:] = params if value is None else value
        return rows


def bind_optimizer(optimizer: Optimizer, layout: Sequence[tuple[str, Shape]]) -> BoundOptimizer:
    """Lay an optimizer over parameters given as (name, shape) in the order of the flat array."""
    program = optimizer.rule.program
    shapes = tuple(shape for _, shape in layout)
    hyper = np.empty((len(program.hyper_names), layout_table(shapes)[0]))
    scheduled: dict[ScheduledValue, list[ScheduledRow]] = {}
    start = 0
    for name, shape in layout:
        count = int(np.prod(shape, dtype=np.int64))
        values = optimizer.hyperparameters(name)
        for row, key in enumerate(program.hyper_names):
            value = values[key]
            if isinstance(value, (int, float)):
                hyper[row, start : start + count] = value
                continue
            hyper[row, start : start + count] = np.nan
            known = scheduled.setdefault(value, [])
            if known and known[-1].start + known[-1].count == start:
                joined = known.pop()
                known.append(ScheduledRow(joined.sample, row, joined.start, joined.count + count))
            else:
                # One sampler for equal schedules: they share a column of the timetable.
                known.append(ScheduledRow(known[0].sample if known else value.sample, row, start, count))
        start += count
    return BoundOptimizer(program, hyper, shapes, tuple(one for rows in scheduled.values() for one in rows))
