"""Guides that are made of the model, with the names of Pyro's and NumPyro's: `guide = AutoNormal(model)`."""

from __future__ import annotations

from .annealed import AutoDAIS
from .base import AutoGuide
from .continuous import (
    AutoContinuous,
    AutoDiagonalNormal,
    AutoLowRankMultivariateNormal,
    AutoMultivariateNormal,
)
from .flows import AutoFlow, AutoIAFNormal, AutoRealNVP
from .initialization import (
    init_to_feasible,
    init_to_mean,
    init_to_median,
    init_to_sample,
    init_to_uniform,
    init_to_value,
)
from .laplace import AutoLaplaceApproximation
from .mean_field import AutoDelta, AutoNormal
from .parts import AutoGuideList, AutoStructured

__all__ = [
    "AutoContinuous",
    "AutoDAIS",
    "AutoDelta",
    "AutoDiagonalNormal",
    "AutoFlow",
    "AutoGuide",
    "AutoGuideList",
    "AutoIAFNormal",
    "AutoLaplaceApproximation",
    "AutoLowRankMultivariateNormal",
    "AutoMultivariateNormal",
    "AutoNormal",
    "AutoRealNVP",
    "AutoStructured",
    "init_to_feasible",
    "init_to_mean",
    "init_to_median",
    "init_to_sample",
    "init_to_uniform",
    "init_to_value",
]
