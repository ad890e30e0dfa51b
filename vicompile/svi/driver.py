"""Drives the native loop: first state, some steps, a whole run with progress and Ctrl-C, evaluation without a step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .outcome import NonFiniteError, RunOutcome, why_stopped
from .progress import Pace, Progress
from .state import SEED_LIMIT, SVIState, check_steps, make_state
from .workspace import Workspace, address, workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from .looks import Look
    from .optimizers import BoundOptimizer
    from .outcome import Stopped
    from .problem import Problem


def initial_state(problem: Problem, optimizer: BoundOptimizer, params: ArrayLike, seed: int) -> SVIState:
    """The state before the first step.

    params: (n,), unconstrained, copied. Raises ValueError where they or the seed do not fit.
    """
    flat = np.asarray(params, dtype=np.float64)
    state = make_state(flat, optimizer.initial_rows(flat.ravel()), 0, seed, optimizer.program.reported)
    if state.params.size != problem.parameter_count:
        raise ValueError(f"{state.params.size} parameters for a problem of {problem.parameter_count}")
    return state


def advance_state(
    problem: Problem, optimizer: BoundOptimizer, state: SVIState, steps: int = 1
) -> tuple[SVIState, NDArray[np.float64]]:
    """Do `steps` steps in one native call: the new state, and the loss of each step, float64 (steps,).

    Doing them one by one gives the same bits. Ctrl-C waits until they are done: `run` is for many steps.
    Raises NonFiniteError in front of a step whose loss or gradient is not finite.
    """
    check_steps(state.step, steps)
    losses = np.empty(steps)
    with workspace(problem, optimizer) as space:
        space.load(state)
        done = space.advance(steps, address(losses))
        reached = space.snapshot(state.seed)
        if done < steps:
            raise NonFiniteError(RunOutcome(reached, losses[:done], why_stopped(space)))
    return reached, losses


def run(
    problem: Problem,
    optimizer: BoundOptimizer,
    state: SVIState,
    num_steps: int,
    progress_bar: bool | None = None,
    *,
    looks: Sequence[Look] = (),
    earlier: ArrayLike = (),
) -> RunOutcome:
    """Do `num_steps` steps from `state` on, in native calls short enough for Ctrl-C.

    progress_bar: True, False, or None for a bar on a terminal where the run takes more than a moment.
    looks: what looks at the run between the calls, and may end it. earlier: losses of steps of this run that were done
    before `state`; they count in all that the looks are told, and in the outcome.
    Does not raise for a run that could not be finished: the outcome holds what was reached, and in `stopped` why.
    What a schedule raises comes before the first step.
    """
    check_steps(state.step, num_steps)
    before = np.asarray(earlier, dtype=np.float64)
    losses = np.empty(len(before) + num_steps)  # memory that is not touched before it is needed
    losses[: len(before)] = before
    stopped: Stopped = None
    with workspace(problem, optimizer) as space:
        space.load(state)
        space.foresee(num_steps)
        try:
            stopped = _all_steps(space, state.seed, losses, len(before), progress_bar, looks)
        except KeyboardInterrupt:
            stopped = "interrupted"
        # Whatever was interrupted: the loop itself keeps count, together with the parameters.
        reached = space.snapshot(state.seed)
    done = losses[: len(before) + reached.step - state.step]
    # A view would keep the memory of steps that were never done.
    return RunOutcome(reached, done if len(done) == len(losses) else done.copy(), stopped)


def _all_steps(
    space: Workspace, seed: int, losses: NDArray[np.float64], done: int, progress_bar: bool | None,
    looks: Sequence[Look],
) -> Stopped:  # fmt: skip
    pace, start, total = Pace(), address(losses), len(losses)
    with Progress(total, progress_bar, done) as progress:
        while done < total:
            asked = pace.next_steps(min([total - done, *(look.steps_ahead(done) for look in looks)]))
            got = space.advance(asked, start + 8 * done)
            pace.measure()
            done += got
            progress.move(losses, done)
            if got < asked:
                return why_stopped(space)
            answers = [look.look(losses[:done], lambda: space.snapshot(seed)) for look in looks]
            if any(answers):
                return "converged"
    return None


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The objective at fixed parameters.

    losses: float64 (steps,), as they are, also where they are not finite.
    gradient: float64 (n,), that of the last step.
    status: 0, or the kernel's own where it failed; there are then fewer losses.
    """

    losses: NDArray[np.float64]
    gradient: NDArray[np.float64]
    status: int


def evaluate(problem: Problem, params: ArrayLike, *, seed: int, step: int = 0, steps: int = 1) -> Evaluation:
    """Loss and gradient at `params` with the noise of `steps` steps from `step` on; nothing is updated.

    With the step and the seed of a state this is the loss that its next update would return.
    """
    check_steps(step, steps)
    flat = np.asarray(params, dtype=np.float64)
    if flat.shape != (problem.parameter_count,) or not 0 <= seed < SEED_LIMIT:
        raise ValueError(f"parameters {flat.shape} or seed {seed} do not fit a problem of {problem.parameter_count}")
    losses = np.empty(steps)
    with workspace(problem, None) as space:
        space.params[:] = flat
        space.start(step, seed)
        done = space.advance(steps, address(losses))
        return Evaluation(losses[:done], space.out[1 : 1 + flat.size].copy(), space.status)
