"""Guides that are put together site by site: how each is distributed, and on which others it depends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..diagnostics import CompileError, collect
from ..distributions import MultivariateNormal, Normal
from ..distributions.constraints import Constraint, real, scaled_unit_lower_cholesky
from ..ir import vectors
from ..ir.dims import product
from ..ir.nodes import Node, const
from .build import Builder, filled
from .errors import NoSuchSite, NotBefore, NotJoint
from .joint import flat, piece
from .latents import Latent

CONDITIONALS = ("delta", "normal", "mvn")


def check_names(latents: list[Latent], conditionals: Iterable[str], dependencies: Mapping[str, list[str]]) -> None:
    """Raise CompileError for a name that no latent site has, or that comes too late."""
    names = [latent.name for latent in latents]
    with collect() as report:
        for name in (*conditionals, *dependencies):
            if name not in names and latents:
                report.add(NoSuchSite(latents[0].site.span, name, ", ".join(names)))
        for latent in latents:
            for other in dependencies.get(latent.name, []):
                if other not in names[: names.index(latent.name)]:
                    report.add(NotBefore(latent.site.span, latent.name, other))


def structured(
    build: Builder,
    latents: list[Latent],
    conditionals: Mapping[str, str],
    dependencies: Mapping[str, list[str]],
    init_scale: float,
    scale_constraint: Constraint,
) -> None:
    """Every site is "normal", "mvn" or "delta" on the unconstrained scale, about a location to which a matrix times the
    unconstrained numbers of the sites that it depends on is added.
    """
    free: dict[str, Node] = {}
    for latent in latents:
        with build.at(latent):
            kind = conditionals.get(latent.name, "normal")
            others = dependencies.get(latent.name, [])
            whole = kind == "mvn" or bool(others)
            if whole and (latent.rows or latent.mask is not None):
                why = "is drawn anew for each batch" if latent.rows else "has a mask"
                raise CompileError(NotJoint(latent.site.span, latent.name, "AutoStructured", why))
            loc = build.param_of(latent, "loc", 0.0, real)
            for other in others:
                loc = loc + _linear(build, latent, other, free[other])
            free[latent.name] = _drawn(build, latent, kind, loc, init_scale, scale_constraint)


def _linear(build: Builder, latent: Latent, other: str, values: Node) -> Node:
    """A matrix times the numbers of another site."""
    size, length = product(latent.shape), product(values.shape)
    name = f"{latent.name}_{build.prefix}_weight_{other}"
    weight = build.param(name, filled(0.0, (size, length)), real, latent.site.span)
    return piece(vectors.matvec(weight, flat(values)), 0, latent.shape)


def _drawn(build: Builder, latent: Latent, kind: str, loc: Node, init_scale: float, constraint: Constraint) -> Node:
    """The site, and its unconstrained numbers."""
    name = f"{latent.name}_{build.prefix}_latent"
    if kind == "delta":
        build.image(latent, loc)
        return loc
    if kind == "normal":
        normal: Any = Normal(loc, build.param_of(latent, "scale", init_scale, constraint))
        numbers = build.draw_of(latent, normal)
    else:
        start: Node = vectors.identity(product(latent.shape), loc) * const(init_scale)
        tril_name = f"{latent.name}_{build.prefix}_scale_tril"
        tril = build.param(tril_name, start, scaled_unit_lower_cholesky, latent.site.span)
        vector = build.draw(name, MultivariateNormal(flat(loc), scale_tril=tril), latent, latent.scale)
        numbers = piece(vector, 0, latent.shape)
    build.image(latent, numbers)
    return numbers
