"""From two Python functions and the arguments of a call to a kernel bound to its data."""

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
