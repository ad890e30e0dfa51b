"""From two Python functions and the arguments of a call to a kernel bound to its data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..diagnostics.lazy import loaded_when_used

if TYPE_CHECKING:
    from .binding import BoundFit
    from .compiled import Compiled
    from .many import Many
    from .pair import Pair
    from .pipeline import STAGES, Unit
    from .points import Points
    from .posterior_draws import GuideDraws, PosteriorDraws
    from .sampler import Sampler
    from .simulation import Simulation
    from .single_losses import PartOfData
    from .sites import Sites
    from .slots import ParamSlot

_PLACES = {
    "BoundFit": ".binding",
    "Compiled": ".compiled",
    "Many": ".many",
    "Pair": ".pair",
    "STAGES": ".pipeline",
    "Unit": ".pipeline",
    "Points": ".points",
    "GuideDraws": ".posterior_draws",
    "PosteriorDraws": ".posterior_draws",
    "Sampler": ".sampler",
    "Simulation": ".simulation",
    "PartOfData": ".single_losses",
    "Sites": ".sites",
    "ParamSlot": ".slots",
}

__all__ = [
    "STAGES",
    "BoundFit",
    "Compiled",
    "GuideDraws",
    "Many",
    "Pair",
    "ParamSlot",
    "PartOfData",
    "Points",
    "PosteriorDraws",
    "Sampler",
    "Simulation",
    "Sites",
    "Unit",
]

__getattr__, __dir__ = loaded_when_used(__name__, _PLACES)
