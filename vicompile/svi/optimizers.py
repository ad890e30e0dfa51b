"""The update rules as native functions: which rows of state a rule keeps, and the text of its one loop.

A rule has the signature `update(params, grad, state, hyper, n, step) -> int64`, with `state` and `hyper` as rows of n
doubles. Instead of beta^t a rule keeps, per element, the weight that its moving average has gathered so far,
1 - beta^t, by the same recursion as the average itself: no pow, no cancellation, and any cut of the steps into calls
gives the same bits.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vicompile.jit import NativeFunction

SIGNATURE = "int64(f8*, f8*, f8*, f8*, i8, i8)"

_ADAM = '''
"""Adam: Kingma and Ba (2015), "Adam: a method for stochastic optimization", algorithm 1."""

from math import sqrt

from vicompile.jit.mathlib.pointers import advance


def update(params, grad, state, hyper, n, step):
    mean, square = state, advance(state, n)
    mean_weight, square_weight = advance(state, 2 * n), advance(state, 3 * n)
    lr, beta1, beta2, eps = hyper, advance(hyper, n), advance(hyper, 2 * n), advance(hyper, 3 * n)
    for i in range(n):
        g, b1, b2 = grad[i], beta1[i], beta2[i]
        m = b1 * mean[i] + (1.0 - b1) * g
        v = b2 * square[i] + (1.0 - b2) * g * g
        w1 = b1 * mean_weight[i] + (1.0 - b1)
        w2 = b2 * square_weight[i] + (1.0 - b2)
        mean[i], square[i], mean_weight[i], square_weight[i] = m, v, w1, w2
        # (m / w1) / (sqrt(v / w2) + eps) with one division
        root = sqrt(w2)
        params[i] -= lr[i] * m * root / (w1 * (sqrt(v) + eps[i] * root))
    return 0
'''

_CLIPPED_ADAM = '''
"""ClippedAdam as Pyro defines it: gradients clipped elementwise, lr decayed each step, eps next to the uncorrected root."""

from math import sqrt

from vicompile.jit.mathlib.pointers import advance


def update(params, grad, state, hyper, n, step):
    mean, square = state, advance(state, n)
    mean_weight, square_weight, decay = advance(state, 2 * n), advance(state, 3 * n), advance(state, 4 * n)
    lr, beta1, beta2, eps = hyper, advance(hyper, n), advance(hyper, 2 * n), advance(hyper, 3 * n)
    clip_norm, lrd = advance(hyper, 4 * n), advance(hyper, 5 * n)
    for i in range(n):
        b1, b2 = beta1[i], beta2[i]
        g = min(max(grad[i], -clip_norm[i]), clip_norm[i])
        m = b1 * mean[i] + (1.0 - b1) * g
        v = b2 * square[i] + (1.0 - b2) * g * g
        w1 = b1 * mean_weight[i] + (1.0 - b1)
        w2 = b2 * square_weight[i] + (1.0 - b2)
        d = decay[i] * lrd[i]
        d = d if d > 1e-300 else 0.0  # subnormal numbers are slow, and no step can be seen at that size
        mean[i], square[i], mean_weight[i], square_weight[i], decay[i] = m, v, w1, w2, d
        params[i] -= lr[i] * d * sqrt(w2) * m / (w1 * (sqrt(v) + eps[i]))
    return 0
'''

_SGD = '''
"""Gradient descent with momentum as torch and Pyro define it: the velocity gathers plain gradients."""

from vicompile.jit.mathlib.pointers import advance


def update(params, grad, state, hyper, n, step):
    lr, momentum = hyper, advance(hyper, n)
    for i in range(n):
        velocity = momentum[i] * state[i] + grad[i]
        state[i] = velocity
        params[i] -= lr[i] * velocity
    return 0
'''


@dataclass(frozen=True)
class Rule:
    """One update rule: its native text, its hyperparameters in row order, the initial value of each row of state."""

    text: str
    hyper_names: tuple[str, ...]
    initial_rows: tuple[float, ...]


RULES: Mapping[str, Rule] = {
    "adam": Rule(_ADAM, ("lr", "beta1", "beta2", "eps"), (0.0, 0.0, 0.0, 0.0)),
    "clipped_adam": Rule(_CLIPPED_ADAM, ("lr", "beta1", "beta2", "eps", "clip_norm", "lrd"), (0.0, 0.0, 0.0, 0.0, 1.0)),
    "sgd": Rule(_SGD, ("lr", "momentum"), (0.0,)),
}


@functools.cache
def update_function(rule: str) -> NativeFunction:
    """The native update function of a rule (a key of RULES); compiled or loaded at the first call."""
    from vicompile.jit import native

    return native(RULES[rule].text, "update", SIGNATURE, label=rule)


class Optimizer(Protocol):
    """What the public optimizer classes offer: the name of the rule, and the hyperparameters of one parameter by its name."""

    @property
    def rule(self) -> str: ...

    def hyperparameters(self, name: str) -> Mapping[str, float]: ...


@dataclass(frozen=True, eq=False)
class BoundOptimizer:
    """An optimizer laid over the flat parameters.

    rule: a key of RULES.
    hyper: float64 (hyperparameters, n), read-only, rows in the order of `Rule.hyper_names`.
    """

    rule: str
    hyper: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise ValueError(f"there is no update rule {self.rule!r}; known are {', '.join(RULES)}")
        hyper = np.array(self.hyper, dtype=np.float64, order="C")
        if hyper.ndim != 2 or hyper.shape[0] != len(RULES[self.rule].hyper_names):
            raise ValueError(f"{self.rule} needs one row for each of {RULES[self.rule].hyper_names}, got shape {hyper.shape}")
        hyper.setflags(write=False)
        object.__setattr__(self, "hyper", hyper)

    def initial_rows(self) -> NDArray[np.float64]:
        """State before the first step: float64 (rows of the rule, n)."""
        column = np.array(RULES[self.rule].initial_rows)[:, None]
        return np.repeat(column, self.hyper.shape[1], axis=1)


def bind_optimizer(optimizer: Optimizer, layout: Sequence[tuple[str, int]]) -> BoundOptimizer:
    """Lay an optimizer over parameters given as (name, number of elements) in the order of the flat array."""
    names = RULES[optimizer.rule].hyper_names if optimizer.rule in RULES else ()
    columns = [[optimizer.hyperparameters(name)[key] for key in names] for name, _ in layout]
    table = np.array(columns, dtype=np.float64).reshape(len(layout), len(names))
    return BoundOptimizer(optimizer.rule, np.repeat(table, [size for _, size in layout], axis=0).T)
