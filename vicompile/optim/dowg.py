"""DoWG, which needs no learning rate."""

from __future__ import annotations

from typing import Any

import numpy as np

from .base import Optimizer
from .ranges import RANGES
from .rules import Rule
from .whole import norm, ratio


def _dowg(param: Any, grad: Any, start: Any, farthest: Any, weighted: Any, lr: Any, distance: Any) -> Any:
    # A frozen parameter would count as one that does not answer its gradient.
    grad = np.where(lr > 0.0, grad, 0.0)
    farthest = np.maximum(np.maximum(farthest, distance), norm(param - start))
    size = norm(grad)
    # The root of the weighted sum, gathered without squares that could overflow.
    weighted = _hypotenuse(weighted, farthest * size)
    return param - ratio(lr * farthest * farthest * grad, weighted), start, farthest, weighted


def _hypotenuse(a: Any, b: Any) -> Any:
    longer, shorter = np.maximum(a, b), np.minimum(a, b)
    part = ratio(shorter, longer)
    return longer * np.sqrt(1.0 + part * part)


class DoWG(Optimizer):
    """Distance over weighted gradients: gradient descent whose rate is r^2 / sqrt(sum of r_k^2 |g_k|^2), r the farthest
    that all parameters together have been from where they began (Khaled, Mishchenko and Jin 2023, "DoWG unleashed",
    algorithm 1). Meant for convex objectives; with noisy gradients, `Averaged(DoWG())` is what its authors analyse.

    lr: 1, a factor of the rate, for parameters by name; 0 freezes one, and its gradient then counts for nothing.
    distance: 0.01, the initial r.
    """

    rule = Rule(_dowg, {"start": "param", "farthest": 0.0, "weighted": 0.0}, {"lr": 1.0, "distance": 0.01}, RANGES)
