"""Objectives of the log weights log p(x, z) - log q(z) of all particles of a step."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostics import collect
from ..ir import ops
from ..ir.nodes import FLOAT, Input, Node, Provenance, const, make
from ..ir.walk import replace
from ..lower import Trace
from .densities import Densities, held, total_of
from .errors import LossDeclares
from .terms import PARTICLES, Combined, Objective

# The arguments of a loss of the user's own, before there are particles.
LOG_WEIGHTS: dict[str, Input] = {
    name: make(Input, FLOAT, (PARTICLES,), name=f"@{name}", role="particle")
    for name in ("log_likelihood", "log_prior", "log_guide", "log_weights")
}


def renyi_bound(
    model: Trace, guide: Trace, provenance: Provenance, *, alpha: float, doubly_reparameterized: bool = False
) -> Objective:
    """Minus log(mean of w**(1 - alpha)) / (1 - alpha) over the particles' weights w (Li and Turner 2016, eq. 6).

    doubly_reparameterized: the surrogate of Tucker et al. 2019. With z = draw(noise, phi), f = log w as a function of z
    alone and v the normalised w**(1 - alpha), the mean of v * d log q / d phi is that of
    (1 - alpha) * v * (1 - v) * df/dz * dz/dphi, so that the gradient by phi is alpha * v + (1 - alpha) * v**2 times
    df/dz * dz/dphi. That by parameters of the model's own densities has the weight v.

    Raises CompileError and NeedEqual as `negative_elbo` does.
    """
    power = 1.0 - alpha
    with provenance.active():
        found = Densities(model, guide, provenance, is_sticking=doubly_reparameterized)
        log_prior = found.sum_of("model")
        columns = [log_prior - found.sum_of("guide")]
        if doubly_reparameterized:
            params = held(record.unconstrained for record in guide.params.values())
            columns[0] = total_of(found.of_model({**found.values, **params})) - found.sum_of("guide")
            still = {site: ops.detach(value) for site, value in found.values.items()}
            # What `block` hides is drawn from the model: there its density is that of the guide as well.
            columns.append(total_of(found.of_model(still, with_hidden=True)))

    def combine(all_columns: Sequence[Node]) -> Combined:
        log_weights = all_columns[0]
        loss = -ops.logsumexp(power * log_weights) / power + ops.log(_count(log_weights)) / power
        if not doubly_reparameterized:
            return Combined(loss, loss, const(1.0))
        normalised = ops.detach(ops.exp(power * log_weights - ops.logsumexp(power * log_weights)))
        through_draws = normalised * (alpha + power * normalised) if alpha else normalised * normalised
        return Combined(loss, -ops.total(through_draws * log_weights + normalised * all_columns[1]), const(1.0))

    kind = "importance-weighted bound" if alpha == 0.0 else f"Renyi bound, alpha = {alpha:g}"
    return Objective(
        -columns[0],
        found.noise(columns),
        found.terms,
        columns=columns,
        combine=combine,
        notes=[f"{kind}, of the log weights of all particles; the loss below is that of one particle alone"],
    )


def custom_loss(
    model: Trace, guide: Trace, loss: Trace, provenance: Provenance, *, sticking_the_landing: bool = False
) -> Objective:
    """The value of a function of the user's own; `loss` is what it does with `LOG_WEIGHTS`.

    Raises CompileError as `negative_elbo` does, and where the function does more than compute a number.
    """
    declared = [(site.span, site.name) for site in loss.sites]
    declared += [(one.span, one.name) for one in loss.deterministics]
    declared += [(one.span, name) for name, one in loss.params.items() if name not in guide.params]
    with collect() as report:
        for span, name in declared:
            report.add(LossDeclares(span, name))
    with provenance.active():
        found = Densities(model, guide, provenance, is_sticking=sticking_the_landing)
        columns = [
            found.sum_of("model", latent=False),
            found.sum_of("model", latent=True),
            found.sum_of("guide"),
        ]
        whole = columns[2] - columns[0] - columns[1]

    def combine(all_columns: Sequence[Node]) -> Combined:
        log_likelihood, log_prior, log_guide = all_columns
        given = (*all_columns, log_likelihood + log_prior - log_guide)
        value = replace([loss.result], dict(zip(LOG_WEIGHTS.values(), given)))[loss.result]
        return Combined(value, value, const(1.0))

    return Objective(
        whole,
        found.noise(columns),
        found.terms,
        columns=columns,
        combine=combine,
        notes=["a loss of the log weights of all particles; the loss below is that of one particle alone"],
    )


def _count(column: Node) -> Node:
    return ops.to_float(ops.as_node(column.shape[0]))  # type: ignore[no-any-return]
