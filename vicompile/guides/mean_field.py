"""Guides in which every site has its own parameters: independent normals, and single points."""

from __future__ import annotations

from ..distributions import Normal
from ..distributions.constraints import Constraint, real
from .build import Builder
from .latents import Latent


def normals(build: Builder, latents: list[Latent], init_scale: float, scale_constraint: Constraint) -> None:
    """Every unconstrained number has a normal distribution of its own."""
    for latent in latents:
        with build.at(latent):
            loc = build.param_of(latent, "loc", 0.0, real)
            scale = build.param_of(latent, "scale", init_scale, scale_constraint)
            normal = Normal(loc, scale)
            if latent.is_real:
                build.site(latent, normal)
            else:
                build.image(latent, build.draw_of(latent, normal))


def points(build: Builder, latents: list[Latent]) -> None:
    """Every site is at one point, which is a parameter: the maximum a posteriori, if the density of a point is 1."""
    for latent in latents:
        with build.at(latent):
            build.point(latent, build.point_of(latent), 0.0)
