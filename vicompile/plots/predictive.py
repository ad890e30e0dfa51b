"""Data against data that the fitted model would have drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..diagnostics import public, whole_number
from ..infer.posterior import check_posterior
from .panels import DATA, POSTERIOR, axes

if TYPE_CHECKING:
    from ..infer import Posterior


@public
def plot_predictive_check(
    result: Posterior, site: str | None = None, *, num_samples: int = 50, seed: int = 0, ax: Any = None
) -> Any:
    """The distribution function of the data, and of `num_samples` data sets that were drawn from the fit.

    result: of a fit. site: an observed site; by default the only one. ax: axes of matplotlib to draw on. Data of all
        elements of the site is taken together; missing values are left out.

    Returns the axes. Errors: ImportError without matplotlib; ValueError where it is not clear which site.
    """
    check_posterior("plot_predictive_check", result)
    count = whole_number("num_samples", num_samples, 1)
    ax = axes(ax)
    origin = result._from()
    simulation, flat = origin.simulated.bind(origin.args, origin.kwargs, result._param_values())
    observed = {name: one for name, one in simulation.sites.items() if one.observed}
    if site is None and len(observed) == 1:
        site = next(iter(observed))
    if site not in observed:
        told = "say which observed site" if site is None else f"`{site}` is not observed"
        raise ValueError(f"{told}; observed are {', '.join(observed) or 'none'}")
    data = simulation.read([observed[site].value], simulation.start(flat, {}, 1, seed))[0][0]
    drawn = result.predictive(num_samples=count, seed=seed, return_sites=[site])[site]
    for one in drawn:
        ax.ecdf(_known(one), color=POSTERIOR, alpha=0.2, linewidth=0.7)
    ax.ecdf(_known(data), color=DATA, linewidth=2.0, label="data")
    ax.plot([], [], color=POSTERIOR, label="drawn from the fit")
    ax.set_xlabel(site)
    ax.set_ylabel("share below")
    ax.legend()
    return ax


def _known(values: Any) -> Any:
    flat = np.asarray(values, float).ravel()
    return flat[~np.isnan(flat)]
