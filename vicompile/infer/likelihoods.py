"""The log density of each observation, for many draws of the latent sites."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..diagnostics import public
from .draws import Draws
from .simulating import Simulated

if TYPE_CHECKING:
    from numpy.typing import NDArray


@public
def log_likelihood(
    model: Callable[..., Any],
    posterior_samples: Mapping[str, Any],
    *args: Any,
    parallel: bool = False,
    batch_ndims: int = 1,
    **kwargs: Any,
) -> dict[str, NDArray[np.float64]]:
    """The log density of every observed site at each draw, pointwise: what WAIC and LOO are made of.

    model: a function in the language of this package. posterior_samples: draws of every latent site by name, as arrays
        with the draws along the first `batch_ndims` axes; also of parameters, which else have the values of the param
        store. Names of deterministic values are ignored. args, kwargs: of the model, data included. parallel: ignored.

    Returns by site a float64 array: the draws, then the batch axes of the site; event axes are summed over. Elements
    that are masked count as 0, and scales are left out, as in NumPyro. Factors are not among the sites.

    Errors: CompileError and DataError for the model and its arguments; ValueError for a missing or unknown site or a
        wrong shape.
    """
    return likelihood_of(Simulated(model), Draws.of(posterior_samples, batch_ndims), None, args, kwargs)


def likelihood_of(
    model: Simulated, samples: Draws, params: Mapping[str, Any] | None, args: Any, kwargs: Mapping[str, Any]
) -> dict[str, NDArray[np.float64]]:
    """The same of a model that has been read; params: as for `Simulated.bind`."""
    simulation, flat = model.bind(args, kwargs, params)
    given = samples.fitting(simulation)
    for name, site in simulation.sites.items():
        if not site.observed and name not in given:
            raise ValueError(
                f"`posterior_samples` has no value for the latent site `{name}`; if it is data, the arguments lack it"
            )
    values = simulation.start(flat, given, samples.count, 0)
    found = {}
    for name, site in simulation.sites.items():
        if not site.observed:
            continue
        observed = simulation.read([site.value], values)[0]
        parts = [law.log_prob(observed[part]) for part, law in simulation.distribution(site, values)]
        found[name] = np.concatenate(parts) if parts else np.empty((0,))
    return samples.shown(found)
