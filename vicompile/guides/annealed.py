"""Guides that walk from a simple draw towards the posterior along the gradient of the model's density.

Differentiable annealed importance sampling: Hamiltonian steps with momenta that are partly drawn anew, towards
densities between that of the first draw and the posterior (Geffner and Domke 2021; Zhang, Hsu, Wolf and Grosse 2021).
There is no step of acceptance, so that all of it has a gradient; what the momenta gain and lose is part of the bound.
"""

from __future__ import annotations

from typing import Any

from ..diagnostics import Record
from ..distributions import MultivariateNormal, Normal
from ..distributions.constraints import interval, positive, real, scaled_unit_lower_cholesky
from ..ir import linalg, ops, vectors
from ..ir.nodes import Axis, Node, const
from .build import Builder, filled
from .joint import Pieces


class Walk(Record, eq=False):
    """What a walk is made of.

    steps: how many. base: the distribution of the first draw, "diagonal" or "cholesky". eta_init, eta_max: the size of
    a step at first and at most. gamma_init: how much of a momentum is kept from step to step, at first.
    """

    steps: int
    base: str
    eta_init: float
    eta_max: float
    gamma_init: float


def annealed(build: Builder, pieces: Pieces, walk: Walk, init_scale: float) -> None:
    """The vector is where the walk ends."""
    prefix, size, span = build.prefix, pieces.size, pieces.first.site.span

    def param(name: str, start: Node, constraint: Any) -> Node:
        return build.param(f"{prefix}_{name}", start, constraint, span)

    with build.at(pieces.first):
        eta = param("eta0", const(walk.eta_init), interval(0.0, walk.eta_max))
        eta_slope = param("eta_coeff", const(0.0), real)
        kept = param("gamma", const(walk.gamma_init), interval(0.0, 1.0))
        parts = param("beta_increments", filled(1.0, (walk.steps,)), positive)
        whole = ops.total(parts)
        sofar: Node = const(0.0)
        mass = param("mass_matrix", filled(1.0, (size,)), positive)
        base, slope_of_base = _base(build, pieces, walk.base, init_scale)
        place = pieces.draw(f"_{prefix}_z_0", base)
        noise = _momenta(build, pieces, walk.steps)
        momentum = mass * _row(noise, 0)
        gained: Any = 0.0
        for step in range(walk.steps):
            sofar = sofar + ops.gather(parts, (step,), ())
            share = sofar / whole
            size_of_step = ops.minimum(ops.maximum(eta + eta_slope * share, 0.0), walk.eta_max)
            half = place + momentum * size_of_step * (0.5 / mass)
            slope = (1.0 - share) * slope_of_base(half) + share * pieces.slope(half)
            pushed = momentum + size_of_step * slope
            place = half + pushed * size_of_step * (0.5 / mass)
            gained = gained + 0.5 * ops.total(ops.square(pushed / mass) - ops.square(momentum / mass))
            if step + 1 < walk.steps:
                momentum = kept * pushed + ops.sqrt(1.0 - ops.square(kept)) * (mass * _row(noise, step + 1))
        pieces.factor(f"{prefix}_factor", ops.as_node(gained))
        vector = pieces.derived(f"_{prefix}_latent", place, const(0.0))
    pieces.images(vector)


def _base(build: Builder, pieces: Pieces, kind: str, init_scale: float) -> tuple[Any, Any]:
    """The distribution of the first draw, and the gradient of its log density."""
    prefix, size, span = build.prefix, pieces.size, pieces.first.site.span
    loc = build.param(f"{prefix}_z_0_loc", filled(0.0, (size,)), real, span)
    if kind == "diagonal":
        scale = build.param(f"{prefix}_z_0_scale", filled(init_scale, (size,)), positive, span)
        return Normal(loc, scale).to_event(1), lambda x: (loc - x) / ops.square(scale)
    start: Node = vectors.identity(size, loc) * const(init_scale)
    tril = build.param(f"{prefix}_z_0_scale_tril", start, scaled_unit_lower_cholesky, span)

    def slope(x: Node) -> Any:
        standard = linalg.solve_lower(tril, loc - x, vector=True)
        return linalg.solve_lower_transposed(tril, standard, vector=True)

    return MultivariateNormal(loc, scale_tril=tril), slope


def _momenta(build: Builder, pieces: Pieces, steps: int) -> Node:
    """Standard normals for each step, whose density is no part of the bound."""
    standard = Normal(filled(0.0, (steps, pieces.size)), 1.0).to_event(2)
    value = pieces.draw(f"_{build.prefix}_momentum", standard)
    sites = build.trace.sites
    sites[-1] = sites[-1].replaced(is_hidden=True)
    return value


def _row(matrix: Node, row: int) -> Node:
    found: Node = ops.gather(matrix, (row, Axis(0)), matrix.shape[1:])
    return found
