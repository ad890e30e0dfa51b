"""How well a guide's draws do as importance draws of the posterior."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..compiler import PosteriorDraws
from ..diagnostics import public, whole_number
from .known_pairs import known_pair
from .objective import check_names
from .psis import FEWEST, pareto_k
from .seeds import check_seed

if TYPE_CHECKING:
    from numpy.typing import NDArray


@public
def psis_diagnostic(
    seed: int,
    param_map: Mapping[str, Any],
    model: Callable[..., Any],
    guide: Callable[..., Any],
    *args: Any,
    num_particles: int = 1000,
    chunk_size: int | None = None,
    **kwargs: Any,
) -> float:
    """The Pareto k-hat of a guide: the shape of the tail of its importance weights, log p(x, z) - log q(z).

    seed: of the draws. param_map: constrained values of the parameters by name; what is missing has its initial value.
    model, guide, args, kwargs: as for `SVI.run`. num_particles: how many draws. chunk_size: ignored; parts are chosen
        by the memory they need.

    Below 0.5 the guide is close; up to 0.7 it is usable with weights; above, averages over the guide say little about
    the posterior (Vehtari et al. 2024; for guides Yao et al. 2018, "Yes, but Did It Work?: Evaluating Variational
    Inference", ICML). -inf where all weights are equal, as for the exact posterior.

    Errors: CompileError for a wrong pair, DataError for arguments that do not fit, ValueError for a name that is no
        parameter, fewer than 25 draws, which have no tail, a density that is NaN, or a plate that is subsampled.
    """
    count = whole_number("num_particles", num_particles, FEWEST)
    bound = known_pair(model, guide).bind(args, args, kwargs, kwargs)
    check_names(param_map, bound)
    weights = PosteriorDraws(bound).weighted(bound.initial_params(param_map), count, check_seed(seed))[1]
    return pareto_k(checked_weights(weights))


def checked_weights(log_weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log weights that are all numbers, or -inf. ValueError otherwise."""
    bad = int(np.sum(~(log_weights < np.inf)))
    if bad:
        raise ValueError(f"the log density is NaN or infinite at {bad} of {len(log_weights)} draws of the guide")
    return log_weights
