"""Automatic guides in which every site has its own parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...distributions.constraints import Constraint, softplus_positive
from ...guides import Builder, Latent
from ...guides import mean_field as guides
from .base import AutoGuide
from .initialization import init_to_median, init_to_uniform
from .starting import Start


class AutoNormal(AutoGuide):
    """Independent normals on the unconstrained scale, one for each number of each latent site.

    model, prefix, init_loc_fn: as in `AutoGuide`. init_scale: where all scales start.

    Parameters: `{site}_auto_loc` and `{site}_auto_scale`, of the shape of the site's unconstrained value. Sites inside
    a subsampled plate have parameters for all its elements, of which each step learns those that are in.
    """

    scale_constraint: Constraint = softplus_positive

    def __init__(
        self,
        model: Callable[..., Any],
        *,
        prefix: str = "auto",
        init_loc_fn: Callable[..., Any] = init_to_uniform,
        init_scale: float = 0.1,
    ) -> None:
        super().__init__(model, prefix=prefix, init_loc_fn=init_loc_fn)
        self._init_scale = check_scale(self, init_scale)

    def declare(self, build: Builder, latents: list[Latent]) -> None:
        """The sites of the guide."""
        guides.normals(build, latents, self._init_scale, self.scale_constraint)

    def params_at(self, found: list[Start]) -> dict[str, Any]:
        """The locations."""
        return {f"{one.latent.name}_{self.prefix}_loc": one.free for one in found}


class AutoDelta(AutoGuide):
    """One point for each latent site: the maximum a posteriori, of the density on the constrained scale.

    model, prefix: as in `AutoGuide`. init_loc_fn: likewise; `init_to_median` by default.

    Parameters: `{site}_auto_loc`, inside the site's support. Where the support has computed bounds, such as those of
    Uniform(0, x) with another site x, the parameter is the unconstrained value instead; `median` gives the site's.
    """

    def __init__(
        self,
        model: Callable[..., Any],
        *,
        prefix: str = "auto",
        init_loc_fn: Callable[..., Any] = init_to_median,
    ) -> None:
        super().__init__(model, prefix=prefix, init_loc_fn=init_loc_fn)

    def declare(self, build: Builder, latents: list[Latent]) -> None:
        """The sites of the guide."""
        guides.points(build, latents)

    def params_at(self, found: list[Start]) -> dict[str, Any]:
        """The points."""
        return {f"{one.latent.name}_{self.prefix}_loc": _point(one) for one in found}


def check_scale(guide: AutoGuide, scale: Any) -> float:
    """An initial scale. ValueError for one that is not positive and finite."""
    try:
        found = float(scale)
    except (TypeError, ValueError):
        found = -1.0
    if not 0.0 < found < np.inf:
        raise ValueError(f"{guide.name}: `init_scale` must be a positive number, got {scale!r}")
    return found


def _point(start: Start) -> Any:
    latent = start.latent
    return start.free if latent.has_computed_bounds else latent.support.transform(start.free)
