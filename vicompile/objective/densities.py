"""The log densities of all sites at the guide's draws, as nodes: z = draw(noise, parameters), for one particle."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ..diagnostics import CompileError
from ..distributions import Distribution
from ..distributions.constraints import anything
from ..guides.image import Image
from ..ir import ops
from ..ir.nodes import Draw, History, Input, Node, Provenance, SharedDraw, Site
from ..ir.walk import replace, topological
from ..lower import NeedEqual, SiteRecord, Trace, asked_of_data, shape_text
from ..lower.noise import GraphNoise
from .agree import check_agreement, check_plates
from .errors import DrawNotDifferentiable, SiteShape
from .terms import Term

Values = dict[Node, Node]


class Densities:
    """The draws of a guide, and one term for each site of guide and model there, in this order.

    is_sticking: the parameters of a guide's density are constants for gradients, those behind the draw are not (Roeder
    et al. 2017).

    Raises CompileError where model and guide disagree, NeedEqual where their sizes must agree.
    """

    def __init__(self, model: Trace, guide: Trace, provenance: Provenance, *, is_sticking: bool = False) -> None:
        check_agreement(model, guide)
        check_plates(model, guide)
        self._model, self._guide, self._provenance = model, guide, provenance
        self.draws: list[Draw] = [*guide.draws, *model.draws]
        self.terms: list[Term] = []
        # What each latent site is: its draw, by the site's node and by its name.
        self.values: Values = {}
        drawn: dict[str, Node] = {}
        gaps = {s.name: s.where for s in model.sites if s.where is not None}
        params = [record.unconstrained for record in guide.params.values()]
        for site in guide.sites:
            if site.name in gaps and site.distribution is not None:
                # Where there is an observation the draw is not used, and its density is no part of the objective.
                site = site.replaced(distribution=site.distribution.mask(gaps[site.name]))
            if not site.observed:
                drawn[site.name] = self._draw(site)
            if not site.is_hidden:
                view = _density_held(site, self.values, params) if is_sticking else self.values
                self.terms.append(term_of(site, "guide", view, provenance))
        for site in model.sites:
            if site.is_hidden:
                self._draw(site)
            elif not site.observed:
                _agree_in_shape(site, drawn[site.name])
                self.values[site.value] = drawn[site.name]
        self._anywhere = {
            s.name for s in guide.sites if s.distribution is not None and s.distribution.support is anything
        }
        self.terms += self.of_model(self.values)

    def of_model(self, values: Mapping[Node, Node], *, with_hidden: bool = False) -> list[Term]:
        """The terms of the model's sites, with nodes replaced by `values`."""
        return [
            term_of(site, "model", values, self._provenance, self._anywhere)
            for site in self._model.sites
            if with_hidden or not site.is_hidden
        ]

    def sum_of(self, role: str, *, latent: bool | None = None) -> Node:
        """The sum of the log densities of one role, of all sites or of those that are latent or not."""
        return total_of(t for t in self.terms if t.role == role and latent in (None, t.is_latent))

    def noise(self, roots: Iterable[Node]) -> list[Draw]:
        """All base noise that the roots read, that of plates last."""
        return [*self.draws, *(n for n in topological(roots) if isinstance(n, SharedDraw))]

    def _draw(self, site: SiteRecord) -> Node:
        if not isinstance(site.value, Site):
            # Drawn already, because the next round of a loop depends on it.
            self.values[site.value] = replace([site.value], self.values)[site.value]
            return self.values[site.value]
        assert site.distribution is not None
        with self._provenance.at(site.origin):
            distribution = substituted(site, self.values)
            if not distribution.has_rsample:
                # The place of score-function sites: a surrogate with the detached loss times the log density.
                raise CompileError(DrawNotDifferentiable(site.span, site.name, type(distribution).__name__))
            shape = distribution.shape()
            event_dim = len(distribution.own_event_shape)
            value = distribution.draw_from(GraphNoise(site.name, shape, event_dim, self.draws))
            self.values[site.value] = ops.broadcast_to(value, shape)
        return self.values[site.value]


def total_of(terms: Iterable[Term]) -> Node:
    """The sum of log densities."""
    total: Any = 0.0
    for term in terms:
        total = total + term.log_prob
    return ops.as_node(total)


def term_of(
    site: SiteRecord,
    role: str,
    values: Mapping[Node, Node],
    provenance: Provenance,
    anywhere: Collection[str] = (),
) -> Term:
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
        scale = scale_of(site, values)
        elements = _elements(ops.as_node(log_prob), site)
        total = _scaled_total(ops.as_node(log_prob), elements, scale)
    if distribution is not None and site.observed:
        # What a mask hides may be missing: no report is to blame it.
        value = ops.as_node(distribution.unmasked(value))
    return Term(site.name, role, site.span, value, total, distribution, not site.observed, elements, scale)


def _elements(log_prob: Node, site: SiteRecord) -> Node:
    """As in `log_prob`: the event's axes are summed first."""
    axes = range(0) if site.distribution is None else range(-site.distribution.reinterpreted, 0)
    summed: Node = ops.total(log_prob, axes)
    return summed


def _scaled_total(log_prob: Node, elements: Node, scale: Node | None) -> Node:
    """The sum over all elements, each counted as often as the scale says; one that is an array covers the batch."""
    if scale is None or not scale.rank:
        total: Node = ops.total(log_prob)
        return total if scale is None else scale * total
    return ops.total(elements * scale)  # type: ignore[no-any-return]


def scale_of(site: SiteRecord, values: Mapping[Node, Node]) -> Node | None:
    """What the site's log density is multiplied with, with latent sites replaced by their draws."""
    return None if site.scale is None else replace([site.scale], values)[site.scale]


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


def _density_held(site: SiteRecord, values: Values, params: Iterable[Node]) -> Mapping[Node, Node]:
    """`values`, and parameters replaced by constants, but for those behind draws.

    Where draws of an earlier round of a loop cannot be told from their parameters nothing is held: the gradient is
    right either way, for the score has the mean zero. The volume of an image is told by the draws behind it, and by a
    map whose parameters lead to the image as well.
    """
    if site.distribution is None or isinstance(site.distribution, Image):
        return values
    stops: Values = dict(values)
    pending = [v for v in site.distribution.numbers().values() if isinstance(v, Node)]
    seen: set[Node] = set()
    while pending:
        node = pending.pop()
        if node in seen or node in stops:
            continue
        seen.add(node)
        if isinstance(node, Draw):
            return values
        if isinstance(node, History) and any(isinstance(n, Draw) for n in topological([node])):
            stops[node] = replace([node], values)[node]
        else:
            pending += node.args
    return {**stops, **held(params)}


def held(nodes: Iterable[Node]) -> Values:
    """Each node as a constant for gradients."""
    return {node: ops.detach(node) for node in nodes}


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
