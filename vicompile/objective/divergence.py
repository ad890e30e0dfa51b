"""The divergence of a latent site's guide from its prior in closed form, in place of both densities at a draw.

Over the site's own noise, all other draws given, the mean of log q - log p is KL(q || p) of the two distributions as
these draws make them. So it may stand for them wherever neither distribution depends on that noise, and both densities
count the same elements equally often.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..distributions import Delta, Distribution, kl_divergence
from ..ir import ops
from ..ir.nodes import Draw, Node, Provenance
from ..ir.walk import topological
from ..lower import Trace
from .densities import Values, scale_of
from .terms import Term


def with_closed_forms(
    terms: Sequence[Term], model: Trace, guide: Trace, values: Values, provenance: Provenance
) -> list[Term]:
    """The terms, those of the guide with their divergence where it is known and may be taken."""
    priors = {t.site: t for t in terms if t.role == "model" and t.is_latent}
    of_model = {s.name: s for s in model.sites}
    of_guide = {s.name: s for s in guide.sites}
    found = []
    for term in terms:
        if term.role == "guide" and term.site in priors:
            prior = priors[term.site]
            ours, theirs = of_guide[term.site], of_model[term.site]
            with provenance.at(ours.origin):
                node = _divergence(term, prior, scale_of(ours, values), scale_of(theirs, values))
            if node is not None:
                pair = f"{type(term.distribution).__name__}-{type(prior.distribution).__name__}"
                term = term.replaced(divergence=node, pair=pair)
        found.append(term)
    return found


def _divergence(term: Term, prior: Term, scale: Node | None, prior_scale: Node | None) -> Node | None:
    q, p = term.distribution, prior.distribution
    if q is None or p is None or isinstance(q, Delta) or scale is not prior_scale or not _same(q, p):
        return None
    own = {n for n in topological([term.value]) if isinstance(n, Draw) and n.site == term.site}
    if not own.isdisjoint(topological([*_nodes(q), *_nodes(p), *([] if scale is None else [scale])])):
        return None
    is_per_element = scale is not None and scale.rank > 0
    if q.event_dim != p.event_dim:
        if q.mask_condition is not None or is_per_element:
            return None
        most = max(q.event_dim, p.event_dim)
        q, p = q.to_event(most - q.event_dim), p.to_event(most - p.event_dim)
    try:
        each = ops.as_node(kl_divergence(q.with_params(_as_node), p.with_params(_as_node)))
    except NotImplementedError:
        return None
    if scale is None:
        return ops.total(each)  # type: ignore[no-any-return]
    return ops.total(each * scale) if is_per_element else scale * ops.total(each)  # type: ignore[no-any-return]


def _same(q: Distribution, p: Distribution) -> bool:
    """Whether both masks leave the same elements."""
    ours, theirs = q.mask_condition, p.mask_condition
    if isinstance(ours, Node) or isinstance(theirs, Node) or ours is None or theirs is None:
        return ours is theirs
    return bool(np.array_equal(ours, theirs))


def _as_node(name: str, value: Any) -> Any:
    """Numbers of the program as nodes: an array made of one could meet none."""
    return ops.as_node(value) if name != "mask" and isinstance(value, (int, float, np.number)) else value


def _nodes(distribution: Distribution) -> Iterable[Any]:
    numbers = [*distribution.numbers().values(), distribution.mask_condition]
    return [one for one in numbers if isinstance(one, Node)]
