"""Optimizers: only their hyperparameters. The arithmetic is native and belongs to the run time.

Each can be made in Pyro's way, `Adam({"lr": 0.01, "betas": (0.9, 0.999)})`, in NumPyro's, `Adam(0.01)` or
`Adam(step_size=0.01, b1=0.9)`, or with a function of a parameter's name that returns such a dict, for example to
learn some parameters more slowly (`{"lr": 0.0}` freezes one).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from .diagnostics.nearest import nearest

__all__ = ["SGD", "Adam", "ClippedAdam", "Optimizer"]

_ALIASES = {"step_size": "lr", "b1": "beta1", "b2": "beta2", "mass": "momentum"}

# name -> (what is expected, is it so)
_RANGES: dict[str, tuple[str, Callable[[float], bool]]] = {
    "lr": ("a finite number from 0", lambda v: 0.0 <= v < math.inf),
    "beta1": ("a number from 0, below 1", lambda v: 0.0 <= v < 1.0),
    "beta2": ("a number from 0, below 1", lambda v: 0.0 <= v < 1.0),
    "eps": ("a finite number from 0", lambda v: 0.0 <= v < math.inf),
    "clip_norm": ("a number above 0", lambda v: v > 0.0),
    "lrd": ("a number above 0, at most 1", lambda v: 0.0 < v <= 1.0),
    "momentum": ("a number from 0, below 1", lambda v: 0.0 <= v < 1.0),
}

# Accepted for Pyro's sake with the one value that changes nothing.
_WITHOUT_EFFECT = {"weight_decay": 0, "amsgrad": False, "nesterov": False, "dampening": 0, "centered_variance": False}


class Optimizer:
    """Base of the optimizers: named hyperparameters, the same for all parameters or by the parameter's name.

    settings: a dict of hyperparameters, a number (the learning rate), or a callable of a parameter's name returning
        such a dict. Missing ones take their defaults.
    keywords: hyperparameters by name, instead of the dict.

    Errors: TypeError for an unknown hyperparameter, with the nearest known one, or for a value that is no number;
        ValueError for a number out of range. With a callable they come when `hyperparameters` is called.
    """

    rule: ClassVar[str]
    hyper_names: ClassVar[tuple[str, ...]]
    defaults: ClassVar[dict[str, float]]

    def __init__(
        self,
        settings: Mapping[str, Any] | float | Callable[[str], Mapping[str, Any]] | None = None,
        **keywords: Any,
    ) -> None:
        owner = type(self).__name__
        self._by_name: Callable[[str], Mapping[str, Any]] | None = None
        if callable(settings):
            if keywords:
                raise TypeError(f"{owner}: either a function of the parameter's name or keywords, not both")
            self._by_name, given = settings, {}
        elif isinstance(settings, Mapping):
            given = {**settings, **keywords}
        elif settings is None:
            given = dict(keywords)
        else:
            if "lr" in keywords or "step_size" in keywords:
                raise TypeError(f"{owner}: the learning rate is given twice")
            given = {"lr": settings, **keywords}
        self._common = self._complete(owner, given)

    def hyperparameters(self, name: str) -> dict[str, float]:
        """All hyperparameters for the parameter `name`, in the order of `hyper_names`; a new dict each time."""
        if self._by_name is None:
            return dict(self._common)
        owner = f"{type(self).__name__}, parameter `{name}`"
        given = self._by_name(name)
        if not isinstance(given, Mapping):
            raise TypeError(f"{owner}: the function must return a dict of hyperparameters, it returned {given!r}")
        return self._complete(owner, given)

    def __repr__(self) -> str:
        if self._by_name is not None:
            return f"{type(self).__name__}({self._by_name!r})"
        return f"{type(self).__name__}({', '.join(f'{k}={v:g}' for k, v in self._common.items())})"

    def _complete(self, owner: str, given: Mapping[str, Any]) -> dict[str, float]:
        result = dict(self.defaults)
        seen: set[str] = set()
        for key, value in _canonical(owner, given, self.hyper_names):
            if key in seen:
                raise TypeError(f"{owner}: the hyperparameter `{key}` is given twice")
            seen.add(key)
            result[key] = _number(owner, key, value)
        return {key: result[key] for key in self.hyper_names}


class Adam(Optimizer):
    """Adam (Kingma and Ba 2015, algorithm 1).

    lr (or step_size): 0.001. betas (or b1, b2): (0.9, 0.999). eps: 1e-8.
    """

    rule = "adam"
    hyper_names = ("lr", "beta1", "beta2", "eps")
    defaults: ClassVar[dict[str, float]] = {"lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}


class ClippedAdam(Optimizer):
    """Adam on gradients clipped elementwise to +-clip_norm, its learning rate multiplied by lrd after each step
    (Pyro's).

    lr: 0.001. betas: (0.9, 0.999). eps: 1e-8. clip_norm: 10. lrd: 1.
    """

    rule = "clipped_adam"
    hyper_names = ("lr", "beta1", "beta2", "eps", "clip_norm", "lrd")
    defaults: ClassVar[dict[str, float]] = {
        "lr": 1e-3,
        "beta1": 0.9,
        "beta2": 0.999,
        "eps": 1e-8,
        "clip_norm": 10.0,
        "lrd": 1.0,
    }


class SGD(Optimizer):
    """Gradient descent with heavy-ball momentum: v = momentum * v + gradient; parameter -= lr * v.

    lr: 0.001. momentum: 0.
    """

    rule = "sgd"
    hyper_names = ("lr", "momentum")
    defaults: ClassVar[dict[str, float]] = {"lr": 1e-3, "momentum": 0.0}


def _canonical(owner: str, given: Mapping[str, Any], known: tuple[str, ...]) -> list[tuple[str, Any]]:
    """The given settings under our own names."""
    pairs: list[tuple[str, Any]] = []
    for key, value in given.items():
        if key == "betas" and "beta1" in known:
            try:
                beta1, beta2 = value
            except (TypeError, ValueError):
                raise TypeError(f"{owner}: betas must be two numbers, got {value!r}") from None
            pairs += [("beta1", beta1), ("beta2", beta2)]
        elif _ALIASES.get(key, key) in known:
            pairs.append((_ALIASES.get(key, key), value))
        elif key in _WITHOUT_EFFECT:
            if value != _WITHOUT_EFFECT[key]:
                raise TypeError(f"{owner}: {key}={value!r} is not supported; leave it out")
        else:
            accepted = [k for k in known if k not in ("beta1", "beta2")] + (["betas"] if "beta1" in known else [])
            near = nearest(str(key), [*accepted, *(a for a, k in _ALIASES.items() if k in known)])
            hint = f"; the nearest is `{near}`" if near else ""
            raise TypeError(f"{owner} has no hyperparameter `{key}`; it takes {', '.join(accepted)}{hint}")
    return pairs


def _number(owner: str, key: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{owner}: the hyperparameter `{key}` must be a number, got {value!r}") from None
    expected, holds = _RANGES[key]
    if not holds(number):
        raise ValueError(f"{owner}: the hyperparameter `{key}` is {number:g}, expected {expected}")
    return number
