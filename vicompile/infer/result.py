"""What a run returns."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ..diagnostics import public, whole_number
from .importance import checked_weights
from .origin import Origin
from .posterior import Posterior
from .seeds import check_seed
from .state import check_layout

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ..compiler import GuideDraws
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
    stopped: why it ended: "steps" after all that were asked for, "converged" by the stop rule, "interrupted" by Ctrl-C.

    It is a posterior as well: `sample`, `mean`, `std`, `quantiles`, `summary`, `predictive`, `log_likelihood`,
    `to_arviz`. A result that was saved or pickled, and loaded, has lost model, guide and data, but not its draws.
    """

    stopped: str
    _draws: GuideDraws

    def __new__(
        cls,
        params: dict[str, Any],
        state: FitState,
        losses: npt.NDArray[np.float64],
        draws: GuideDraws,
        stopped: str = "steps",
        origin: Origin | None = None,
    ) -> SVIRunResult:
        """The three, the guide's draws, how the run ended, and where it came from."""
        self = super().__new__(cls, params, state, losses)
        self.stopped = stopped
        self._draws, self._origin = draws, origin
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).of_fields, (self._fields_kept(),)

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended the run early; the rest is then what was reached."""
        return self.stopped == "interrupted"

    @public
    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it all to one file, without the training data, for `vicompile.load_fit`.

        The file appears whole or not at all, also in place of an earlier one. Errors: OSError where it cannot be
        written; TypeError for a constraint of your own on a parameter.
        """
        from .keeping import Keeper

        Keeper(path, type(self).__name__, {}).write(self._fields_kept())

    def _fields_kept(self) -> dict[str, Any]:
        return {**self._asdict(), "draws": self._draws, "stopped": self.stopped}

    @classmethod
    def of_fields(cls, fields: Mapping[str, Any]) -> SVIRunResult:
        """The result that was saved; what a checkpoint notes beside it is left out."""
        names = ("params", "state", "losses", "draws", "stopped")
        return cls(**{name: fields[name] for name in names})

    @public
    def bound_to(self, model: Callable[..., Any], guide: Callable[..., Any], *args: Any, **kwargs: Any) -> SVIRunResult:
        """The same result with functions and arguments of the model, which a result that was loaded has lost.

        They may be other arguments than those of the fit, if its parameters fit them: all rows of a plate that it has
        seen in batches, for instance. Errors: ValueError where they do not; CompileError, DataError.
        """
        origin = Origin(model, guide, args, kwargs)
        draws = origin.guide_draws
        check_layout(self.state, draws.sampler.slots)
        return type(self)(*self, draws, self.stopped, origin)

    @public
    def sample(self, num_samples: int = 1000, *, seed: int = 0) -> dict[str, npt.NDArray[Any]]:
        """Draws of the guide: the model's latent sites and deterministic values, (num_samples, *shape of the site).

        Sites of a data-sized loop are one array, under the name with `{}` in place of the number.
        """
        count = whole_number("num_samples", num_samples)
        return self._draws.draw(self.state.inner.reported, count, check_seed(seed))

    def _weighted(self, num_samples: int, seed: int) -> tuple[dict[str, npt.NDArray[Any]], npt.NDArray[np.float64]]:
        origin = self._from()
        check_layout(self.state, origin.bound.slots)
        draws, log_weights = origin.draws.weighted(self.state.inner.reported, num_samples, seed)
        return draws, checked_weights(log_weights)

    def _param_values(self) -> Mapping[str, Any]:
        return self.params

    def __repr__(self) -> str:
        end = "" if self.stopped == "steps" else f", {self.stopped}"
        return f"SVIRunResult(params={self.params!r}, {len(self.losses)} losses{end})"
