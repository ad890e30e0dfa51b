"""The base of the optimizers: hyperparameters under one set of names, whichever way they are given.

`Adam({"lr": 0.01, "betas": (0.9, 0.999)})` is Pyro's way, `Adam(0.01)` or `Adam(step_size=0.01, b1=0.9)` NumPyro's; a
function of a parameter's name that returns such a dict tells them apart (`{"lr": 0.0}` freezes one). The place of any
number may be taken by a function of the step, a schedule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..diagnostics import Record, nearest
from .ranges import FINITE, Range, first_outside, number
from .rules import Rule
from .schedules import Schedule, sample_any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_ALIASES = {
    "step_size": ("lr", "eta"),
    "learning_rate": ("lr", "eta"),
    "b1": ("beta1",),
    "b2": ("beta2",),
    "mass": ("momentum",),
    "decay": ("alpha",),
    "gamma": ("alpha",),
}

# Accepted for Pyro's sake with the one value that changes nothing; else the advice, where there is one.
_WITHOUT_EFFECT: dict[str, tuple[Any, str]] = {
    "weight_decay": (0, ""),
    "amsgrad": (False, ""),
    "nesterov": (False, "; `Nesterov` is an optimizer of its own"),
    "dampening": (0, ""),
    "centered": (False, ""),
    "centered_variance": (False, ""),
}


class Scheduled(Record):
    """A hyperparameter that is a function of the step. owner, key: for messages; allowed: what its values may be."""

    schedule: Callable[[int], Any]
    key: str
    allowed: Range
    owner: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scheduled) and (self.schedule, self.key) == (other.schedule, other.key)

    def __hash__(self) -> int:
        return hash((self.schedule, self.key))

    def sample(self, first: int, count: int) -> npt.NDArray[np.float64]:
        """The values of `count` steps from `first` on.

        Raises TypeError for what is no number, ValueError for one out of range; both name the step.
        """
        try:
            values = sample_any(self.schedule, first, count)
        except TypeError as error:
            raise TypeError(f"{self.owner}, `{self.key}`: {error}") from None
        wrong = first_outside(values, self.allowed)
        if wrong is not None:
            raise ValueError(
                f"{self.owner}: the schedule of `{self.key}` gives {values[wrong]:g} at step {first + wrong}, "
                f"expected {self.allowed.expected}"
            )
        return values


Hyper = float | Scheduled


class Optimizer:
    """Base of the optimizers: named hyperparameters, the same for all parameters or by the parameter's name.

    settings: a dict of hyperparameters, a number or a schedule (the learning rate), or a callable of a parameter's name
        returning such a dict. Missing ones take their defaults.
    keywords: hyperparameters by name, instead of the dict.

    A value in a dict or keyword may be a schedule: a callable of the step's number, from 0. Errors: TypeError for an
        unknown hyperparameter, with the nearest known one, or for a value that is no number; ValueError for a number
        out of range. With a callable of the name they come when `hyperparameters` is called, with a schedule when a run
        begins.
    """

    rule: Rule

    def __init__(
        self,
        settings: Mapping[str, Any] | float | Schedule | Callable[[str], Mapping[str, Any]] | None = None,
        *more: Any,
        **keywords: Any,
    ) -> None:
        owner = type(self).__name__
        if more:
            raise TypeError(
                f"{owner}: all hyperparameters but the learning rate are given by name; gradients are clipped by "
                f"`Clipped({owner}(...), ...)`"
            )
        if not hasattr(self, "rule"):
            raise TypeError("Optimizer is what all optimizers have in common: use one, such as Adam(lr=0.01)")
        self._by_name: Callable[[str], Mapping[str, Any]] | None = None
        if callable(settings) and not isinstance(settings, Schedule):
            if keywords:
                raise TypeError(f"{owner}: either a function of the parameter's name or keywords, not both")
            self._by_name, given = settings, {}
        elif isinstance(settings, Mapping):
            given = {**settings, **keywords}
        elif settings is None:
            given = dict(keywords)
        else:
            rate = self.rule.hyper_names[0] if self.rule.hyper_names else "lr"
            if any(key in keywords for key in (rate, "step_size", "learning_rate")):
                raise TypeError(f"{owner}: the learning rate is given twice")
            given = {rate: settings, **keywords}
        self._common = self._complete(owner, given)

    def hyperparameters(self, name: str) -> dict[str, Hyper]:
        """All hyperparameters for the parameter `name`, in the order of the rule's; a new dict each time."""
        if self._by_name is None:
            return dict(self._common)
        owner = f"{type(self).__name__}, parameter `{name}`"
        given = self._by_name(name)
        if not isinstance(given, Mapping):
            raise TypeError(
                f"{owner}: the function must return a dict of hyperparameters, it returned {given!r}; a schedule is "
                'given by name, {"lr": schedule}'
            )
        return self._complete(owner, given)

    def __repr__(self) -> str:
        if self._by_name is not None:
            return f"{type(self).__name__}({self._by_name!r})"
        return f"{type(self).__name__}({', '.join(f'{k}={_shown(v)}' for k, v in self._common.items())})"

    def _complete(self, owner: str, given: Mapping[str, Any]) -> dict[str, Hyper]:
        result: dict[str, Hyper] = dict(self.rule.defaults)
        seen: set[str] = set()
        for key, value in _canonical(owner, given, self.rule.hyper_names):
            if key in seen:
                raise TypeError(f"{owner}: the hyperparameter `{key}` is given twice")
            seen.add(key)
            result[key] = hyperparameter(owner, key, value, self.rule.ranges.get(key, FINITE))
        return {key: result[key] for key in self.rule.hyper_names}


def hyperparameter(owner: str, key: str, value: Any, allowed: Range) -> Hyper:
    """A number or a schedule, checked. Raises TypeError or ValueError, naming the hyperparameter."""
    return Scheduled(value, key, allowed, owner) if callable(value) else number(owner, key, value, allowed)


def _shown(value: Hyper) -> str:
    return f"{value.schedule!r}" if isinstance(value, Scheduled) else f"{value:g}"


def _canonical(owner: str, given: Mapping[str, Any], known: tuple[str, ...]) -> list[tuple[str, Any]]:
    """The given settings under our own names."""
    aliases = {alias: name for alias, names in _ALIASES.items() for name in names if name in known}
    pairs: list[tuple[str, Any]] = []
    for key, value in given.items():
        if key == "betas" and "beta1" in known:
            try:
                beta1, beta2 = value
            except (TypeError, ValueError):
                raise TypeError(f"{owner}: betas must be two numbers, got {value!r}") from None
            pairs += [("beta1", beta1), ("beta2", beta2)]
        elif key in known or key in aliases:
            pairs.append((key if key in known else aliases[key], value))
        elif key in _WITHOUT_EFFECT:
            harmless, advice = _WITHOUT_EFFECT[key]
            if value != harmless:
                raise TypeError(f"{owner}: {key}={value!r} is not supported; leave it out{advice}")
        else:
            has_betas = "beta1" in known and "beta2" in known
            accepted = [k for k in known if not (has_betas and k in ("beta1", "beta2"))]
            accepted += ["betas"] if has_betas else []
            near = nearest(str(key), [*accepted, *aliases])
            hint = f"; the nearest is `{near}`" if near else ""
            raise TypeError(f"{owner} has no hyperparameter `{key}`; it takes {', '.join(accepted)}{hint}")
    return pairs
