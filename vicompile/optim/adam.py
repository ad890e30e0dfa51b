"""Adam and its relatives.

Instead of beta^t a rule keeps, per element, the weight that its moving average has gathered so far, 1 - beta^t, by the
same recursion as the average itself: no pow, no cancellation, and any cut of the steps into calls gives the same bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .base import Optimizer
from .ranges import RANGES
from .rules import Rule
from .whole import ratio

_MOMENTS = {"mean": 0.0, "square": 0.0, "mean_weight": 0.0, "square_weight": 0.0}
_SETTINGS = {"lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}


def averaged(average: Any, value: Any, beta: Any) -> Any:
    """A moving average after one more value."""
    return beta * average + (1.0 - beta) * value


def _adam(
    param: Any, grad: Any, mean: Any, square: Any, mean_weight: Any, square_weight: Any,
    lr: Any, beta1: Any, beta2: Any, eps: Any,
) -> Any:  # fmt: skip
    mean = averaged(mean, grad, beta1)
    square = beta2 * square + (1.0 - beta2) * grad * grad
    mean_weight, square_weight = averaged(mean_weight, 1.0, beta1), averaged(square_weight, 1.0, beta2)
    # (mean / mean_weight) / (sqrt(square / square_weight) + eps) with a single division
    root = np.sqrt(square_weight)
    step = ratio(lr * mean * root, mean_weight * (np.sqrt(square) + eps * root))
    return param - step, mean, square, mean_weight, square_weight


def _adamw(param: Any, grad: Any, lr: Any, weight_decay: Any, **rest: Any) -> Any:
    return _adam(param - lr * weight_decay * param, grad, lr=lr, **rest)


def _clipped_adam(
    param: Any, grad: Any, mean: Any, square: Any, mean_weight: Any, square_weight: Any, decay: Any,
    lr: Any, beta1: Any, beta2: Any, eps: Any, clip_norm: Any, lrd: Any,
) -> Any:  # fmt: skip
    grad = np.where(grad > clip_norm, clip_norm, grad)
    grad = np.where(grad < 0.0 - clip_norm, 0.0 - clip_norm, grad)
    mean = averaged(mean, grad, beta1)
    square = beta2 * square + (1.0 - beta2) * grad * grad
    mean_weight, square_weight = averaged(mean_weight, 1.0, beta1), averaged(square_weight, 1.0, beta2)
    decay = decay * lrd
    decay = np.where(decay > 1e-300, decay, 0.0)  # subnormal numbers are slow, and such a step cannot be seen
    step = ratio(lr * decay * np.sqrt(square_weight) * mean, mean_weight * (np.sqrt(square) + eps))
    return param - step, mean, square, mean_weight, square_weight, decay


def _adamax(
    param: Any, grad: Any, mean: Any, largest: Any, mean_weight: Any, lr: Any, beta1: Any, beta2: Any, eps: Any
) -> Any:
    mean, mean_weight = averaged(mean, grad, beta1), averaged(mean_weight, 1.0, beta1)
    largest = np.maximum(beta2 * largest, np.abs(grad) + eps)
    return param - ratio(lr * mean, mean_weight * largest), mean, largest, mean_weight


def _adabelief(
    param: Any, grad: Any, mean: Any, square: Any, mean_weight: Any, square_weight: Any,
    lr: Any, beta1: Any, beta2: Any, eps: Any,
) -> Any:  # fmt: skip
    mean = averaged(mean, grad, beta1)
    apart = grad - mean
    square = averaged(square, apart * apart, beta2) + eps
    mean_weight, square_weight = averaged(mean_weight, 1.0, beta1), averaged(square_weight, 1.0, beta2)
    root = np.sqrt(square_weight)
    step = ratio(lr * mean * root, mean_weight * (np.sqrt(square) + eps * root))
    return param - step, mean, square, mean_weight, square_weight


class Adam(Optimizer):
    """Adam (Kingma and Ba 2015, algorithm 1).

    lr (or step_size): 0.001. betas (or b1, b2): (0.9, 0.999). eps: 1e-8.
    """

    rule = Rule(_adam, _MOMENTS, _SETTINGS, RANGES)


class AdamW(Optimizer):
    """Adam that also draws the unconstrained parameters to zero, by lr * weight_decay of themselves in each step
    (Loshchilov and Hutter 2019, "Decoupled weight decay regularization", algorithm 2, as in torch).

    lr: 0.001. betas: (0.9, 0.999). eps: 1e-8. weight_decay: 0.01.
    """

    rule = Rule(_adamw, _MOMENTS, {**_SETTINGS, "weight_decay": 0.01}, RANGES)


class ClippedAdam(Optimizer):
    """Adam on gradients clipped elementwise to +-clip_norm, its learning rate multiplied by lrd after each step; eps is
    added to the root before its bias is corrected (Pyro's).

    lr: 0.001. betas: (0.9, 0.999). eps: 1e-8. clip_norm: 10. lrd: 1.
    """

    rule = Rule(_clipped_adam, {**_MOMENTS, "decay": 1.0}, {**_SETTINGS, "clip_norm": 10.0, "lrd": 1.0}, RANGES)


class Adamax(Optimizer):
    """Adam with the largest gradient, forgotten slowly, in place of the root of the mean square (Kingma and Ba 2015,
    algorithm 2, with eps as in torch).

    lr: 0.002. betas: (0.9, 0.999). eps: 1e-8.
    """

    rule = Rule(_adamax, {"mean": 0.0, "largest": 0.0, "mean_weight": 0.0}, {**_SETTINGS, "lr": 2e-3}, RANGES)


class AdaBelief(Optimizer):
    """Adam that divides by how far gradients lie from their own average (Zhuang et al. 2020, "AdaBelief optimizer",
    algorithm 2).

    lr: 0.001. betas: (0.9, 0.999). eps: 1e-16, added to the mean square at each step and to its root, as in optax.
    """

    rule = Rule(_adabelief, _MOMENTS, {**_SETTINGS, "eps": 1e-16}, RANGES)
