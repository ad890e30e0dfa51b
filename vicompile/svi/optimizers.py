"""The update rules as native functions: each is one formula over lanes of a few elements, and rows of state.

A native rule is `update(params, grad, state, hyper, n, step) -> int64`, with `state` and `hyper` as rows of n doubles;
n is a multiple of LANES (`padded`). The formulas are built as vector code directly, because an automatic vectoriser
pays for so many pointers with more checks than a small model has work (Adam on 10 parameters: 193 ns against 25).

Instead of beta^t a rule keeps, per element, the weight that its moving average has gathered so far, 1 - beta^t, by the
same recursion as the average itself: no pow, no cancellation, and any cut of the steps into calls gives the same bits.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vicompile.jit import NativeFunction

SIGNATURE = "int64(f8*, f8*, f8*, f8*, i8, i8)"
LANES = 4

_ADAM = '''
def formula(param, grad, state, hyper):
    """Adam: Kingma and Ba (2015), "Adam: a method for stochastic optimization", algorithm 1."""
    mean, square, mean_weight, square_weight = state
    lr, beta1, beta2, eps = hyper
    mean = beta1 * mean + (1.0 - beta1) * grad
    square = beta2 * square + (1.0 - beta2) * grad * grad
    mean_weight = beta1 * mean_weight + (1.0 - beta1)
    square_weight = beta2 * square_weight + (1.0 - beta2)
    # (mean / mean_weight) / (sqrt(square / square_weight) + eps) with a single division
    root = square_weight.square_root()
    step = ratio(lr * mean * root, mean_weight * (square.square_root() + eps * root))
    return param - step, (mean, square, mean_weight, square_weight)
'''

_CLIPPED_ADAM = '''
def formula(param, grad, state, hyper):
    """ClippedAdam as Pyro defines it: gradients clipped elementwise, lr decayed first, eps added to the plain root."""
    mean, square, mean_weight, square_weight, decay = state
    lr, beta1, beta2, eps, clip_norm, lrd = hyper
    grad = grad.where(grad.above(clip_norm), clip_norm, grad)
    grad = grad.where(grad.below(0.0 - clip_norm), 0.0 - clip_norm, grad)
    mean = beta1 * mean + (1.0 - beta1) * grad
    square = beta2 * square + (1.0 - beta2) * grad * grad
    mean_weight = beta1 * mean_weight + (1.0 - beta1)
    square_weight = beta2 * square_weight + (1.0 - beta2)
    decay = decay * lrd
    decay = decay.where(decay.above(1e-300), decay, 0.0)  # subnormal numbers are slow, and such a step cannot be seen
    step = ratio(lr * decay * square_weight.square_root() * mean, mean_weight * (square.square_root() + eps))
    return param - step, (mean, square, mean_weight, square_weight, decay)
'''

_SGD = '''
def formula(param, grad, state, hyper):
    """Gradient descent with momentum as torch and Pyro define it: the velocity gathers plain gradients."""
    (velocity,) = state
    lr, momentum = hyper
    velocity = momentum * velocity + grad
    return param - lr * velocity, (velocity,)
'''

_TEXT = '''
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from vicompile.jit.mathlib.lanes import Real

LANES, STATE_ROWS, HYPER_ROWS = {lanes}, {state_rows}, {hyper_rows}


def ratio(top, bottom):
    """top / bottom, and 0 / 0 = 0: with eps 0 a parameter that has lr 0, or had no gradient yet, stays where it is."""
    return top.where(top.equals(0.0), 0.0, top / bottom)


{formula}

@intrinsic
def update_lanes(typing_context, params, grad, state, hyper, n, first):
    """The formula for LANES elements from `first` on."""

    def generate(context, builder, signature, values):
        params, grad, state, hyper, n, first = values

        def place(pointer, row):
            start = builder.add(first, builder.mul(n, n.type(row)))
            return builder.bitcast(builder.gep(pointer, [start]), ir.VectorType(ir.DoubleType(), LANES).as_pointer())

        def read(pointer, row=0):
            return Real(builder, builder.load(place(pointer, row), align=8))

        before = [read(state, row) for row in range(STATE_ROWS)]
        moved, after = formula(read(params), read(grad), before, [read(hyper, row) for row in range(HYPER_ROWS)])
        builder.store(moved.value, place(params, 0), align=8)
        for row, lanes in enumerate(after):
            builder.store(lanes.value, place(state, row), align=8)
        return context.get_dummy_value()

    return types.void(params, grad, state, hyper, types.int64, types.int64), generate


def update(params, grad, state, hyper, n, step):
    for first in range(0, n, LANES):
        update_lanes(params, grad, state, hyper, n, first)
    return 0
'''


@dataclass(frozen=True)
class Rule:
    """One update rule: its formula, its hyperparameters in row order, the initial value of each row of state."""

    formula: str
    hyper_names: tuple[str, ...]
    initial_rows: tuple[float, ...]

    def text(self) -> str:
        """The native function as Python text."""
        rows = {"state_rows": len(self.initial_rows), "hyper_rows": len(self.hyper_names)}
        return _TEXT.format(lanes=LANES, formula=self.formula.strip() + "\n", **rows)


RULES: Mapping[str, Rule] = {
    "adam": Rule(_ADAM, ("lr", "beta1", "beta2", "eps"), (0.0, 0.0, 0.0, 0.0)),
    "clipped_adam": Rule(_CLIPPED_ADAM, ("lr", "beta1", "beta2", "eps", "clip_norm", "lrd"), (0.0, 0.0, 0.0, 0.0, 1.0)),
    "sgd": Rule(_SGD, ("lr", "momentum"), (0.0,)),
}


@functools.cache
def update_function(rule: str) -> NativeFunction:
    """The native update function of a rule (a key of RULES); compiled or loaded at the first call."""
    from vicompile.jit import native

    return native(RULES[rule].text(), "update", SIGNATURE, label=rule)


def padded(count: int) -> int:
    """The length of a row of `count` elements in memory: a whole number of lanes."""
    return -(-count // LANES) * LANES


class Optimizer(Protocol):
    """What the public optimizer classes offer: the name of the rule, and the hyperparameters for one parameter."""

    @property
    def rule(self) -> str:
        """A key of RULES."""

    def hyperparameters(self, name: str) -> Mapping[str, float]:
        """Values for all of the rule's hyperparameters."""


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
            names = ", ".join(RULES[self.rule].hyper_names)
            raise ValueError(f"{self.rule} needs one row for each of {names}, got shape {hyper.shape}")
        hyper.setflags(write=False)
        object.__setattr__(self, "hyper", hyper)

    def fingerprint(self) -> str:
        """The same for the same rule with the same hyperparameters."""
        rule = RULES[self.rule]
        digest = hashlib.sha256(repr((rule, self.hyper.shape)).encode())
        digest.update(self.hyper.data)
        return digest.hexdigest()

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
