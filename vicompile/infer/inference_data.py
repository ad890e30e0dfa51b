"""A result as ArviZ knows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..diagnostics import optional, public
from .families import renamed
from .labels import Labels
from .posterior import Posterior
from .predictive import Predictive

if TYPE_CHECKING:
    from numpy.typing import NDArray

Arrays = dict[str, "NDArray[Any]"]


@public
def to_arviz(
    result: Posterior,
    *,
    num_samples: int = 1000,
    seed: int = 0,
    predictive: bool = True,
    log_likelihood: bool = True,
    prior: bool = False,
    coords: Mapping[str, Any] | None = None,
    dims: Mapping[str, Sequence[str]] | None = None,
) -> Any:
    """Draws of a posterior as ArviZ has them: a DataTree with ArviZ 1, an InferenceData before.

    Groups: posterior, observed_data; posterior_predictive, log_likelihood, and prior with prior_predictive, where they
    are asked for. There is one chain of `num_samples` draws, and the draws of all groups belong together. Predictions
    and likelihoods hold a number for each draw and each observation: leave them out where that is too much.

    coords, dims: as in ArviZ, in place of what is found. The axis of a plate has the plate's name, and its labels are
    those of the index of a pandas or xarray argument of the fit, if it is clear which one.

    Errors: ImportError without ArviZ; TypeError for what is no result; ValueError for one that has lost its functions,
        or an unknown name in `dims`.
    """
    if not isinstance(result, Posterior):
        raise TypeError(f"to_arviz takes the result of a fit, got a value of type {type(result).__name__}")
    arviz = optional("arviz", "`to_arviz`")
    origin = result._from()
    simulation, flat = origin.simulated.bind(origin.args, origin.kwargs, result._param_values())
    labels = Labels(simulation, origin.args, origin.kwargs)
    observed = {name: site for name, site in simulation.sites.items() if site.observed}
    names = list(observed)
    groups: dict[str, Arrays] = {"posterior": _chain(renamed(result.sample(num_samples, seed=seed), labels.dims))}
    if predictive and names:
        found = result.predictive(num_samples=num_samples, seed=seed, return_sites=names)
        groups["posterior_predictive"] = _chain(found)
    if log_likelihood and names:
        groups["log_likelihood"] = _chain(result.log_likelihood(num_samples=num_samples, seed=seed))
    if prior:
        model = Predictive(
            origin.model, params=result._param_values(), num_samples=num_samples, return_sites=list(labels.dims)
        )
        found = model(seed, *origin.args, **origin.kwargs)
        groups["prior"] = _chain({name: draws for name, draws in found.items() if name not in observed})
        groups["prior_predictive"] = _chain({name: found[name] for name in names})
    if names:
        values = simulation.start(flat, {}, 1, 0)
        data = simulation.read([site.value for site in observed.values()], values)
        groups["observed_data"] = {name: array[0] for name, array in zip(names, data)}
    every = {**labels.dims, **{name: list(one) for name, one in (dims or {}).items()}}
    for name in dims or {}:
        if name not in labels.dims:
            raise ValueError(f"dims: there is no site `{name}`; there are {', '.join(labels.dims)}")
    batch = {name: every[name][: len(labels.batch_dims[name])] for name in names}
    known = {**labels.coords, **(coords or {})}
    datasets = {
        group: _dataset(arrays, batch if group == "log_likelihood" else every, known, group)
        for group, arrays in groups.items()
    }
    if arviz.__version__.startswith("0."):
        return arviz.InferenceData(**datasets)
    return optional("xarray", "`to_arviz`").DataTree.from_dict(datasets)


def _chain(draws: Mapping[str, NDArray[Any]]) -> Arrays:
    return {name: np.asarray(array)[None] for name, array in draws.items()}


def _dataset(arrays: Arrays, dims: Mapping[str, Sequence[str]], coords: Mapping[str, Any], group: str) -> Any:
    """One group as a Dataset of xarray; an axis without labels has its numbers."""
    lead = () if group == "observed_data" else ("chain", "draw")
    variables = {name: ((*lead, *dims[name]), array) for name, array in arrays.items()}
    sizes = {dim: size for names, array in variables.values() for dim, size in zip(names, array.shape)}
    labels = {dim: coords.get(dim, np.arange(size)) for dim, size in sizes.items()}
    return optional("xarray", "`to_arviz`").Dataset(variables, labels)
