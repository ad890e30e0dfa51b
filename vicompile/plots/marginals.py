"""The marginals of a posterior against those of the prior."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..diagnostics import public
from ..infer import Predictive
from ..infer.families import renamed
from ..infer.posterior import check_posterior
from .panels import POSTERIOR, PRIOR, numbers, pyplot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..infer import Posterior

_MOST_PANELS = 36


@public
def plot_marginals(
    result: Posterior,
    names: Sequence[str] | None = None,
    *,
    prior: bool = True,
    num_samples: int = 2000,
    seed: int = 0,
) -> Any:
    """A histogram of each number of the latent sites and deterministic values, and its prior as a line.

    result: of a fit. names: of sites, or of single numbers such as "theta[2]"; by default all, up to 36 numbers.
        prior: False leaves the prior out, and then needs neither model nor data. num_samples, seed: of the draws.

    Returns the figure. The range is that of the posterior's draws, and of the middle of the prior's as far as it is not
    much wider. Errors: ImportError without matplotlib; ValueError for an unknown name, too many numbers, or a prior
    that has no draws.
    """
    check_posterior("plot_marginals", result)
    draws = result.sample(num_samples, seed=seed)
    found = numbers(draws, names, _MOST_PANELS)
    before: dict[str, NDArray[Any]] = {}
    if prior:
        origin = result._from()
        model = Predictive(origin.model, params=result._param_values(), num_samples=num_samples)
        every = renamed(model(seed, *origin.args, **origin.kwargs), draws)
        before = numbers({name: every[name] for name in draws if name in every}, None, 1 << 62)
    columns = min(len(found), 4) or 1
    rows = -(-len(found) // columns) or 1
    figure, panels = pyplot().subplots(
        rows, columns, figsize=(3 * columns, 2.4 * rows), squeeze=False, layout="constrained"
    )
    for ax, (label, values) in zip(panels.flat, found.items()):
        _panel(ax, label, values, before.get(label))
    for ax in panels.flat[len(found) :]:
        ax.set_axis_off()
    if before:
        panels.flat[0].legend()
    return figure


def _panel(ax: Any, label: str, values: NDArray[Any], before: NDArray[Any] | None) -> None:
    low, high = np.quantile(values, [0.001, 0.999])
    if before is not None:
        room = 2 * (high - low)
        of_prior = np.quantile(before, [0.05, 0.95])
        low, high = max(min(low, of_prior[0]), low - room), min(max(high, of_prior[1]), high + room)
    if np.issubdtype(values.dtype, np.integer):
        edges = np.arange(np.floor(low), np.ceil(high) + 2) - 0.5
    else:
        edges = np.linspace(low, high if high > low else low + 1.0, 60)
    ax.hist(values, edges, weights=_weights(values, edges), color=POSTERIOR, alpha=0.7, label="posterior")
    if before is not None:
        ax.hist(
            before, edges, weights=_weights(before, edges), histtype="step", color=PRIOR, linewidth=1.5, label="prior"
        )
    ax.set_title(label)
    ax.set_yticks([])


def _weights(values: NDArray[Any], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bars are densities over all draws, those outside of the range included."""
    return np.full(len(values), 1.0 / (len(values) * (edges[1] - edges[0])))
