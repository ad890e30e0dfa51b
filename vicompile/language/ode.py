"""Ordinary differential equations inside a model, by a method of fixed step."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from .control_flow import mapped, stacked
from .marks import primitive


@primitive("odeint_rk4")
def odeint_rk4(f: Callable[..., Any], y0: Any, ts: Any, *args: Any, steps: int = 10) -> Any:
    """The solution of dy/dt = f(y, t, *args) at the times `ts`, by the classical Runge-Kutta method of fourth order.

    f: gives the derivatives in the structure of y. y0: the state at ts[0]: a number, an array, or tuples, lists and
    dicts of them; a tuple of numbers makes the fastest code. ts: at least one time, in the order of integration.
    steps: equal steps between two neighbouring times; the error of a step of size h is of the order h^5.

    Returns the states at all times, stacked along a new first axis, the first of them y0. Differentiable in y0, ts and
    args. Errors: ValueError for fewer than one step. Source: Kutta (1901), Zeitschrift fuer Mathematik und Physik 46.
    """
    if isinstance(steps, bool) or not isinstance(steps, (int, np.integer)) or steps < 1:
        raise ValueError(f"odeint_rk4 needs at least one step, got steps={steps!r}")
    state, states = y0, [y0]
    for start, stop in pairwise(ts):
        h = (stop - start) / steps
        for k in range(steps):
            state = rk4_step(lambda y, t: f(y, t, *args), state, start + k * h, h, mapped)
        states.append(state)
    return stacked(states)


def rk4_step(f: Callable[[Any, Any], Any], y: Any, t: Any, h: Any, over: Callable[..., Any]) -> Any:
    """y(t + h). over: applies a function to the numbers of structures that are alike."""

    def ahead(share: float, slope: Any) -> Any:
        return over(lambda a, b: a + share * h * b, y, slope)

    first = f(y, t)
    second = f(ahead(0.5, first), t + 0.5 * h)
    third = f(ahead(0.5, second), t + 0.5 * h)
    fourth = f(ahead(1.0, third), t + h)
    return over(lambda a, p, q, r, s: a + h / 6.0 * (p + 2.0 * (q + r) + s), y, first, second, third, fourth)
