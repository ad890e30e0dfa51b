"""A fit of a guide of one's own without tuning: its parameters by L-BFGS for fixed draws, more of them each time."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...diagnostics import Record, public
from ...svi.fixed_noise import fixed_noise
from ...svi.state import make_state
from ..known_pairs import known_pair
from ..origin import Origin
from ..quality import Quality
from ..result import SVIRunResult
from ..state import FitState
from .ending import ending
from .lbfgs import minimise

if TYPE_CHECKING:
    import numpy.typing as npt

    from ...svi.progress import Progress

    FloatArray = npt.NDArray[np.float64]

_COUNTS = (64, 256, 1024, 4096)
_FRESH = 4096
_TOLERANCE = 1e-4
_GAINED = 0.02  # nats that more draws may bring for the search to have converged

_OTHERWISE = ": take one with more freedom, or reparameterise the model"


class GuidedFitResult(SVIRunResult):
    """A fitted guide and what is to be known about it: a result of `SVI.run` with a judgement.

    losses: minus the ELBO for the fixed draws of each stage. elbo, elbo_se: by fresh draws, with its standard error.
    status, converged, quality, k_hat, log_weight_variance, verdict: as of `FitResult`. gradients: draws times
    iterations. family: "guide".
    """

    elbo: float
    elbo_se: float
    status: str
    converged: bool
    quality: str
    k_hat: float
    log_weight_variance: float
    gradients: int
    verdict: str
    family = "guide"

    def judged(self, **facts: Any) -> GuidedFitResult:
        """Itself with these attributes."""
        vars(self).update(facts)
        return self

    def _fields_kept(self) -> dict[str, Any]:
        return {**super()._fields_kept(), "facts": {name: getattr(self, name) for name in _FACTS}}

    @classmethod
    def of_fields(cls, fields: Mapping[str, Any]) -> GuidedFitResult:
        """The result that was saved."""
        made = super().of_fields(fields)
        assert isinstance(made, GuidedFitResult)
        return made.judged(**fields["facts"])

    @public
    def bound_to(self, model: Callable[..., Any], guide: Callable[..., Any], *args: Any, **kwargs: Any) -> SVIRunResult:
        """The same result with the functions and arguments of its fit, which a result that was loaded has lost."""
        other = super().bound_to(model, guide, *args, **kwargs)
        assert isinstance(other, GuidedFitResult)
        return other.judged(**{name: getattr(self, name) for name in _FACTS})

    def __repr__(self) -> str:
        return f"GuidedFitResult(ELBO {self.elbo:.2f} +- {self.elbo_se:.2f}: {self.verdict})"


_FACTS = (
    "elbo", "elbo_se", "status", "converged", "quality", "k_hat", "log_weight_variance", "gradients", "verdict",
)  # fmt: skip


class _Reached(Record, eq=False):
    """How far the search came."""

    flat: FloatArray
    losses: list[float]
    status: str
    gradients: int


def fit_guide(
    model: Callable[..., Any],
    guide: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    *,
    seed: int,
    max_gradients: int,
    progress: Progress,
) -> GuidedFitResult:
    """The guide's parameters that maximise the ELBO. ValueError for a guide that draws nothing, or a start without a
    finite loss.
    """
    origin = Origin(model, guide, args, kwargs)
    if origin.bound.noise.row == 0:
        raise ValueError("the guide draws nothing: for a point of highest density use `SVI` with `Minimize`")
    pair = known_pair(model, guide)
    fits = (pair.bind(args, args, kwargs, kwargs, count) for count in _COUNTS)
    found = _searched(origin, fits, seed, max_gradients, progress)
    log_weights = origin.draws.weighted(found.flat, _FRESH, seed + 1)[1]
    finite = log_weights[np.isfinite(log_weights)]
    quality = Quality.of(log_weights)
    words = [*ending(found.status), f"{quality.in_words('the guide', if_poor=_OTHERWISE)} ({quality.numbers})"]
    state = FitState(make_state(found.flat, np.empty((0, found.flat.size)), 0, seed), tuple(origin.bound.slots))
    stopped = {"ok": "converged", "interrupted": "interrupted"}.get(found.status, "steps")
    result = GuidedFitResult(state.params(), state, np.array(found.losses), origin.guide_draws, stopped, origin)
    return result.judged(
        elbo=float(finite.mean()) if len(finite) else -math.inf,
        elbo_se=float(finite.std() / math.sqrt(max(1, len(finite)))),
        status=found.status,
        converged=found.status == "ok",
        quality=quality.kind,
        k_hat=quality.k_hat,
        log_weight_variance=quality.variance,
        gradients=found.gradients,
        verdict="; ".join(words),
    )


def _searched(origin: Origin, fits: Any, seed: int, max_gradients: int, progress: Progress) -> _Reached:
    flat = origin.bound.initial_params(None, seed)
    losses: list[float] = []
    gradients, status = 0, "noise"
    before: FloatArray | None = None
    for number, bound in enumerate(fits):
        count = bound.particles
        iterations = min(500, (max_gradients - gradients) // count)
        if iterations < 1:
            return _Reached(flat, losses, "gradients", gradients)
        progress.phase(f"fitting the guide to {count} draws", -losses[-1] if losses else None)
        try:
            with fixed_noise(bound.problem, seed=seed, step=number, is_mirrored=True) as loss:
                found = minimise(loss, flat, memory=20, most_iterations=iterations, tolerance=_TOLERANCE)
        except KeyboardInterrupt:
            return _Reached(flat, losses, "interrupted", gradients)
        if found.reason == "not finite":
            raise ValueError("the loss is not finite where the guide's parameters start: give other initial values")
        flat = found.x
        losses.append(found.value)
        gradients += count * (found.iterations + 1)
        status = "noise" if found.reason == "converged" else "iterations"
        after = origin.draws.weighted(flat, _FRESH, seed + 1)[1]
        if before is not None and status == "noise" and not _gained(before, after):
            return _Reached(flat, losses, "ok", gradients)
        before = after
    return _Reached(flat, losses, status, gradients)


def _gained(before: FloatArray, after: FloatArray) -> bool:
    """Whether the ELBO by the same fresh noise is higher by more than it matters, and more than its noise."""
    with np.errstate(invalid="ignore"):
        gain = after - before
    gain = gain[np.isfinite(gain)]
    if len(gain) < 2:
        return True
    error = float(gain.std() / math.sqrt(len(gain)))
    return float(gain.mean()) > max(_GAINED, 2.0 * error)
