"""The negative ELBO at given parameters, without a fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..compiler import BoundFit
from ..compiler.losses import ELBO, check_loss, check_particles
from ..diagnostics import InternalError, public
from ..svi import driver
from .known_pairs import known_pair
from .seeds import check_seed


@public
def elbo(
    param_map: Mapping[str, Any],
    model: Callable[..., Any],
    guide: Callable[..., Any],
    model_args: Sequence[Any] = (),
    guide_args: Sequence[Any] | None = None,
    kwargs: Mapping[str, Any] | None = None,
    *,
    num_particles: int | None = None,
    seed: int = 0,
    dtype: str = "float64",
    loss: ELBO | None = None,
) -> float:
    """The loss, MINUS the evidence lower bound, estimated at the parameters of `param_map`.

    param_map: constrained values by name, of the parameters' shapes; a parameter that is missing has its initial value.
    model_args, guide_args: positional arguments; the guide gets the model's unless its own are given. kwargs: for both.
    num_particles: draws to average over; by default those of `loss`. seed: of the draws; the same seed gives the same
        number.
    dtype, loss: as for `SVI`.

    Errors: CompileError for a wrong pair, DataError for arguments or values that do not fit, ValueError for a shape,
        for a name that is no parameter, or for another dtype.
    """
    bound = bind_once(model, guide, model_args, guide_args, kwargs, num_particles=num_particles, dtype=dtype, loss=loss)
    check_names(param_map, bound)
    number = check_seed(seed)
    return loss_at(bound, bound.initial_params(param_map, number), 0, number)


def bind_once(
    model: Callable[..., Any],
    guide: Callable[..., Any],
    model_args: Sequence[Any],
    guide_args: Sequence[Any] | None,
    kwargs: Mapping[str, Any] | None,
    *,
    num_particles: int | None,
    dtype: str,
    loss: ELBO | None,
) -> BoundFit:
    """The kernel of an objective bound to the arguments of one call. Raises as `elbo` does."""
    objective = check_loss(loss)
    particles = objective.num_particles if num_particles is None else check_particles(num_particles)
    return known_pair(model, guide, loss=objective, dtype=dtype).bind(
        tuple(model_args),
        tuple(model_args if guide_args is None else guide_args),
        kwargs or {},
        kwargs or {},
        particles,
    )


def loss_at(bound: BoundFit, flat: npt.NDArray[np.float64], step: int, seed: int) -> float:
    """The loss at flat unconstrained parameters with the noise of one step; it may be infinite or NaN."""
    evaluation = driver.evaluate(bound.problem, flat, seed=seed, step=step)
    if evaluation.status:
        raise InternalError("svi", f"the kernel failed with status {evaluation.status}", bound.compiled.unit.text)
    return float(evaluation.losses[0])


def check_names(values: Mapping[str, Any] | None, bound: BoundFit) -> None:
    """ValueError for a given name that is no parameter: it would be ignored in silence. TypeError for no dict."""
    if values is not None and not isinstance(values, Mapping):
        kind = type(values).__name__
        hint = ": its `params` are one" if hasattr(values, "params") else ""
        raise TypeError(f"the parameters are a dict of values by name, got a value of type {kind}{hint}")
    names = [slot.name for slot in bound.slots]
    for name in values or ():
        if name not in names:
            raise ValueError(f"there is no parameter `{name}`; the parameters are {', '.join(names) or 'none'}")
