"""Pairs of numbers of a posterior."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..diagnostics import public
from ..infer.posterior import check_posterior
from .panels import DATA, POSTERIOR, numbers, pyplot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..infer import Posterior

_MOST_NUMBERS = 12


@public
def plot_pairs(
    result: Posterior,
    names: Sequence[str] | None = None,
    *,
    num_samples: int = 1000,
    seed: int = 0,
    ellipse: bool = True,
) -> Any:
    """Draws of each pair of numbers, their histograms on the diagonal, and the ellipses of the Gaussian they look like.

    result: of a fit. names: of sites, or of single numbers such as "theta[2]"; by default all, up to 12 numbers.
        num_samples, seed: of the draws. ellipse: whether the ellipses of one and two standard deviations are drawn,
        made of mean and covariance of the draws; a mean-field guide has them parallel to the axes, and where points
        leave their form the marginal is no Gaussian.

    Returns the figure. Errors: ImportError without matplotlib; ValueError for an unknown name or too many numbers.
    """
    check_posterior("plot_pairs", result)
    found = numbers(result.sample(num_samples, seed=seed), names, _MOST_NUMBERS)
    labels, count = list(found), len(found)
    figure, panels = pyplot().subplots(
        count, count, figsize=(2.2 * count, 2.2 * count), sharex="col", squeeze=False, layout="constrained"
    )
    for i in range(count):
        for j in range(count):
            ax = panels[i, j]
            if j > i:
                ax.set_axis_off()
                continue
            x, y = found[labels[j]], found[labels[i]]
            if i == j:
                ax.hist(x, 40, color=POSTERIOR, alpha=0.7)
                ax.set_yticks([])
            else:
                ax.plot(x, y, ".", color=POSTERIOR, alpha=0.3, markersize=2)
                if ellipse:
                    for deviations in (1.0, 2.0):
                        ax.plot(*ellipse_of(x, y, deviations), color=DATA, linewidth=1.0)
            if i == count - 1:
                ax.set_xlabel(labels[j])
            if j == 0 and i > 0:
                ax.set_ylabel(labels[i])
    return figure


def ellipse_of(x: NDArray[Any], y: NDArray[Any], deviations: float) -> NDArray[np.float64]:
    """Points (2, n) of the ellipse that mean and covariance of the draws span, so many standard deviations out."""
    angle = np.linspace(0.0, 2 * np.pi, 100)
    values, vectors = np.linalg.eigh(np.cov(x, y))
    circle = np.stack([np.cos(angle), np.sin(angle)])
    spread = vectors * np.sqrt(np.maximum(values, 0.0))
    return np.asarray(deviations * spread @ circle + np.array([[np.mean(x)], [np.mean(y)]]))
