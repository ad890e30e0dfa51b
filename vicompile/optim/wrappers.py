"""Optimizers around another one: clipped gradients, averaged iterates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .base import Hyper, Optimizer, hyperparameter
from .ranges import ABOVE_ZERO, BELOW_ONE, FROM_ZERO, Range
from .rules import Rule
from .whole import norm


class Wrapper(Optimizer):
    """An optimizer that does something to the gradients or the parameters of another one.

    Its own hyperparameters and state stand beside the other's, under names that are free there.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        function: Callable[..., Any],
        settings: Mapping[str, tuple[Any, Range]],
        state: Mapping[str, float | str],
        reported: str | None,
    ) -> None:
        owner = type(self).__name__
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"{owner} is put around an optimizer, got {optimizer!r}")
        inner = optimizer.rule
        taken = {*inner.state, *inner.defaults}
        names = {name: _free(name, taken) for name in (*settings, *state)}
        checked = {key: hyperparameter(owner, key, value, allowed) for key, (value, allowed) in settings.items()}

        def around(param: Any, grad: Any, **rest: Any) -> Any:
            own = {name: rest.pop(names[name]) for name in names}
            return function(inner.function, param, grad, rest, **own)

        around.__name__ = f"{owner}({inner.name})"
        self.rule = Rule(
            around,
            {**inner.state, **{names[name]: value for name, value in state.items()}},
            {**inner.defaults, **{names[name]: 1.0 for name in settings}},
            reported=inner.reported if reported is None else names[reported],
        )
        self.optimizer = optimizer
        self._settings = checked
        self._own = {names[key]: value for key, value in checked.items()}

    def hyperparameters(self, name: str) -> dict[str, Hyper]:
        """The other optimizer's for this parameter, and this one's own."""
        return {**self.optimizer.hyperparameters(name), **self._own}

    def __repr__(self) -> str:
        shown = (f"{k}={getattr(v, 'schedule', v)!r}" for k, v in self._settings.items())
        return f"{type(self).__name__}({', '.join([repr(self.optimizer), *shown])})"


class Clipped(Wrapper):
    """Another optimizer on clipped gradients.

    clip_norm: the largest norm of the gradient of all parameters together; a longer one is shortened to it.
    clip_value: the largest absolute value of an element, clipped before the norm is taken. Either or both, numbers
        above 0 or schedules.
    per_parameter: take the norm of each parameter's gradient by itself, which is what Pyro's clip_args do.

    Errors: ValueError where neither is given, or one is out of range.
    """

    def __init__(
        self, optimizer: Optimizer, *, clip_norm: Any = None, clip_value: Any = None, per_parameter: bool = False
    ) -> None:
        given = {"clip_norm": clip_norm, "clip_value": clip_value}
        settings = {key: (value, ABOVE_ZERO) for key, value in given.items() if value is not None}
        if not settings:
            raise ValueError("Clipped needs clip_norm or clip_value")

        def clipped(
            inner: Callable[..., Any], param: Any, grad: Any, rest: Any, clip_norm: Any = None, clip_value: Any = None
        ) -> Any:
            if clip_value is not None:
                grad = np.clip(grad, -clip_value, clip_value)
            if clip_norm is not None:
                length = norm(grad, per_parameter=per_parameter)
                grad = np.where(length > clip_norm, grad / length * clip_norm, grad)
            return inner(param, grad, **rest)

        super().__init__(optimizer, clipped, settings, {}, None)


class Averaged(Wrapper):
    """Another optimizer whose fit reports an average of the unconstrained parameters over its steps.

    start: the steps that are left out; until then, and before the first step, the parameters themselves are reported.
    decay: None for an average of all steps alike; else the weight of the past in a moving average, which is divided by
        the weight that it has gathered. power: for more weight on later steps: step t of the average is blended in with
        (power + 1) / (t + power), t from 1 (Shamir and Zhang 2013, "Stochastic gradient descent for non-smooth
        optimization", section 4); 0 is the plain mean. Not together with decay.

    `params` of a result or a state are the average; the steps themselves, and what `SVI.step` writes to the param
    store, go on as without it. Polyak and Juditsky (1992).

    Errors: ValueError for a number out of range, or decay with power.
    """

    def __init__(self, optimizer: Optimizer, *, start: Any = 0, decay: Any = None, power: Any = 0.0) -> None:
        settings = {"start": (start, FROM_ZERO), "power": (power, FROM_ZERO)}
        if decay is not None:
            if power != 0.0:
                raise ValueError("Averaged: either decay or power, not both")
            settings = {"start": (start, FROM_ZERO), "decay": (decay, BELOW_ONE)}
        state: dict[str, float | str] = {"average": "param", "count": 0.0, **({} if decay is None else {"weight": 0.0})}
        super().__init__(optimizer, _averaged if decay is None else _moving_average, settings, state, "average")


def _averaged(
    inner: Callable[..., Any], param: Any, grad: Any, rest: Any, average: Any, count: Any, start: Any, power: Any
) -> Any:
    moved, *states = _as_tuple(inner(param, grad, **rest))
    count = count + 1.0
    taken = count - start
    part = np.where(taken > 1.0, (power + 1.0) / (taken + power), 1.0)
    return moved, *states, _blended(average, moved, part), count


def _moving_average(
    inner: Callable[..., Any], param: Any, grad: Any, rest: Any,
    average: Any, count: Any, weight: Any, start: Any, decay: Any,
) -> Any:  # fmt: skip
    moved, *states = _as_tuple(inner(param, grad, **rest))
    count = count + 1.0
    weight = np.where(count > start, decay * weight + (1.0 - decay), 0.0)
    part = np.where(weight > 0.0, (1.0 - decay) / weight, 1.0)
    return moved, *states, _blended(average, moved, part), count, weight


def _blended(average: Any, moved: Any, part: Any) -> Any:
    return np.where(part < 1.0, average + part * (moved - average), moved)


def _as_tuple(returned: Any) -> tuple[Any, ...]:
    return returned if isinstance(returned, tuple) else (returned,)


def _free(name: str, taken: set[str]) -> str:
    number = 1
    free = name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    taken.add(free)
    return free
