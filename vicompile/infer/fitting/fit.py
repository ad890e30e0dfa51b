"""`vc.fit`: from a model and data to a trustworthy approximate posterior, without anything to tune."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...compiler import Points, Sites
from ...diagnostics import public
from ...objective import Latent, joint_log_density
from ..known_pairs import known_pair
from ..origin import Origin
from ..seeds import check_seed
from .diagnosis import diagnose
from .family import FAMILIES, choose, fit_family
from .gaussian import Gaussian, cholesky
from .result import FitResult
from .start import find_start
from .target import OutOfGradients, Target
from .verdict import verdict

if TYPE_CHECKING:
    from ...compiler import BoundFit
    from .family import Fitted
    from .start import Start

MOST_GRADIENTS = 500_000
_CLOSE = 3.0  # nats: a mode that is not worse than that has a share in the posterior


@public
def fit(
    model: Callable[..., Any],
    *args: Any,
    family: str = "auto",
    seed: int = 0,
    max_gradients: int = MOST_GRADIENTS,
    **kwargs: Any,
) -> FitResult:
    """The Gaussian, on the unconstrained scale, that is closest to the posterior of `model` given these arguments.

    family: "fullrank" (any covariance), "meanfield" (independent components, with standard deviations by linear
        response beside its own), or "auto", full rank up to 500 dimensions and mean field beyond. seed: of all draws.
        max_gradients: where the search ends at the latest.

    It maximises the ELBO for fixed draws in coordinates in which the posterior is about standard normal, from the best
    of several starts, with more draws until these no longer matter; and judges the result by fresh draws. See
    `FitResult.verdict`, and docs/is-my-fit-good.md.

    Errors: CompileError for what is wrong with the model, DataError for arguments that do not fit, ValueError for an
        unknown family, a model with parameters, or a log density that is finite nowhere near the origin.
    """
    if family not in FAMILIES:
        raise ValueError(f"family must be one of {', '.join(FAMILIES)}, got {family!r}")
    pair = known_pair(model, None, question=joint_log_density)
    bound = pair.bind(args, (), kwargs, {})
    _check(bound, pair.model.name)
    target = Target(Points(bound), bound.parameter_count, max_gradients)
    seed = check_seed(seed)
    try:
        start = find_start(target, seed)
    except OutOfGradients:
        raise ValueError(f"max_gradients={max_gradients} are not enough to find where to start; raise it") from None
    if start is None:
        raise ValueError(
            f"the log density of `{pair.model.name}` is not finite anywhere near the origin of the unconstrained "
            "scale: a density may be zero inside the support that its site declares"
        )
    fitted = fit_family(target, choose(family, target.size), start.gaussian, seed)
    result = _told(target, start, fitted, Sites.of(bound), seed)
    result._origin = Origin(model, None, args, kwargs)
    return result


def _check(bound: BoundFit, name: str) -> None:
    for record in bound.compiled.unit.params:
        if not isinstance(record, Latent):
            raise ValueError(
                f"the model `{name}` has the parameter `{record.name}`, and `fit` approximates the posterior of latent "
                "sites: give it a prior with `sample` or `handlers.lift`, or use `SVI` with an automatic guide"
            )
    if bound.parameter_count == 0:
        raise ValueError(f"the model `{name}` has no latent sites to fit")


def _told(target: Target, start: Start, fitted: Fitted, sites: Sites, seed: int) -> FitResult:
    gaussian = fitted.ladder.gaussian
    judged, name = gaussian, ""
    if fitted.response is not None:
        # A mean-field Gaussian leaves correlations out on purpose: what is judged is the one that it implies.
        judged, name = Gaussian(gaussian.mean, cholesky(fitted.response)), "the Gaussian by linear response"
    spent, target.most = target.gradients, target.gradients + 10 * 4096
    found = diagnose(target, gaussian, seed + 1)
    of_judged = found if judged is gaussian else diagnose(target, judged, seed + 1)
    notes, modes = [], []
    for other, lower in start.others:
        modes.append(({k: v[0] for k, v in sites.at(other.mean[None]).items()}, lower))
        if lower < _CLOSE:
            notes.append(f"another mode is only {lower:.1f} nats lower")
        else:
            notes.append(f"a mode {lower:.0f} nats lower was left aside")
    has_rival = any(lower < _CLOSE for _, lower in start.others)
    words = verdict(fitted.ladder, found, of_judged.log_weights, notes, judged=name, has_rival=has_rival)
    return FitResult(fitted, found, words, sites, spent, modes)
