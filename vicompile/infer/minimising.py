"""`Minimize` at work: each step is a minimisation with the noise of that step kept fixed."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from ..language import get_param_store
from ..svi import driver
from ..svi.fixed_noise import fixed_noise
from ..svi.outcome import NonFinite, NonFiniteError, RunOutcome
from ..svi.state import SVIState, check_steps, make_state
from .fitting.lbfgs import minimise
from .nonfinite import stop_error
from .stored import StoredSteps, write_params

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from ..compiler import BoundFit
    from ..optim import Minimize
    from ..svi.looks import Look
    from ..svi.outcome import Stopped

    FloatArray = npt.NDArray[np.float64]


class Minimising:
    """What `Optimizing` does for rules, for a minimiser: the state between two steps has the parameters alone."""

    def __init__(self, optim: Minimize) -> None:
        self._optim = optim

    def initial_state(self, fit: BoundFit, params: FloatArray, seed: int) -> SVIState:
        """The state before the first step, at flat unconstrained parameters."""
        return make_state(params, np.empty((0, params.size)), 0, seed)

    def fingerprint(self, fit: BoundFit) -> str:
        """The same for the same settings."""
        return repr(self._optim)

    def stored(self) -> StoredMinimum:
        """Steps on the values of the param store."""
        return StoredMinimum(self)

    def update(self, fit: BoundFit, state: SVIState) -> tuple[SVIState, float]:
        """One minimisation: where it ended, and the loss there. Raises NonFiniteError where it cannot begin."""
        check_steps(state.step, 1)
        first = driver.evaluate(fit.problem, state.params, seed=state.seed, step=state.step)
        stopped = _why_it_cannot_begin(state.step, first)
        if stopped is not None:
            raise NonFiniteError(RunOutcome(state, np.empty(0), stopped))
        if not state.params.size:
            return make_state(state.params, state.optimizer_state, state.step + 1, state.seed), float(first.losses[0])
        settings = self._optim
        with fixed_noise(fit.problem, seed=state.seed, step=state.step) as loss:
            found = minimise(
                loss,
                state.params,
                memory=settings.memory,
                most_iterations=settings.max_iterations,
                tolerance=settings.tolerance,
            )
        if found.reason != "converged":
            warnings.warn(
                f"Minimize ended after {found.iterations} iterations without having converged ({found.reason}); "
                "another step goes on from there",
                RuntimeWarning,
                stacklevel=5,
            )
        return make_state(found.x, state.optimizer_state, state.step + 1, state.seed), found.value

    def run(
        self, fit: BoundFit, state: SVIState, num_steps: int, progress_bar: bool | None, looks: Sequence[Look],
        earlier: FloatArray,
    ) -> RunOutcome:  # fmt: skip
        """Many minimisations. Ctrl-C keeps the last that has ended. looks, earlier: as for `driver.run`."""
        losses = list(earlier)
        stopped: Stopped = None
        try:
            for _ in range(num_steps):
                state, loss = self.update(fit, state)
                losses.append(loss)
                answers = [look.look(np.array(losses), lambda: state) for look in looks]  # noqa: B023
                if any(answers):
                    stopped = "converged"
                    break
        except NonFiniteError as error:
            stopped = error.outcome.stopped
        except KeyboardInterrupt:
            stopped = "interrupted"
        return RunOutcome(state, np.array(losses), stopped)


class StoredMinimum(StoredSteps):
    """`SVI.step` with a minimiser: from the parameters of the store to those of the minimum."""

    def __init__(self, minimising: Minimising) -> None:
        super().__init__()
        self._minimising = minimising

    def step(self, fit: BoundFit) -> float:
        """One minimisation: its loss. The store then holds the new values."""
        with self._lock:
            store = get_param_store()
            self._follow_seed()
            params = self.parameters(fit)
            state = make_state(params, np.empty((0, params.size)), self._step, self._seed)
            try:
                state, loss = self._minimising.update(fit, state)
            except NonFiniteError as error:
                raise stop_error(fit, error.outcome) from None
            self._step = state.step
            write_params(store, fit.slots, state.params)
            return loss


def _why_it_cannot_begin(step: int, found: driver.Evaluation) -> NonFinite | None:
    if found.status:
        return NonFinite(step, found.status, np.nan, None)
    loss, good = float(found.losses[0]), np.isfinite(found.gradient)
    if np.isfinite(loss) and good.all():
        return None
    return NonFinite(step, 0, loss, None if good.all() else int(np.argmin(good)))
