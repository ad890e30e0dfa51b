"""Functions of the language made ready to be simulated: lowered once for each kind of arguments, without a kernel."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..compiler import BoundFit, Simulation
from ..handlers import uncondition
from ..language import get_param_store
from ..objective import prediction
from .known_pairs import known_model
from .stored import stored_params

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..language.messages import Message, Road


class forget(uncondition):
    """`uncondition`, but of the sites that are not to be kept. A plain one forgets all observations.

    forgotten: the names of the sites, or families of sites, that were observed.
    """

    def __init__(self, fn: Callable[..., Any], keep: Collection[str] = ()) -> None:
        super().__init__(fn)
        self.keep = frozenset(keep)
        self.forgotten: set[str] = set()

    def process(self, message: Message, road: Road) -> None:
        """Forget the observation."""
        if message.name not in self.keep:
            if message.kind == "sample" and message.is_observed and not road.is_abstract:
                self.forgotten.add(message.name)
            super().process(message, road)


class Simulated:
    """A function of the language, ready to be run forward on NumPy."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._pair = known_model(function, prediction, last="objective")

    def bind(
        self, args: Sequence[Any], kwargs: Mapping[str, Any], params: Mapping[str, Any] | None
    ) -> tuple[Simulation, NDArray[np.float64]]:
        """The function with these arguments, and its flat parameters.

        params: constrained values by name; names that the function does not have are ignored, and what is missing has
        its initial value. None stands for those of the param store.
        """
        fit: BoundFit = self._pair.bind(args, (), kwargs, {})
        flat = stored_params(fit, get_param_store()) if params is None else fit.initial_params(params)
        return Simulation(fit), flat
