"""The user's optimizer at work on the parameters of a fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..diagnostics.arguments import shown
from ..optim import Minimize, Optimizer
from ..svi import driver
from ..svi.optimizers import BoundOptimizer, bind_optimizer
from .stored import StoredFit

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ..compiler import BoundFit, ParamSlot
    from ..svi.looks import Look
    from ..svi.outcome import RunOutcome
    from ..svi.state import SVIState
    from .minimising import Minimising


class Optimizing:
    """Steps of the native loop. Keeps one bound optimizer for each layout, so that workspaces can be used again."""

    def __init__(self, optim: Optimizer) -> None:
        self._optim = optim
        self._bound: dict[tuple[tuple[str, tuple[int, ...]], ...], BoundOptimizer] = {}

    def bind(self, slots: Sequence[ParamSlot]) -> BoundOptimizer:
        """The optimizer for these parameters. A function of the name is asked once for each parameter of a layout."""
        layout = tuple((slot.name, slot.unconstrained_shape) for slot in slots)
        bound = self._bound.get(layout)
        if bound is None:
            bound = self._bound.setdefault(layout, bind_optimizer(self._optim, layout))
        return bound

    def stored(self) -> StoredFit:
        """Steps on the values of the param store."""
        return StoredFit(self)

    def initial_state(self, fit: BoundFit, params: npt.NDArray[np.float64], seed: int) -> SVIState:
        """The state before the first step, at flat unconstrained parameters."""
        return driver.initial_state(fit.problem, self.bind(fit.slots), params, seed)

    def update(self, fit: BoundFit, state: SVIState) -> tuple[SVIState, float]:
        """One step: the new state and the loss. Raises NonFiniteError where it cannot be taken."""
        reached, losses = driver.advance_state(fit.problem, self.bind(fit.slots), state)
        return reached, float(losses[0])

    def run(
        self, fit: BoundFit, state: SVIState, num_steps: int, progress_bar: bool | None, looks: Sequence[Look],
        earlier: npt.NDArray[np.float64],
    ) -> RunOutcome:  # fmt: skip
        """Many steps; the outcome says whether all could be taken. looks, earlier: as for `driver.run`."""
        optimizer = self.bind(fit.slots)
        return driver.run(fit.problem, optimizer, state, num_steps, progress_bar, looks=looks, earlier=earlier)

    def fingerprint(self, fit: BoundFit) -> str:
        """The same for the same rule with the same settings."""
        return self.bind(fit.slots).fingerprint()


def optimizing_of(optim: Any) -> Optimizing | Minimising:
    """The steps of an optimizer. Raises TypeError for what is none."""
    if isinstance(optim, Optimizer):
        return Optimizing(optim)
    if isinstance(optim, Minimize):
        # Not loaded with this module: most fits have no use for it.
        from .minimising import Minimising

        return Minimising(optim)
    is_kind = isinstance(optim, type) and issubclass(optim, (Optimizer, Minimize))
    if is_kind:
        hint = "; call the class with its settings"
    elif isinstance(optim, type) or type(optim).__module__ != "builtins":
        hint = "; those of other packages cannot be compiled: use the one of the same name, or `vicompile.optim.rule`"
    else:
        hint = ""
    raise TypeError(f"optim must be an optimizer of vicompile.optim, got {shown(optim)}{hint}")
