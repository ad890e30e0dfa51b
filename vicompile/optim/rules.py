"""A rule: a function of one element, its rows of state and its hyperparameters. Ours and the user's are alike."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from .program import Program, write_down
from .ranges import Range

PARAM = "param"  # as an initial value: the parameter's own


class Rule:
    """How one step moves a parameter.

    function: called as `function(param, grad, **state, **hyperparameters)`, written with NumPy's elementwise functions
        and `total`, `largest`, `norm`, `cover`; returns the new parameter, then the new state in the order of `state`.
    state: the initial value of each row of state by name, a number, or "param" for the parameter's own value.
    defaults: the hyperparameters by name; the first one is what a plain number sets.
    ranges: what hyperparameters may be, by name; others are finite numbers.
    reported: the state that a fit reports instead of the parameters.

    Errors: TypeError where the function does not take exactly these.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        state: Mapping[str, float | str],
        defaults: Mapping[str, float],
        ranges: Mapping[str, Range] | None = None,
        reported: str | None = None,
    ) -> None:
        self.name = getattr(function, "__name__", "rule")
        self.function = function
        self.state = dict(state)
        self.ranges = dict(ranges or {})
        self.reported = reported
        for name, value in self.state.items():
            if value != PARAM and (isinstance(value, str) or not _is_number(value)):
                raise TypeError(f"{self.name}: the state `{name}` starts at a number or at 'param', got {value!r}")
        for name, value in defaults.items():
            if not _is_number(value):
                raise TypeError(f"{self.name}: the default of `{name}` must be a number, got {value!r}")
        self.defaults = {name: float(value) for name, value in defaults.items()}
        self._check_signature()

    @property
    def hyper_names(self) -> tuple[str, ...]:
        """The hyperparameters in the order of their rows."""
        return tuple(self.defaults)

    @cached_property
    def program(self) -> Program:
        """The rule written down. Raises TypeError for what a rule cannot do."""
        initial = {name: None if value == PARAM else float(value) for name, value in self.state.items()}
        return write_down(self.function, initial, self.hyper_names, self.reported)

    def _check_signature(self) -> None:
        twice = sorted(set(self.state) & set(self.defaults))
        if twice:
            raise TypeError(f"{self.name}: {', '.join(twice)} is both a state and a hyperparameter")
        parameters = list(inspect.signature(self.function).parameters.values())
        if len(parameters) < 2:
            raise TypeError(f"{self.name}: a rule takes the parameter and its gradient, then its state by name")
        if any(one.kind is one.VAR_KEYWORD for one in parameters):
            return
        taken = [one.name for one in parameters[2:]]
        given = [*self.state, *self.defaults]
        unknown = [name for name in taken if name not in given]
        if unknown:
            raise TypeError(f"{self.name}: `{unknown[0]}` is neither in its state nor a hyperparameter with a default")
        missing = [name for name in given if name not in taken]
        if missing:
            raise TypeError(f"{self.name} does not take `{missing[0]}`, which was declared for it")


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True
