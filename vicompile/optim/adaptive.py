"""Rules that divide by the root of gathered squared gradients: Adagrad, RMSProp and their relatives."""

from __future__ import annotations

from typing import Any

import numpy as np

from .base import Optimizer
from .ranges import RANGES
from .rules import Rule
from .whole import cover, ratio


def _adagrad(
    param: Any, grad: Any, gathered: Any, count: Any, lr: Any, lr_decay: Any, eps: Any, initial_accumulator_value: Any
) -> Any:
    gathered = gathered + grad * grad
    root = np.sqrt(initial_accumulator_value + gathered) + eps
    return param - ratio(lr * grad, (1.0 + count * lr_decay) * root), gathered, count + 1.0


def _adagrad_rmsprop(param: Any, grad: Any, square: Any, count: Any, eta: Any, delta: Any, t: Any) -> Any:
    square = np.where(count == 0.0, grad * grad, t * grad * grad + (1.0 - t) * square)
    count = count + 1.0
    rate = eta * np.exp((delta - 0.5) * np.log(count))
    return param - rate * grad / (1.0 + np.sqrt(square)), square, count


def _rmsprop(param: Any, grad: Any, square: Any, velocity: Any, lr: Any, alpha: Any, eps: Any, momentum: Any) -> Any:
    square = alpha * square + (1.0 - alpha) * grad * grad
    velocity = momentum * velocity + ratio(grad, np.sqrt(square) + eps)
    return param - lr * velocity, square, velocity


def _rmsprop_momentum(
    param: Any, grad: Any, square: Any, velocity: Any, lr: Any, alpha: Any, eps: Any, momentum: Any
) -> Any:
    square = alpha * square + (1.0 - alpha) * grad * grad
    velocity = momentum * velocity + ratio(lr * grad, np.sqrt(square + eps))
    return param - velocity, square, velocity


def _adadelta(param: Any, grad: Any, square: Any, moved: Any, lr: Any, rho: Any, eps: Any) -> Any:
    square = rho * square + (1.0 - rho) * grad * grad
    step = ratio(np.sqrt(moved + eps) * grad, np.sqrt(square + eps))
    return param - lr * step, square, rho * moved + (1.0 - rho) * step * step


def _sm3(param: Any, grad: Any, covered: Any, mean: Any, lr: Any, momentum: Any, eps: Any) -> Any:
    gathered = covered + grad * grad
    step = np.where(gathered > 0.0, grad / np.sqrt(gathered + eps), 0.0)
    mean = momentum * mean + (1.0 - momentum) * step
    return param - lr * mean, cover(gathered), mean


class Adagrad(Optimizer):
    """Divides by the root of the sum of all squared gradients (Duchi, Hazan and Singer 2011, as in torch).

    lr: 0.01. lr_decay: 0; the rate is divided by 1 + lr_decay * steps. initial_accumulator_value: 0. eps: 1e-10.
    """

    rule = Rule(
        _adagrad,
        {"gathered": 0.0, "count": 0.0},
        {"lr": 0.01, "lr_decay": 0.0, "eps": 1e-10, "initial_accumulator_value": 0.0},
        RANGES,
    )


class AdagradRMSProp(Optimizer):
    """Adagrad's falling rate over RMSProp's mean square, the step sizes of Kucukelbir et al. (2017), "Automatic
    differentiation variational inference", equations 10 and 11, as Pyro has them.

    eta: 1, the scale of the steps, which step k multiplies by k**(delta - 1/2). delta: 1e-16. t: 0.1, the weight of the
    newest square. One is added to the root.
    """

    rule = Rule(_adagrad_rmsprop, {"square": 0.0, "count": 0.0}, {"eta": 1.0, "delta": 1e-16, "t": 0.1}, RANGES)


class RMSProp(Optimizer):
    """Divides by the root of the mean of recent squared gradients (Tieleman and Hinton 2012, as in torch).

    lr: 0.01. alpha (or decay): 0.99, the weight of the past. eps: 1e-8, added to the root. momentum: 0.
    """

    rule = Rule(
        _rmsprop,
        {"square": 0.0, "velocity": 0.0},
        {"lr": 0.01, "alpha": 0.99, "eps": 1e-8, "momentum": 0.0},
        RANGES,
    )


class RMSPropMomentum(Optimizer):
    """RMSProp with momentum on the steps, as in NumPyro: eps is added under the root, and the velocity holds rates.

    lr (or step_size): 0.001. alpha (or gamma): 0.9. eps: 1e-8. momentum: 0.9.
    """

    rule = Rule(
        _rmsprop_momentum,
        {"square": 0.0, "velocity": 0.0},
        {"lr": 1e-3, "alpha": 0.9, "eps": 1e-8, "momentum": 0.9},
        RANGES,
    )


class Adadelta(Optimizer):
    """Steps in the parameters' own units: the root of the mean squared step over that of the mean squared gradient
    (Zeiler 2012, algorithm 1).

    lr: 1. rho: 0.9. eps: 1e-6.
    """

    rule = Rule(_adadelta, {"square": 0.0, "moved": 0.0}, {"lr": 1.0, "rho": 0.9, "eps": 1e-6}, RANGES)


class SM3(Optimizer):
    """Adagrad that keeps a bound for each row, column, ... of a parameter instead of a sum for each element (Anil et
    al. 2019, "Memory-efficient adaptive optimization", SM3-II with the slices of each axis as cover).

    Of the bounds only their smallest is needed at the next step: it is kept for each element, so that here, where a
    row of state is cheap, what remains of the idea is that elements learn from others in their slices. A vector is
    treated as by Adagrad.

    lr: 0.1. momentum: 0.9, of the moving average of the steps. eps: 1e-8, added under the root, as in optax.
    """

    rule = Rule(_sm3, {"covered": 0.0, "mean": 0.0}, {"lr": 0.1, "momentum": 0.9, "eps": 1e-8}, RANGES)
