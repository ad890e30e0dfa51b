"""`vc.fit`: from a model and data to a trustworthy approximate posterior, without anything to tune."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ...compiler import Points, Sites
from ...diagnostics import public, whole_number
from ...objective import Latent, joint_log_density
from ...svi.progress import Progress
from ..known_pairs import known_model
from ..origin import Origin
from ..seeds import check_seed
from .guided import GuidedFitResult, fit_guide
from .result import FitResult
from .search import Plan, search
from .target import OutOfGradients, Target

if TYPE_CHECKING:
    from ...compiler import BoundFit

MOST_GRADIENTS = 500_000


@public
def fit(
    model: Callable[..., Any],
    *args: Any,
    family: str | Callable[..., Any] = "auto",
    rank: int | None = None,
    seed: int = 0,
    max_gradients: int = MOST_GRADIENTS,
    progress_bar: bool | None = None,
    **kwargs: Any,
) -> FitResult | GuidedFitResult:
    """The Gaussian, on the unconstrained scale, that is closest to the posterior of `model` given these arguments.

    family: "fullrank" (any covariance), "meanfield" (independent components, with standard deviations by linear
        response beside its own), "lowrank" (independent components and a few shared directions), or "auto": full rank
        up to 500 dimensions and mean field beyond. Or a guide, written or automatic: its parameters are fitted then,
        from their initial values. rank: how many directions, by default the root of the dimensions.
    seed: of all draws. max_gradients: where the search ends at the latest. progress_bar: True, False, or None for one
        on a terminal where the fit takes more than a moment.

    It maximises the ELBO for fixed draws in coordinates in which the posterior is about standard normal, from the best
    of several starts, with more draws until these no longer matter; and judges the result by fresh draws. See
    `FitResult.verdict`, and docs/is-my-fit-good.md. Ctrl-C keeps what was reached.

    Errors: CompileError for what is wrong with the model, DataError for arguments that do not fit, ValueError for an
        unknown family or a rank that does not fit, a model with parameters, or a log density that is finite nowhere
        near the origin.
    """
    seed, most = check_seed(seed), whole_number("max_gradients", max_gradients, 1)
    if callable(family):
        with Progress(None, progress_bar) as progress:
            return fit_guide(model, family, args, kwargs, seed=seed, max_gradients=most, progress=progress)
    pair = known_model(model, joint_log_density)
    bound = pair.bind(args, (), kwargs, {})
    _check(bound, pair.model.name)
    plan = Plan.of(family, rank, bound.parameter_count)
    with Progress(None, progress_bar) as progress, np.errstate(all="ignore"):
        target = Target(Points(bound), bound.parameter_count, most, progress.phase)
        try:
            found = search(target, plan, seed)
        except OutOfGradients:
            raise ValueError(f"max_gradients={most} are not enough to find where to start; raise it") from None
        if found is None:
            raise ValueError(
                f"the log density of `{pair.model.name}` is not finite anywhere near the origin of the unconstrained "
                "scale: a density may be zero inside the support that its site declares"
            )
        sites = Sites.of(bound)
        modes = [({k: v[0] for k, v in sites.at(one.mean[None]).items()}, lower) for one, lower in found.others]
    return FitResult(found, sites, modes, Origin(model, None, args, kwargs))


def _check(bound: BoundFit, name: str) -> None:
    for record in bound.compiled.unit.params:
        if not isinstance(record, Latent):
            raise ValueError(
                f"the model `{name}` has the parameter `{record.name}`, and `fit` approximates the posterior of latent "
                "sites: give it a prior with `sample` or `handlers.lift`, or use `SVI` with an automatic guide"
            )
    if bound.parameter_count == 0:
        raise ValueError(f"the model `{name}` has no latent sites to fit")
