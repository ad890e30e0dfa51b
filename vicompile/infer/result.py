"""What a run returns."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ..diagnostics import public
from .importance import checked_weights
from .origin import Origin
from .posterior import Posterior
from .seeds import check_seed
from .state import check_layout

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ..compiler import BoundFit
    from .state import FitState


class _Three(NamedTuple):
    params: dict[str, Any]
    state: FitState
    losses: npt.NDArray[np.float64]


class SVIRunResult(_Three, Posterior):
    """A finished or interrupted run; unpacks to `params, state, losses` as in NumPyro.

    params: the constrained parameters by name, float64 arrays, a number for a single one.
    state: to go on from, with `run(..., init_state=state)` or `update(state, ...)`.
    losses: float64 (steps done,), minus the ELBO's estimate at each step.
    interrupted: whether Ctrl-C ended the run early; the rest is then what was reached.

    It is a posterior as well: `sample`, `mean`, `std`, `quantiles`, `summary`, `predictive`, `log_likelihood`,
    `to_arviz`.
    """

    interrupted: bool

    def __new__(
        cls,
        params: dict[str, Any],
        state: FitState,
        losses: npt.NDArray[np.float64],
        interrupted: bool = False,
        origin: Origin | None = None,
    ) -> SVIRunResult:
        """The three, how the run ended, and where it came from."""
        self = super().__new__(cls, params, state, losses)
        self.interrupted = interrupted
        self._origin = origin
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        # Functions and data are not stored.
        return SVIRunResult, (*tuple(self), self.interrupted)

    def bound_to(self, model: Callable[..., Any], guide: Callable[..., Any], *args: Any, **kwargs: Any) -> SVIRunResult:
        """The same result with the functions and arguments of its fit, which a result that was loaded has lost."""
        return SVIRunResult(*self, self.interrupted, Origin(model, guide, args, kwargs))

    @public
    def sample(self, num_samples: int = 1000, *, seed: int = 0) -> dict[str, npt.NDArray[Any]]:
        """Draws of the guide: the model's latent sites and deterministic values, (num_samples, *shape of the site).

        Sites of a data-sized loop are one array, under the name with `{}` in place of the number.
        """
        count = operator.index(num_samples)
        return self._from().draws.draw(self._flat(), count, check_seed(seed))

    def _weighted(self, num_samples: int, seed: int) -> tuple[dict[str, npt.NDArray[Any]], npt.NDArray[np.float64]]:
        draws, log_weights = self._from().draws.weighted(self._flat(), operator.index(num_samples), seed)
        return draws, checked_weights(log_weights)

    def _flat(self) -> npt.NDArray[np.float64]:
        bound: BoundFit = self._from().bound
        check_layout(self.state, bound.slots)
        return self.state.inner.params

    def _param_values(self) -> Mapping[str, Any]:
        return self.params

    def __repr__(self) -> str:
        end = ", interrupted" if self.interrupted else ""
        return f"SVIRunResult(params={self.params!r}, {len(self.losses)} losses{end})"
