"""From two Python functions and the arguments of a call to a kernel bound to its data."""

from .binding import BoundFit
from .compiled import Compiled
from .many import Many
from .pair import Pair
from .pipeline import STAGES, Unit
from .sampler import Sampler
from .simulation import Simulation
from .slots import ParamSlot

__all__ = ["STAGES", "BoundFit", "Compiled", "Many", "Pair", "ParamSlot", "Sampler", "Simulation", "Unit"]
