"""The memory that one running fit works in, and its argument to the native loop.

Kept by the problem between calls, one for each thread that is running, so that a single step costs no allocation.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from .loop import SLOTS, fill_function, loop_function
from .optimizers import BoundOptimizer
from .problem import Problem
from .state import SVIState, read_only, signed_seed
from .timetable import ScheduledNumber, Timetable, put_function
from .update import padded, scratch_rows, update_function

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

NOISE_DOUBLES = 32 * 1024  # 256 kB: stays in the second-level cache
MOST_STEPS_IN_BLOCK = 1024
_LINE = 8  # doubles in a cache line, and in the widest vector register

_SLOT = {name: k for k, name in enumerate(SLOTS)}
_LOSSES, _SEED, _STEP, _END, _STATUS = (_SLOT[name] for name in ("losses", "seed", "step", "end", "status"))
_DATA, _SIZES = _SLOT["data"], _SLOT["sizes"]
_PUT, _TIMETABLE, _TARGETS = _SLOT["put"], _SLOT["timetable"], _SLOT["targets"]


class Workspace:
    """Buffers for one problem and one optimizer (None: evaluate only), their addresses in the slots of the loop."""

    def __init__(self, problem: Problem, optimizer: BoundOptimizer | None) -> None:
        n, noise = problem.parameter_count, problem.noise
        if optimizer is not None and optimizer.hyper.shape[1] != n:
            raise ValueError(f"the optimizer was laid over {optimizer.hyper.shape[1]} parameters, the problem has {n}")
        step_doubles = problem.particles * noise.row
        block = max(1, min(MOST_STEPS_IN_BLOCK, NOISE_DOUBLES // max(step_doubles, 1)))
        self.optimizer = optimizer
        length = padded(n)
        program = optimizer.program if optimizer is not None else None
        state_rows = len(program.initial) if program is not None else 0
        hyper = optimizer.hyper if optimizer is not None else np.empty((0, n))
        layout = optimizer.layout if optimizer is not None else np.empty(0, np.int64)
        # The update works on whole lanes: what it does behind the last parameter nobody reads.
        whole = (zeros(length), zeros(state_rows * length).reshape(state_rows, length))
        whole_hyper = np.pad(hyper, ((0, 0), (0, length - n)), constant_values=0.5)
        self.params, self.rows = whole[0][:n], whole[1][:, :n]
        # The loss one double in front of a cache line, so that the gradient begins on the line.
        self.out = zeros(_LINE + length)[_LINE - 1 :]
        plan = np.ascontiguousarray(noise.pairs)
        scratch = zeros(scratch_rows(program) * length if program is not None else 0)
        buffers = (zeros(block * step_doubles), zeros(problem.work_length), plan, whole_hyper, scratch, layout)
        self._loop = loop_function()
        values = {
            "kernel": problem.kernel.address,
            "update": update_function(program).address if program is not None else 0,
            "fill": fill_function().address if step_doubles else 0,
            "params": address(whole[0]),
            "state": address(whole[1]),
            "hyper": address(whole_hyper),
            "scratch": address(scratch),
            "layout": address(layout),
            "noise": address(buffers[0]),
            "plan": address(plan),
            "sizes": address(problem.sizes),
            "work": address(buffers[1]),
            "out": address(self.out),
            "parameter_count": n,
            "padded_count": length,
            "particles": problem.particles,
            "row": noise.row,
            "normal_pairs": noise.normal_pairs,
            "uniform_pairs": noise.uniform_pairs,
            "block": block,
        }
        self.slots = np.array([values.get(name, 0) for name in SLOTS], dtype=np.int64)
        self._slots_address = address(self.slots)
        self._kept = (problem.kernel, buffers)
        self._sizes = problem.sizes
        self._hyper_targets = [
            (one.sample, address(whole_hyper) + 8 * (one.row * length + one.start), one.count)
            for one in (optimizer.scheduled if optimizer is not None else ())
        ]
        self._follow(problem.scheduled)
        self.turn_to(problem)

    def turn_to(self, problem: Problem) -> None:
        """Work on the data of another problem, which differs from the first one in nothing else."""
        if problem.scheduled != self._scheduled:
            self._follow(problem.scheduled)
        self._data = problem.data
        if problem.scheduled:
            self._data = problem.data.copy()
            self._data[[one.entry for one in problem.scheduled]] = address(self._numbers) + 8 * np.arange(
                len(problem.scheduled)
            )
        self.slots[_DATA] = address(self._data)
        if problem.sizes is not self._sizes:
            self._sizes = problem.sizes
            self.slots[_SIZES] = address(problem.sizes)

    def _follow(self, scheduled: tuple[ScheduledNumber, ...]) -> None:
        """Keep a timetable for the optimizer's schedules and for these numbers of the data.

        The numbers are this workspace's own, because threads may be at different steps.
        """
        self._scheduled, self._numbers = scheduled, zeros(len(scheduled))
        targets = [(one.sample, address(self._numbers) + 8 * k, 1) for k, one in enumerate(scheduled)]
        targets += self._hyper_targets
        self._timetable = Timetable(targets) if targets else None
        if self._timetable is not None:
            self.slots[_PUT], self.slots[_TARGETS] = put_function().address, address(self._timetable.targets)
        else:
            self.slots[_PUT] = 0

    def carry_on(self, other: Workspace) -> None:
        """Take over the parameters and the optimizer state of a workspace of the same parameters."""
        self.params[:] = other.params
        self.rows[:] = other.rows

    def load(self, state: SVIState) -> None:
        """Take over a state; raises ValueError where its shapes are not those of the problem and the optimizer."""
        if state.params.shape != self.params.shape or state.optimizer_state.shape != self.rows.shape:
            raise ValueError(
                f"a state of {state.params.shape[0]} parameters and {state.optimizer_state.shape[0]} optimizer rows "
                f"does not belong to this fit of {self.params.shape[0]} parameters and {self.rows.shape[0]} rows"
            )
        self.params[:] = state.params
        self.rows[:] = state.optimizer_state
        self.start(state.step, state.seed)

    def start(self, step: int, seed: int) -> None:
        """Continue at a step of a seed's stream of random numbers."""
        slots = self.slots
        slots[_STEP] = step
        slots[_SEED] = signed_seed(seed)

    def foresee(self, steps: int) -> None:
        """Sample all schedules for the next steps now, so that a fault in one of them is told before the first step."""
        if self._timetable is not None:
            self._timetable.foresee(self.step, steps)

    def advance(self, steps: int, losses_address: int) -> int:
        """Do up to `steps` steps in one native call without the GIL; their number, less than asked where it stopped.

        Raises what a schedule raises, before the first of the steps.
        """
        slots = self.slots
        if self._timetable is not None:
            slots[_TIMETABLE] = self._timetable.address(self.step, steps)
        slots[_END] = slots[_STEP] + steps
        slots[_LOSSES] = losses_address
        return int(self._loop.call(self._slots_address))

    @property
    def step(self) -> int:
        """The step reached, right even where a call was interrupted."""
        return int(self.slots[_STEP])

    @property
    def status(self) -> int:
        """0, or why the last call stopped."""
        return int(self.slots[_STATUS])

    def snapshot(self, seed: int) -> SVIState:
        """The state reached, as copies."""
        reported = self.optimizer.program.reported if self.optimizer is not None else None
        return SVIState(read_only(self.params), read_only(self.rows), self.step, seed, reported)


def acquire(problem: Problem, optimizer: BoundOptimizer | None) -> Workspace:
    """An idle workspace turned to the problem's data, or a new one; nobody else has it until it is released."""
    idle = problem.idle.setdefault(optimizer, [])
    try:
        found: Workspace = idle.pop()  # atomic, like append, so that no lock is needed
    except IndexError:
        return Workspace(problem, optimizer)
    found.turn_to(problem)
    return found


def release(problem: Problem, space: Workspace) -> None:
    """Let the next call have a workspace of the problem."""
    problem.idle.setdefault(space.optimizer, []).append(space)


@contextmanager
def workspace(problem: Problem, optimizer: BoundOptimizer | None) -> Iterator[Workspace]:
    """A workspace of the problem that nobody else has inside the `with`."""
    found = acquire(problem, optimizer)
    try:
        yield found
    finally:
        release(problem, found)


def zeros(count: int) -> NDArray[np.float64]:
    """Zeros that begin on a cache line."""
    raw = np.zeros(count + _LINE)
    skip = (-address(raw) // 8) % _LINE
    return raw[skip : skip + count]


def address(array: NDArray[np.float64] | NDArray[np.int64]) -> int:
    """Where an array's elements lie."""
    return int(array.__array_interface__["data"][0])
