"""The negative ELBO of one particle, with pathwise draws: E_q[log q(z) - log p(x, z)], z = draw(noise, parameters).

The gradient is taken through the draws and through log q, as Pyro's Trace_ELBO does (Kingma and Welling 2014, eq. 4;
Ranganath et al. 2014).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..diagnostics import CompileError, Record, Span
from ..distributions import Distribution
from ..distributions.constraints import anything
from ..ir import ops
from ..ir.nodes import Draw, Input, Node, Provenance, SharedDraw, Site
from ..ir.walk import replace, topological
from ..lower import NeedEqual, ParamRecord, SiteRecord, Trace, asked_of_data, shape_text
from ..lower.noise import GraphNoise
from .agree import check_agreement, check_plates
from .errors import DrawNotDifferentiable, SiteShape


class Term(Record):
    """One site's part of the objective, for one particle: its value, its log density, and the distribution that gives
    it, None for a factor.
    """

    site: str
    role: str
    span: Span
    value: Node
    log_prob: Node
    distribution: Distribution | None = None


@dataclass
class Objective:
    """`loss` is a scalar, called `name` in texts; `draws` are its base noise, in the order of the guide's sites,
    that of plates last.

    latents: the latent sites that are varied, where the question is not about a guide. at_points: whether each particle
    has values of its own for them, and gives a loss and a gradient of its own. draws_may_index: whether arrays may be
    indexed by draws, as NumPy can.
    """

    loss: Node
    draws: list[Draw] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    latents: list[ParamRecord] = field(default_factory=list)
    name: str = "loss"
    at_points: bool = False
    draws_may_index: bool = False


def negative_elbo(model: Trace, guide: Trace, provenance: Provenance) -> Objective:
    """Build the objective.

    Raises CompileError where model and guide disagree, NeedEqual where their sizes must agree.
    """
    check_agreement(model, guide)
    check_plates(model, guide)
    objective = Objective(ops.as_node(0.0), [*guide.draws, *model.draws])
    # What each latent site is: its draw, by the site's node and by its name.
    values: dict[Node, Node] = {}
    drawn: dict[str, Node] = {}
    total: Any = 0.0
    with provenance.active():
        gaps = {s.name: s.where for s in model.sites if s.where is not None}
        for site in guide.sites:
            if site.name in gaps and site.distribution is not None:
                # Where there is an observation the draw is not used, and its density is no part of the objective.
                site = site.replaced(distribution=site.distribution.mask(gaps[site.name]))
            if not site.observed:
                drawn[site.name] = _draw_site(site, values, objective, provenance)
            if not site.is_hidden:
                total = total + add_term(site, "guide", values, objective, provenance)
        for site in model.sites:
            if site.is_hidden:
                _draw_site(site, values, objective, provenance)
            elif not site.observed:
                _agree_in_shape(site, drawn[site.name])
                values[site.value] = drawn[site.name]
        anywhere = {s.name for s in guide.sites if s.distribution is not None and s.distribution.support is anything}
        for site in model.sites:
            if not site.is_hidden:
                total = total - add_term(site, "model", values, objective, provenance, anywhere)
    objective.loss = ops.as_node(total)
    objective.draws += [n for n in topological([objective.loss]) if isinstance(n, SharedDraw)]
    return objective


def _draw_site(site: SiteRecord, values: dict[Node, Node], objective: Objective, provenance: Provenance) -> Node:
    if not isinstance(site.value, Site):
        # Drawn already, because the next round of a loop depends on it.
        values[site.value] = replace([site.value], values)[site.value]
        return values[site.value]
    assert site.distribution is not None
    with provenance.at(site.origin):
        distribution = substituted(site, values)
        if not distribution.has_rsample:
            raise CompileError(DrawNotDifferentiable(site.span, site.name, type(distribution).__name__))
        shape = distribution.shape()
        event_dim = len(distribution.own_event_shape)
        value = distribution.draw_from(GraphNoise(site.name, shape, event_dim, objective.draws))
        values[site.value] = ops.broadcast_to(value, shape)
    return values[site.value]


def add_term(
    site: SiteRecord,
    role: str,
    values: dict[Node, Node],
    objective: Objective,
    provenance: Provenance,
    anywhere: Collection[str] = (),
) -> Node:
    """The log density of a site, summed over all its elements. `anywhere`: sites whose draws the model's support does
    not bound.
    """
    with provenance.at(site.origin):
        value = values.get(site.value) or replace([site.value], values)[site.value]
        distribution = None
        if site.distribution is None:
            log_prob = value
        else:
            distribution = substituted(site, values)
            is_inside = _is_checked(value, distribution) if site.observed else site.name not in anywhere
            try:
                log_prob = distribution.elementwise_log_prob(value, is_inside=is_inside)
            except ops.ShapeMismatch as mismatch:
                raise NeedEqual(mismatch.left, mismatch.right, site.span) from None
        total = _scaled_total(ops.as_node(log_prob), site, values)
    if distribution is not None and site.observed:
        # What a mask hides may be missing: no report is to blame it.
        value = ops.as_node(distribution.unmasked(value))
    objective.terms.append(Term(site.name, role, site.span, value, total, distribution))
    return total


def _scaled_total(log_prob: Node, site: SiteRecord, values: dict[Node, Node]) -> Node:
    """The sum over all elements, each counted as often as the site's scale says."""
    scale = None if site.scale is None else replace([site.scale], values)[site.scale]
    if scale is not None and scale.rank:
        # As in `log_prob`: the event's axes are summed first, for a scale covers the batch.
        axes = range(0) if site.distribution is None else range(-site.distribution.reinterpreted, 0)
        log_prob = ops.total(log_prob, axes) * scale
    total: Node = ops.total(log_prob)
    return total if scale is None or scale.rank else scale * total


def _is_checked(value: Node, distribution: Distribution) -> bool:
    """Whether the data alone decides if the value lies in the support: then that is checked before a kernel runs."""
    support = distribution.support
    assert support is not None
    roots = [n for n in (support.low, support.high) if isinstance(n, Node)]
    roots.append(asked_of_data(distribution, value))
    return not any(isinstance(n, Draw) or (isinstance(n, Input) and n.role == "param") for n in topological(roots))


def substituted(site: SiteRecord, values: Mapping[Node, Node]) -> Any:
    """The site's distribution with latent sites replaced by their draws."""
    assert site.distribution is not None
    return site.distribution.with_params(lambda _, v: replace([v], values)[v] if isinstance(v, Node) else v)


def _agree_in_shape(site: SiteRecord, drawn: Node) -> None:
    if len(drawn.shape) == len(site.value.shape):
        for left, right in zip(site.value.shape, drawn.shape):
            if left == right:
                continue
            if isinstance(left, int) and isinstance(right, int):
                break
            raise NeedEqual(left, right, site.span)
        else:
            return
    raise CompileError(SiteShape(site.span, site.name, shape_text(site.value.shape), shape_text(drawn.shape)))
