"""The user's optimizer laid over the parameters of a fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..optim import Optimizer
from ..svi.optimizers import BoundOptimizer, bind_optimizer

if TYPE_CHECKING:
    from ..compiler import ParamSlot


class Optimizing:
    """Keeps one bound optimizer for each layout, so that workspaces can be used again."""

    def __init__(self, optim: Any) -> None:
        if not isinstance(optim, Optimizer):
            hint = (
                "; call the class with its settings" if isinstance(optim, type) and issubclass(optim, Optimizer) else ""
            )
            raise TypeError(f"optim must be an optimizer of vicompile.optim, got {optim!r}{hint}")
        self._optim: Optimizer = optim
        self._bound: dict[tuple[tuple[str, tuple[int, ...]], ...], BoundOptimizer] = {}

    def bind(self, slots: Sequence[ParamSlot]) -> BoundOptimizer:
        """The optimizer for these parameters. A function of the name is asked once for each parameter of a layout."""
        layout = tuple((slot.name, slot.unconstrained_shape) for slot in slots)
        bound = self._bound.get(layout)
        if bound is None:
            bound = self._bound.setdefault(layout, bind_optimizer(self._optim, layout))
        return bound
