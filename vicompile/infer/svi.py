"""`SVI`: a model, a guide, an optimizer; fits in one native call, in Pyro's steps, or in NumPyro's updates."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from ..compiler import BoundFit
from ..compiler.losses import ELBO, check_loss, check_particles
from ..diagnostics import public, whole_number
from ..language import get_param_store
from ..optim import Minimize
from ..svi.outcome import NonFiniteError
from ..svi.stopping import StopRule
from .autoguide.base import AutoGuide
from .bindings import Bindings
from .nonfinite import stop_error
from .objective import check_names, loss_at
from .optimizing import optimizing_of
from .origin import Origin
from .result import SVIRunResult
from .running import whole_run
from .seeds import check_seed
from .state import FitState, check_layout, check_state
from .stored import write_params


class SVI:
    """Stochastic variational inference for one model and guide.

    model, guide: functions in the language of this package, decorated or plain; the guide may also be one of
        `infer.autoguide`. They are read and checked here; each new kind of arguments compiles once, and arguments of
        another length use the same code.
    optim: an optimizer of `vicompile.optim`, or `Minimize()` of the same.
    loss: the objective: `Trace_ELBO()` by default, with one particle, or another one of `vicompile.infer`.
    dtype: "float64", or "float32" to keep float data, and what is computed for each of its rows, in float32.
        Parameters, noise, sums over rows, loss and gradient stay float64.
    static_kwargs: keyword arguments for model and guide that are added to those of every call.

    Errors: CompileError, with everything that is wrong with the two functions; TypeError for another optim or loss;
        ValueError for another dtype, and for `Minimize` with a gradient that is not the loss's. All methods that take
        data raise DataError where it does not fit, CompileError where it leads to what is not supported.
    """

    @public
    def __init__(
        self,
        model: Callable[..., Any],
        guide: Callable[..., Any],
        optim: Any,
        loss: ELBO | None = None,
        *,
        dtype: str = "float64",
        **static_kwargs: Any,
    ) -> None:
        self.model, self.guide = model, guide
        self.loss = check_loss(loss)
        self._optimizing = optimizing_of(optim)
        if isinstance(optim, Minimize) and self.loss.estimator:
            raise ValueError(f"Minimize needs the gradient of the loss itself: leave out {self.loss.estimator}")
        self.static_kwargs = static_kwargs
        self._bindings = Bindings(self.loss.pair(model, guide, dtype))
        self._stored = self._optimizing.stored()

    # -- Pyro's way: parameters in the store ---------------------------------------------------------------------------

    @public
    def step(self, *args: Any, num_particles: int | None = None, **kwargs: Any) -> float:
        """One step on the parameters of the param store; returns the loss, minus the ELBO's estimate before the step.

        Parameters that the store does not know get their initial values. The optimizer's state of a parameter starts
        anew when the user sets or clears it. Random numbers follow `set_rng_seed`, else seed 0. num_particles: for this
        step only.

        Errors: NonFiniteLossError, with the store at the last good values.
        """
        return self._stored.step(self._bind(args, kwargs, num_particles))

    @public
    def evaluate_loss(self, *args: Any, num_particles: int | None = None, **kwargs: Any) -> float:
        """The loss at the parameters of the store, with fresh random numbers; nothing is written.

        It is returned as it is, also where it is not finite.
        """
        fit = self._bind(args, kwargs, num_particles)
        seed, number = self._stored.next_evaluation()
        return loss_at(fit, self._stored.parameters(fit), number, seed)

    # -- NumPyro's way: parameters in a state --------------------------------------------------------------------------

    @public
    def init(self, seed: int, *args: Any, init_params: Mapping[str, Any] | None = None, **kwargs: Any) -> FitState:
        """The state before the first step.

        seed: of all random numbers, 0 <= seed < 2**64. init_params: constrained values by name instead of the declared
            ones.

        Errors: TypeError or ValueError for the seed; ValueError for an unknown name or a wrong shape; DataError for a
            value outside the constraint.
        """
        # A forgotten seed leaves the data in its place.
        number = check_seed(seed)
        return self._initial(self._bind(args, kwargs, None), number, init_params)

    @public
    def update(self, state: FitState, *args: Any, **kwargs: Any) -> tuple[FitState, float]:
        """The state after one more step, and that step's loss.

        `state` stays as it is; the same arguments give the same bits.

        Errors: NonFiniteLossError; ValueError for a state of other parameters.
        """
        check_state(state)
        fit = self._bind(args, kwargs, None)
        check_layout(state, fit.slots)
        try:
            inner, loss = self._optimizing.update(fit, state.inner)
        except NonFiniteError as error:
            write_params(get_param_store(), fit.slots, error.outcome.state.reported)
            raise stop_error(fit, error.outcome) from None
        return FitState(inner, state.slots), loss

    @public
    def evaluate(self, state: FitState, *args: Any, **kwargs: Any) -> float:
        """The loss that the next update of `state` would return; it may be infinite or NaN."""
        check_state(state)
        fit = self._bind(args, kwargs, None)
        check_layout(state, fit.slots)
        return loss_at(fit, state.inner.params, state.step, state.seed)

    def get_params(self, state: FitState) -> dict[str, Any]:
        """The constrained parameters by name: float64 arrays, a number for a single one. TypeError for no state."""
        check_state(state)
        return state.params()

    # -- a whole fit ------------------------------------------------------------

    @public
    def run(
        self,
        num_steps: int,
        *args: Any,
        seed: int = 0,
        progress_bar: bool | None = None,
        init_state: FitState | None = None,
        init_params: Mapping[str, Any] | None = None,
        tol: float | None = None,
        patience: int = 2,
        checkpoint: str | os.PathLike[str] | None = None,
        checkpoint_every: int | None = None,
        checkpoint_seconds: float | None = 60.0,
        **kwargs: Any,
    ) -> SVIRunResult:
        """Do `num_steps` steps natively; the same bits as that many updates.

        It starts from the declared initial values (not from the param store), from `init_params` (constrained values by
        name), or goes on from `init_state`, whose own seed then counts. At its end it writes the parameters into the
        param store.
        progress_bar: True, False, or None for a bar on a terminal where the run takes more than a moment.
        tol: ends the run as soon as its last quarter is no better than the one before by more than `tol` times the
            spread of single losses (`tol` nats where that is below one), `patience` times in a row, each time after an
            eighth more steps. Smaller ones need more steps, about 50 / tol**2 at least; try 0.1. None: all steps are
            done. The same seed stops at the same step everywhere. See docs/keeping-fits.md for its false alarms.
        checkpoint: a file that holds the state and the losses, written every `checkpoint_every` steps (None: not by
            steps) and every `checkpoint_seconds` seconds (None: not by the clock), and at the end. The same call with a
            file that is there goes on from it, and ends with the bits of a run that was never interrupted. The file is
            complete at every moment, and `vicompile.load_fit` reads it.

        `result.stopped` says how it ended: "steps", "converged" or "interrupted". That is Ctrl-C: the result then holds
        what was reached, and stderr says so.
        Errors: NonFiniteLossError, which holds what was reached; DataError for a checkpoint of another run or a damaged
        one.
        """
        # Where the number is forgotten the data is in its place.
        steps = whole_number("num_steps", num_steps, hint=": run(num_steps, *args, seed=0), without a key in front")
        fit = self._bind(args, kwargs, None)
        if init_state is None:
            start = self._initial(fit, seed, init_params)
        elif init_params is not None:
            raise ValueError("either init_state or init_params, not both")
        else:
            check_layout(init_state, fit.slots)
            start = init_state
        rule = None if tol is None else StopRule(tol, patience)
        kept = None
        if checkpoint is not None:
            # Not loaded with this module: most runs have no use for it.
            from .checkpoint import Checkpoint

            kept = Checkpoint(checkpoint, checkpoint_every, checkpoint_seconds, fit, self._optimizing, start, steps)
        elif checkpoint_every is not None:
            raise ValueError("checkpoint_every without a checkpoint: give the path of its file as `checkpoint`")
        origin = Origin(self.model, self.guide, args, {**self.static_kwargs, **kwargs})
        return whole_run(fit, self._optimizing, start, steps, progress_bar, rule, kept, origin)

    # -- common to all ------------------------------------------------------------

    def _bind(self, args: tuple[Any, ...], kwargs: dict[str, Any], particles: int | None) -> BoundFit:
        count = self.loss.num_particles if particles is None else check_particles(particles)
        fit = self._bindings.bind(args, {**self.static_kwargs, **kwargs} if self.static_kwargs else kwargs, count)
        if isinstance(self.guide, AutoGuide):
            self.guide.remember(fit)
        return fit

    def _initial(self, fit: BoundFit, seed: int, init_params: Mapping[str, Any] | None) -> FitState:
        check_names(init_params, fit)
        number = check_seed(seed)
        inner = self._optimizing.initial_state(fit, fit.initial_params(init_params, number), number)
        return FitState(inner, tuple(fit.slots))
