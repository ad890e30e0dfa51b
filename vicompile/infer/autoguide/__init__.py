"""Guides that are made of the model, with the names of Pyro's and NumPyro's: `guide = AutoNormal(model)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...diagnostics.lazy import loaded_when_used
from ..elsewhere import AUTOGUIDES

if TYPE_CHECKING:
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

_PLACES = {
    "AutoDAIS": ".annealed",
    "AutoGuide": ".base",
    "AutoContinuous": ".continuous",
    "AutoDiagonalNormal": ".continuous",
    "AutoLowRankMultivariateNormal": ".continuous",
    "AutoMultivariateNormal": ".continuous",
    "AutoFlow": ".flows",
    "AutoIAFNormal": ".flows",
    "AutoRealNVP": ".flows",
    "init_to_feasible": ".initialization",
    "init_to_mean": ".initialization",
    "init_to_median": ".initialization",
    "init_to_sample": ".initialization",
    "init_to_uniform": ".initialization",
    "init_to_value": ".initialization",
    "AutoLaplaceApproximation": ".laplace",
    "AutoDelta": ".mean_field",
    "AutoNormal": ".mean_field",
    "AutoGuideList": ".parts",
    "AutoStructured": ".parts",
}

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

__getattr__, __dir__ = loaded_when_used(__name__, _PLACES, advice=AUTOGUIDES)
