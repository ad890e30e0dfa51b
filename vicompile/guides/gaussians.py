"""Guides whose one vector of all sites is Gaussian."""

from __future__ import annotations

import math

from ..distributions import LowRankMultivariateNormal, MultivariateNormal, Normal
from ..distributions.constraints import Constraint, real
from ..ir import ops, vectors
from ..ir.dims import Size
from ..ir.nodes import Node, const
from .build import Builder, filled
from .joint import Pieces


def diagonal(build: Builder, pieces: Pieces, init_scale: float, scale_constraint: Constraint) -> None:
    """All numbers are independent."""
    with build.at(pieces.first):
        normal = Normal(_loc(build, pieces), _scale(build, pieces, init_scale, scale_constraint))
        vector = pieces.draw(f"_{build.prefix}_latent", normal.to_event(1))
    pieces.images(vector)


def full(build: Builder, pieces: Pieces, init_scale: float, scale_tril_constraint: Constraint) -> None:
    """All numbers may be correlated."""
    with build.at(pieces.first):
        loc = _loc(build, pieces)
        start: Node = vectors.identity(pieces.size, loc) * const(init_scale)
        tril = build.param(f"{build.prefix}_scale_tril", start, scale_tril_constraint, pieces.first.site.span)
        vector = pieces.draw(f"_{build.prefix}_latent", MultivariateNormal(loc, scale_tril=tril))
    pieces.images(vector)


def low_rank(build: Builder, pieces: Pieces, rank: Size, init_scale: float, scale_constraint: Constraint) -> None:
    """The covariance is S (I + W W') S, where S is diagonal and W has `rank` columns."""
    with build.at(pieces.first):
        loc = _loc(build, pieces)
        name, shape = f"{build.prefix}_cov_factor", (pieces.size, rank)
        factor = build.param(name, filled(0.0, shape), real, pieces.first.site.span)
        scale = _scale(build, pieces, init_scale, scale_constraint)
        normal = LowRankMultivariateNormal(loc, factor * vectors.insert_axis(scale, -1), ops.square(scale))
        vector = pieces.draw(f"_{build.prefix}_latent", normal)
    pieces.images(vector)


def point(build: Builder, pieces: Pieces) -> None:
    """The vector is a parameter."""
    with build.at(pieces.first):
        loc = _loc(build, pieces)
    pieces.images(loc)


def usual_rank(size: Size) -> int:
    """The rounded square root of the length of the vector. Raises SizeMustBeKnown for a symbol."""
    return max(1, round(math.sqrt(vectors.known(size, "the rank of a low-rank covariance"))))


def _loc(build: Builder, pieces: Pieces) -> Node:
    return build.param(f"{build.prefix}_loc", filled(0.0, (pieces.size,)), real, pieces.first.site.span)


def _scale(build: Builder, pieces: Pieces, init_scale: float, constraint: Constraint) -> Node:
    start = filled(init_scale, (pieces.size,))
    return build.param(f"{build.prefix}_scale", start, constraint, pieces.first.site.span)
