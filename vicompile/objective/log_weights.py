"""Objectives of the log weights log p(x, z) - log q(z) of all particles of a step."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostics import collect
from ..guides.image import Image
from ..ir import ops
from ..ir.nodes import FLOAT, Input, Node, Provenance, const, make
from ..ir.walk import replace, topological
from ..lower import Trace
from .densities import Densities, held
from .errors import DensityNotApart, LossDeclares
from .rows import rows_of
from .terms import PARTICLES, Combined, Objective

# The arguments of a loss of the user's own, before there are particles.
LOG_WEIGHTS: dict[str, Input] = {
    name: make(Input, FLOAT, (PARTICLES,), name=f"@{name}", role="particle")
    for name in ("log_likelihood", "log_prior", "log_guide", "log_weights")
}


def renyi_bound(
    model: Trace, guide: Trace, provenance: Provenance, *, alpha: float, doubly_reparameterized: bool = False
) -> Objective:
    """Minus log(mean of w**(1 - alpha)) / (1 - alpha) over the particles' weights w (Li and Turner 2016, eq. 6); where
    the rows of one plate are independent the sum of this over the rows.

    doubly_reparameterized: the surrogate of Tucker et al. 2019. With z = draw(noise, phi), f = log w as a function of z
    alone and v the normalised w**(1 - alpha), the mean of v * d log q / d phi is that of
    (1 - alpha) * v * (1 - v) * df/dz * dz/dphi, so that the gradient by phi is alpha * v + (1 - alpha) * v**2 times
    df/dz * dz/dphi. That by parameters of the model's own densities has the weight v.

    Raises CompileError and NeedEqual as `negative_elbo` does.
    """
    power = 1.0 - alpha
    if doubly_reparameterized:
        _check_densities(guide)
    with provenance.active():
        found = Densities(model, guide, provenance, is_sticking=doubly_reparameterized)
        rows = rows_of(model, guide, found.terms)
        log_guide = rows.sum_of(t for t in found.terms if t.role == "guide")
        log_model = rows.sum_of(t for t in found.terms if t.role == "model")
        columns = [log_model - log_guide]
        if doubly_reparameterized:
            params = held(record.unconstrained for record in guide.params.values())
            columns[0] = rows.sum_of(found.of_model({**found.values, **params})) - log_guide
            still = {site: ops.detach(value) for site, value in found.values.items()}
            # What `block` hides is drawn from the model: there its density is that of the guide as well.
            columns.append(rows.sum_of(found.of_model(still, with_hidden=True)))
        alone = -rows.total(columns[0])

    def combine(all_columns: Sequence[Node]) -> Combined:
        log_weights = all_columns[0]
        summed = ops.logsumexp(power * log_weights, [0])
        loss = -rows.total(summed - ops.log(_count(log_weights))) / power
        if not doubly_reparameterized:
            return Combined(loss, loss, const(1.0))
        above = ops.back_along(summed, [0], log_weights.shape)
        normalised = ops.detach(ops.exp(power * log_weights - above))
        through_draws = normalised * (alpha + power * normalised) if alpha else normalised * normalised
        surrogate = through_draws * log_weights + normalised * all_columns[1]
        return Combined(loss, -rows.total(ops.total(surrogate, [0])), const(1.0))

    kind = "importance-weighted bound" if alpha == 0.0 else f"Renyi bound, alpha = {alpha:g}"
    of = "all particles" if rows.plate is None else f"all particles, for each row of plate `{rows.plate}`"
    note = f"{kind}, of the log weights of {of}; the loss below is that of one particle alone"
    return Objective(alone, found.noise(columns), found.terms, columns=columns, combine=combine, notes=[note])


def _check_densities(guide: Trace) -> None:
    """Raise CompileError for a density whose parameters cannot be told from those of the draw."""
    with collect() as report:
        for site in guide.sites:
            if site.distribution is not None and not isinstance(site.distribution, Image):
                continue
            below = topological([site.value if site.distribution is None else site.distribution.params["log_volume"]])
            if any(isinstance(node, Input) and node.role == "param" for node in below):
                report.add(DensityNotApart(site.span, site.name))


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
