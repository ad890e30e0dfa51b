"""The negative ELBO of one particle, with pathwise draws: E_q[log q(z) - log p(x, z)], z = draw(noise, parameters).

The gradient is taken through the draws and through log q, as Pyro's Trace_ELBO does (Kingma and Welling 2014, eq. 4;
Ranganath et al. 2014), or through the draws alone (Roeder et al. 2017).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..ir import ops
from ..ir.nodes import FLOAT, Input, Node, Provenance, make
from ..lower import Trace
from .densities import Densities
from .divergence import with_closed_forms
from .terms import Objective, Schedule, Term, parts


def negative_elbo(
    model: Trace,
    guide: Trace,
    provenance: Provenance,
    *,
    sticking_the_landing: bool = False,
    closed_forms: bool = False,
    kl_weight: float | Schedule | None = None,
) -> Objective:
    """Build the objective.

    sticking_the_landing: no gradient by the parameters of log q, only through the draws. closed_forms: the divergence
    of a latent site's guide from its prior in closed form, where there is one. kl_weight: what log q - log p of the
    latent sites is multiplied with, also as a function of (first, count) that gives those of `count` steps; None for 1.

    Raises CompileError where model and guide disagree, NeedEqual where their sizes must agree.
    """
    with provenance.active():
        found = Densities(model, guide, provenance, is_sticking=sticking_the_landing)
        terms = with_closed_forms(found.terms, model, guide, found.values, provenance) if closed_forms else found.terms
        if kl_weight is None:
            weight, loss = None, _sum(terms)
        else:
            # As data, so that another weight uses the same kernel.
            role = "scheduled" if callable(kl_weight) else "data"
            weight = make(Input, FLOAT, (), name="@kl_weight", role=role)
            loss = _sum(t for t in terms if not t.is_latent) + weight * _sum(t for t in terms if t.is_latent)
    objective = Objective(loss, found.noise([loss]), terms)
    objective.notes = [f"KL(q || p) of `{t.site}`: closed form {t.pair}" for t in terms if t.divergence is not None]
    if weight is not None and callable(kl_weight):
        objective.scheduled[weight] = kl_weight
    elif weight is not None:
        objective.constants[weight] = np.array(kl_weight, float)
    return objective


def _sum(terms: Iterable[Term]) -> Node:
    total: Any = 0.0
    for _, sign, node in parts(list(terms)):
        total = total + node if sign > 0.0 else total - node
    return ops.as_node(total)
