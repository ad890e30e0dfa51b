"""The joint log density of a model as a function of unconstrained numbers.

Every latent site is an unconstrained input behind the bijection of its support; with the Jacobian it is the density of
those numbers (the change of variables), which samplers and the Laplace approximation need. Parameters of the model
are varied as well, without a density of their own. Each particle has numbers of its own: a kernel takes many points at
once, and gives the log density and the gradient at each.
"""

from __future__ import annotations

from typing import Any

from ..diagnostics import CompileError
from ..distributions.constraints import Constraint
from ..ir import ops
from ..ir.dims import Shape
from ..ir.nodes import FLOAT, Draw, Input, Node, Provenance, SharedDraw, const, make
from ..ir.walk import topological
from ..lower import NeedEqual, ParamRecord, SiteRecord, Trace
from ..lower.latents import check_seen, latent_support, unconstrained_shape
from .densities import substituted, term_of
from .errors import RandomSubsample
from .terms import Objective

Values = dict[Node, Node]


class Latent(ParamRecord):
    """A latent site as something that is varied: a record of a parameter, whose initial value belongs to zeros.

    value: the site's value, made of the numbers of a point and data. given: an input for its constrained value.
    inverse: the unconstrained value, made of the `given` inputs of this site and those before it, and data.
    """

    value: Node
    given: Input
    inverse: Node


def joint_log_density(model: Trace, provenance: Provenance, *, jacobian: bool = True) -> Objective:
    """The log density of the model's latent sites, observations and factors, at points of unconstrained numbers.

    jacobian: whether log |d constrained / d unconstrained| of every latent site is part of it.

    Raises CompileError for a latent site that has no unconstrained form, NeedEqual or NeedFixed where sizes matter.
    """
    objective = Objective(ops.as_node(0.0), name="log density", at_points=True)
    # What stands for each site: a function of the point, the constrained input, the value at zeros.
    values: Values = {}
    given: Values = {}
    initial: Values = {}
    total: Any = 0.0
    for plate in model.plates.values():
        if plate.chosen is not None and any(isinstance(node, SharedDraw) for node in topological([plate.chosen])):
            raise CompileError(RandomSubsample(plate.span, plate.name))
    with provenance.active():
        for record in model.params.values():
            point = _point(record.name, record.unconstrained.shape)
            for known in (values, given, initial):
                known[record.unconstrained] = point
            objective.latents.append(record.replaced(unconstrained=point))
        for site in model.sites:
            check_seen(site)
            if not site.observed:
                with provenance.at(site.origin):
                    try:
                        latent, volume = _latent(site, values, given, initial)
                    except ops.ShapeMismatch as mismatch:
                        raise NeedEqual(mismatch.left, mismatch.right, site.span) from None
                objective.latents.append(latent)
                values[site.value], given[site.value], initial[site.value] = latent.value, latent.given, latent.initial
                if jacobian:
                    total = total + volume
        for site in model.sites:
            objective.terms.append(term_of(site, "model", values, provenance))
            total = total + objective.terms[-1].log_prob
    objective.loss = ops.as_node(total)
    return objective


def _point(name: str, shape: Shape) -> Draw:
    """The unconstrained numbers of a site or parameter at a point."""
    return make(Draw, FLOAT, shape, noise="point", site=name, slot=0)


def _latent(site: SiteRecord, values: Values, given: Values, initial: Values) -> tuple[Latent, Node]:
    """The site as an input, and the log Jacobian of its map."""
    support = latent_support(site, substituted(site, values))
    shape = unconstrained_shape(site, support, site.value.shape)
    unconstrained = _point(site.name, shape)
    constrained: Input = make(Input, FLOAT, site.value.shape, name=f"{site.name} (given)", role="data")

    def image(constraint: Constraint, u: Node) -> Node:
        value: Node = ops.broadcast_to(ops.as_node(constraint.transform(u)), site.value.shape)
        return value

    start = image(latent_support(site, substituted(site, initial)), ops.broadcast_to(const(0.0), shape))
    around = latent_support(site, substituted(site, given))
    inverse = ops.broadcast_to(ops.as_node(around.inverse(constrained)), shape)
    volume: Node = ops.total(ops.as_node(support.log_abs_det(unconstrained)))
    value = image(support, unconstrained)
    return Latent(site.name, unconstrained, start, support, site.span, value, constrained, inverse), volume
