"""Gradient descent, with and without momentum."""

from __future__ import annotations

from typing import Any

from .base import Optimizer
from .ranges import RANGES
from .rules import Rule


def _sgd(param: Any, grad: Any, velocity: Any, lr: Any, momentum: Any) -> Any:
    velocity = momentum * velocity + grad
    return param - lr * velocity, velocity


def _nesterov(param: Any, grad: Any, velocity: Any, lr: Any, momentum: Any) -> Any:
    velocity = momentum * velocity + grad
    return param - lr * (grad + momentum * velocity), velocity


class SGD(Optimizer):
    """Gradient descent with heavy-ball momentum: v = momentum * v + gradient; parameter -= lr * v.

    lr: 0.001. momentum: 0.
    """

    rule = Rule(_sgd, {"velocity": 0.0}, {"lr": 1e-3, "momentum": 0.0}, RANGES)


class Momentum(Optimizer):
    """`SGD` under NumPyro's name, with momentum as its default.

    lr (or step_size): 0.001. momentum (or mass): 0.9.
    """

    rule = Rule(_sgd, {"velocity": 0.0}, {"lr": 1e-3, "momentum": 0.9}, RANGES)


class Nesterov(Optimizer):
    """Gradient descent that looks ahead along its momentum: v = momentum * v + gradient;
    parameter -= lr * (gradient + momentum * v). Nesterov (1983) in the form of torch's SGD(nesterov=True).

    lr: 0.001. momentum: 0.9.
    """

    rule = Rule(_nesterov, {"velocity": 0.0}, {"lr": 1e-3, "momentum": 0.9}, RANGES)
