"""What one benchmark workload consists of: data, the same model in every language, limits, and an exact ELBO."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Data = tuple[Array, ...]
Parameters = dict[str, Array]
Program = tuple[Callable[..., Any], Callable[..., Any]]


@dataclass(frozen=True)
class AdamSettings:
    """Adam's learning rate and decay rates; epsilon is 1e-8 everywhere."""

    learning_rate: float
    betas: tuple[float, float] = (0.9, 0.999)

    def as_array(self) -> Array:
        """[learning rate, beta 1, beta 2], as the hand-written fits take them."""
        return np.array([self.learning_rate, *self.betas])


@dataclass(frozen=True)
class Limit:
    """A hand-written fit: `fit(data, steps, seed)` gives the parameters on their support, and the losses."""

    label: str
    fit: Callable[[Data, int, int], tuple[Parameters, Array]]


@dataclass(frozen=True)
class Workload:
    """One fit to be measured.

    `programs` maps a program's name to a function that imports it and gives (model, guide); a name is vicompile,
    numpyro or pyro, with a comma and a remark where there is more than one way to write the fit. Model and guide take
    the arrays of `make_data`, or what `arrange[name]` makes of them, once, before anything is timed; they register
    parameters of the same names, shapes and starting values in every program. `elbo` is computed from the fitted
    parameters alone, by a closed form or by quadrature, with no random numbers: it is the common yardstick of all
    programs. `limits[0]` is the one that vicompile is judged against. `can_be_traced` is False where Pyro's tracing
    loss takes minutes to start: then only its eager loop is measured.
    """

    name: str
    title: str
    make_data: Callable[[], Data]
    adam: AdamSettings
    particles: int
    programs: Mapping[str, Callable[[], Program]]
    limits: tuple[Limit, ...]
    elbo: Callable[[Parameters, Data], float]
    first_steps: int
    agreement_steps: int
    arrange: Mapping[str, Callable[[Data], Data]] = field(default_factory=dict)
    can_be_traced: bool = True
