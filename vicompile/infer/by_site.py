"""The ELBO taken apart: what each site adds to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..compiler import BoundFit
from ..compiler.losses import ELBO
from ..diagnostics import public
from ..ir.interpret import interpret
from ..objective import parts
from .objective import bind_once, check_names
from .replay import particles_of
from .seeds import check_seed


@public
def elbo_by_site(
    param_map: Mapping[str, Any],
    model: Callable[..., Any],
    guide: Callable[..., Any],
    model_args: Sequence[Any] = (),
    guide_args: Sequence[Any] | None = None,
    kwargs: Mapping[str, Any] | None = None,
    *,
    num_particles: int | None = None,
    seed: int = 0,
    loss: ELBO | None = None,
) -> dict[str, float]:
    """What each site adds to the evidence lower bound at the parameters of `param_map`: log p of an observed site or a
    factor, log p - log q of a latent one, by its name, in the model's order; that of a loop has one name, such as
    `z_{}`.

    The sum is the bound: minus what `elbo` returns for the same arguments and the same seed. It is computed in NumPy.
    For an objective of log weights these are the means of the parts of log w.
    All arguments are those of `elbo`, and so are the errors.
    """
    bound = bind_once(
        model, guide, model_args, guide_args, kwargs, num_particles=num_particles, dtype="float64", loss=loss
    )
    check_names(param_map, bound)
    number = check_seed(seed)
    return _by_site(bound, bound.initial_params(param_map, number), 0, number)


def _by_site(fit: BoundFit, flat: Any, step: int, seed: int) -> dict[str, float]:
    objective = fit.compiled.unit.objective
    assert objective is not None
    counted = list(parts(objective.terms))
    nodes = [node for _, _, node in counted]
    found = dict.fromkeys((term.site for term in sorted(objective.terms, key=lambda t: t.role == "guide")), 0.0)
    for values in particles_of(fit, flat, step, seed):
        for (term, sign, _), number in zip(counted, interpret(nodes, values, fit.sizes)):
            found[term.site] -= sign * float(np.asarray(number)) / fit.particles
    return found
