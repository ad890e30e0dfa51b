"""The ELBO over the steps of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..diagnostics import public, whole_number
from ..infer import elbo_trace
from .panels import POSTERIOR, PRIOR, axes

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from ..infer import SVIRunResult


@public
def plot_elbo(
    result: SVIRunResult | ArrayLike, *, window: int | None = None, last: int | None = None, ax: Any = None
) -> Any:
    """The ELBO of each step, its running mean, and a band of two standard errors around that.

    result: of a run, or its losses. window: see `elbo_trace`. last: only so many steps before the end, which shows
        whether it still rises. ax: axes of matplotlib to draw on.

    Returns the axes. Errors: ImportError without matplotlib.
    """
    ax = axes(ax)
    trace = elbo_trace(result, window)  # type: ignore[arg-type]  # a result stands for its losses
    steps = np.arange(len(trace.elbo))
    if last is not None:
        steps = steps[max(0, len(steps) - whole_number("last", last)) :]
    mean, error = trace.mean[steps], np.nan_to_num(trace.error[steps])
    ax.plot(steps, trace.elbo[steps], color=PRIOR, linewidth=0.5, label="each step")
    ax.plot(steps, mean, color=POSTERIOR, label=f"mean of {trace.window} steps")
    ax.fill_between(steps, mean - 2 * error, mean + 2 * error, color=POSTERIOR, alpha=0.3, label="2 standard errors")
    # The first steps are often far below the others, and single steps may be.
    seen = mean[len(mean) // 10 :]
    if len(seen) and np.isfinite(seen).all():
        spread = max(float(np.nanstd(trace.elbo[steps][len(mean) // 10 :])), 1e-12)
        ax.set_ylim(seen.min() - 4 * spread, seen.max() + 4 * spread)
    ax.set_xlabel("step")
    ax.set_ylabel("ELBO")
    ax.legend()
    return ax
