"""Schedules: hyperparameters that are functions of the number of the step, counted from 0.

Each is called with a number, like any function, and gives a float. `Adam(cosine_decay(0.1, 1000))`, or by name:
`Adam({"lr": schedule})`; there any other Python callable of the step will do as well. Where schedules are given, the
values of the steps to come are taken before the native loop starts. Names and arguments follow optax where it has them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .ranges import FINITE, number

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = [
    "Schedule",
    "constant",
    "cosine_decay",
    "exponential_decay",
    "join",
    "linear",
    "one_cycle",
    "piecewise_constant",
    "step_decay",
    "warmup",
]

_BLOCK = 1024


class Schedule:
    """A function of the step that is computed for many steps at once.

    values: float64 steps (n,) to float64 (n,). shown: how it was made, for messages.
    """

    def __init__(self, values: Callable[[Floats], Floats], shown: str) -> None:
        self._values = values
        self._shown = shown
        self._last: tuple[int, Floats] = (-1, np.empty(0))

    def __call__(self, step: int) -> float:
        """The value at one step."""
        return float(self.sample(int(step), 1)[0])

    def sample(self, first: int, count: int) -> Floats:
        """The values of `count` steps from `first` on.

        Computed in blocks that always begin at the same steps, so that the bits do not depend on what was asked for.
        """
        block = first // _BLOCK
        if first + count <= (block + 1) * _BLOCK:
            values = self._block(block)
        else:
            last = -(-(first + count) // _BLOCK)
            values = np.concatenate([self._block(k) for k in range(block, last)])
        start = first - block * _BLOCK
        return values[start : start + count]

    def _block(self, number: int) -> Floats:
        known, values = self._last  # one read, one write: threads may share a schedule
        if known != number:
            with np.errstate(all="ignore"):
                values = self._values(np.arange(number * _BLOCK, (number + 1) * _BLOCK, dtype=np.float64))
            self._last = (number, values)
        return values

    def __repr__(self) -> str:
        return self._shown


def constant(value: float) -> Schedule:
    """The same value at every step."""
    value = number("constant", "value", value, FINITE)
    return Schedule(lambda step: np.full(step.size, value), f"constant({value:g})")


def linear(init_value: float, end_value: float, transition_steps: int) -> Schedule:
    """From `init_value` at step 0 in equal parts to `end_value` at step `transition_steps`, and there it stays."""
    _check_steps("linear", transition_steps=transition_steps)

    def values(step: Floats) -> Floats:
        part = np.minimum(step / transition_steps, 1.0)
        return (1.0 - part) * init_value + part * end_value

    return Schedule(values, f"linear({init_value:g}, {end_value:g}, {transition_steps})")


def exponential_decay(
    init_value: float, transition_steps: int, decay_rate: float, *, end_value: float | None = None
) -> Schedule:
    """init_value * decay_rate**(step / transition_steps), bounded by `end_value` where one is given."""
    _check_steps("exponential_decay", transition_steps=transition_steps)

    def values(step: Floats) -> Floats:
        decayed = init_value * decay_rate ** (step / transition_steps)
        if end_value is None:
            return decayed
        return np.maximum(decayed, end_value) if decay_rate < 1.0 else np.minimum(decayed, end_value)

    return Schedule(values, f"exponential_decay({init_value:g}, {transition_steps}, {decay_rate:g})")


def step_decay(init_value: float, step_size: int, gamma: float = 0.1) -> Schedule:
    """A staircase: init_value * gamma**(step // step_size), torch's StepLR."""
    _check_steps("step_decay", step_size=step_size)
    shown = f"step_decay({init_value:g}, {step_size}, {gamma:g})"
    return Schedule(lambda step: init_value * gamma ** np.floor(step / step_size), shown)


def cosine_decay(init_value: float, decay_steps: int, alpha: float = 0.0) -> Schedule:
    """Along half a cosine from `init_value` to alpha * init_value at `decay_steps`, and there it stays.

    Loshchilov and Hutter (2017), "SGDR: stochastic gradient descent with warm restarts", without restarts.
    """
    _check_steps("cosine_decay", decay_steps=decay_steps)

    def values(step: Floats) -> Floats:
        return init_value * ((1.0 - alpha) * _half_cosine(step / decay_steps) + alpha)

    return Schedule(values, f"cosine_decay({init_value:g}, {decay_steps}, {alpha:g})")


def piecewise_constant(boundaries: Sequence[int], values: Sequence[float]) -> Schedule:
    """values[k] from step boundaries[k - 1] on, before step boundaries[k].

    boundaries: rising steps; there is one value more than boundaries.
    Errors: ValueError where they do not fit.
    """
    edges, levels = np.asarray(boundaries, dtype=np.float64), np.asarray(values, dtype=np.float64)
    _check_boundaries("piecewise_constant", edges, levels.size)
    shown = f"piecewise_constant({list(boundaries)}, {list(values)})"
    return Schedule(lambda step: levels[np.searchsorted(edges, step, side="right")], shown)


def join(schedules: Sequence[Callable[[int], float]], boundaries: Sequence[int]) -> Schedule:
    """One schedule after the other: schedules[k] from step boundaries[k - 1] on, counting its own steps from 0.

    Errors: ValueError where there is not one schedule more than boundaries, or these do not rise.
    """
    edges = np.asarray(boundaries, dtype=np.float64)
    _check_boundaries("join", edges, len(schedules))
    starts = [0, *(int(edge) for edge in edges)]

    def values(step: Floats) -> Floats:
        turn = np.searchsorted(edges, step, side="right")
        found = np.empty(step.size)
        for k, (schedule, start) in enumerate(zip(schedules, starts)):
            mine = turn == k
            if mine.any():
                own = step[mine] - start
                found[mine] = sample_any(schedule, int(own[0]), own.size)
        return found

    return Schedule(values, f"join({list(schedules)!r}, {list(boundaries)})")


def warmup(steps: int, then: float | Callable[[int], float], init_value: float = 0.0) -> Schedule:
    """Up from `init_value` in equal parts over `steps` steps, then what follows: a number or a schedule from its 0."""
    _check_steps("warmup", steps=steps)
    after = then if callable(then) else constant(float(then))
    return join([linear(init_value, float(after(0)), steps), after], [steps])


def one_cycle(
    transition_steps: int,
    peak_value: float,
    pct_start: float = 0.3,
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
) -> Schedule:
    """Along cosines from peak_value / div_factor up to `peak_value`, then down to the start's value / final_div_factor.

    The peak comes after the part `pct_start` of the steps. Smith and Topin (2019), "Super-convergence: very fast
    training of neural networks using large learning rates".
    """
    _check_steps("one_cycle", transition_steps=transition_steps)
    if not 0.0 < pct_start < 1.0:
        raise ValueError(f"one_cycle: pct_start must lie between 0 and 1, got {pct_start!r}")
    low, turn = peak_value / div_factor, float(int(pct_start * transition_steps))
    end = low / final_div_factor

    def values(step: Floats) -> Floats:
        rise = peak_value + (low - peak_value) * _half_cosine(step / max(turn, 1.0))
        fall = end + (peak_value - end) * _half_cosine((step - turn) / (transition_steps - turn))
        return np.where(step < turn, rise, fall)

    return Schedule(values, f"one_cycle({transition_steps}, {peak_value:g})")


def sample_any(schedule: Callable[[int], Any], first: int, count: int) -> Floats:
    """The values of a schedule or of any other callable of the step, which is called for these steps only."""
    if isinstance(schedule, Schedule):
        return schedule.sample(first, count)
    values = np.empty(count)
    for k in range(count):
        value = schedule(first + k)
        try:
            values[k] = float(value)
        except (TypeError, ValueError):
            raise TypeError(f"the schedule must give a number, at step {first + k} it gave {value!r}") from None
    return values


def _half_cosine(part: Floats) -> Floats:
    """1 at 0, and from there along half a cosine to 0 at 1 and later."""
    return 0.5 * (1.0 + np.cos(np.pi * np.clip(part, 0.0, 1.0)))


def _check_steps(owner: str, **steps: int) -> None:
    for name, value in steps.items():
        if not value > 0:
            raise ValueError(f"{owner}: {name} must be a number above 0, got {value!r}")


def _check_boundaries(owner: str, edges: Floats, pieces: int) -> None:
    if edges.ndim != 1 or pieces != edges.size + 1:
        raise ValueError(f"{owner}: {edges.size} boundaries have {edges.size + 1} pieces between them, not {pieces}")
    if np.any(np.diff(edges) <= 0) or (edges.size and edges[0] <= 0):
        raise ValueError(f"{owner}: the boundaries must rise from above 0, got {edges.tolist()}")
