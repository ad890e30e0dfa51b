"""`rule`: an optimizer of one's own from a function of one element."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .base import Optimizer
from .ranges import FROM_ZERO
from .rules import Rule


def rule(state: Mapping[str, float | str] | None = None, **hyperparameters: float) -> Callable[..., type[Optimizer]]:
    """Declare an optimizer; used as a decorator of its update rule.

    state: the numbers that the rule keeps for each element, by name, with their values before the first step: a number,
        or "param" for the parameter's own value.
    hyperparameters: their names with their defaults; the first one is what a plain number sets.

    The function takes the parameter, its gradient, and all these by name. It returns the new parameter, or a tuple of
    it and the new state in the declared order. It is written for one element, with Python's arithmetic and comparisons
    and NumPy's elementwise functions (`np.sqrt`, `np.where`, ...), and may look at all elements with `total`,
    `largest`, `norm` and `cover` of this package. It is run once, to write it down, and then compiled. Parameters are
    unconstrained and the objective falls.

    The result is a class, used like `Adam`. Errors: TypeError where the function does not take what was declared; when
    it is used first, for what a rule cannot do.
    """

    def declared(function: Callable[..., Any]) -> type[Optimizer]:
        ranges = {"lr": FROM_ZERO} if "lr" in hyperparameters else {}
        body = {
            "rule": Rule(function, state or {}, hyperparameters, ranges),
            "__doc__": function.__doc__,
            "__module__": function.__module__,
            "__qualname__": function.__qualname__,
        }
        return type(function.__name__, (Optimizer,), body)

    if callable(state):
        raise TypeError("rule is used with its hyperparameters: @rule(lr=0.001)")
    return declared
