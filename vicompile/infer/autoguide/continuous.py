"""Automatic guides with one Gaussian vector for all latent sites."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ...diagnostics import public
from ...distributions import LowRankMultivariateNormal, MultivariateNormal, Normal
from ...distributions.constraints import Constraint, scaled_unit_lower_cholesky, softplus_positive
from ...distributions.transforms import AffineTransform, IndependentTransform, LowerCholeskyAffine
from ...guides import Builder, Latent, gaussians
from ...guides.joint import Pieces
from .base import AutoGuide
from .initialization import init_to_uniform
from .mean_field import check_scale
from .starting import Start


class AutoContinuous(AutoGuide):
    """Base of the guides whose latent sites are pieces of one vector, the site `_auto_latent`.

    The vector has the unconstrained numbers of all latent sites, in the order of the model, each row after row. Sites
    in subsampled plates, masked ones, and sites that are scaled differently cannot be pieces: an error says so.
    """

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
        if latents:
            self.declare_vector(build, Pieces(build, latents, self.name))

    def declare_vector(self, build: Builder, pieces: Pieces) -> None:
        """The vector and its pieces."""
        raise NotImplementedError

    def params_at(self, found: list[Start]) -> dict[str, Any]:
        """The location."""
        return {f"{self.prefix}_loc": np.concatenate([one.free.ravel() for one in found])} if found else {}

    def get_posterior(self, params: Mapping[str, Any]) -> Any:
        """The distribution of the vector, on NumPy, at these parameters."""
        raise NotImplementedError


class AutoDiagonalNormal(AutoContinuous):
    """A vector of independent normals. Parameters: `auto_loc`, `auto_scale`, both vectors."""

    scale_constraint: Constraint = softplus_positive

    def declare_vector(self, build: Builder, pieces: Pieces) -> None:
        """The vector and its pieces."""
        gaussians.diagonal(build, pieces, self._init_scale, self.scale_constraint)

    @public
    def get_posterior(self, params: Mapping[str, Any]) -> Any:
        """Normal(auto_loc, auto_scale), a vector."""
        return Normal(self.param(params, "loc"), self.param(params, "scale")).to_event(1)

    @public
    def get_transform(self, params: Mapping[str, Any]) -> Any:
        """The map from standard normals to the vector."""
        loc, scale = self.param(params, "loc"), self.param(params, "scale")
        return IndependentTransform(AffineTransform(loc, scale), 1)


class AutoMultivariateNormal(AutoContinuous):
    """A multivariate normal vector.

    Parameters: `auto_loc`, and `auto_scale_tril`, the Cholesky factor of its covariance. The size of the vector is part
    of the compiled code.
    """

    scale_tril_constraint: Constraint = scaled_unit_lower_cholesky

    def declare_vector(self, build: Builder, pieces: Pieces) -> None:
        """The vector and its pieces."""
        gaussians.full(build, pieces, self._init_scale, self.scale_tril_constraint)

    @public
    def get_posterior(self, params: Mapping[str, Any]) -> Any:
        """MultivariateNormal(auto_loc, scale_tril=auto_scale_tril)."""
        return MultivariateNormal(self.param(params, "loc"), scale_tril=self.param(params, "scale_tril"))

    @public
    def get_transform(self, params: Mapping[str, Any]) -> Any:
        """The map from standard normals to the vector."""
        return LowerCholeskyAffine(self.param(params, "loc"), self.param(params, "scale_tril"))


class AutoLowRankMultivariateNormal(AutoContinuous):
    """A vector with the covariance S (I + W W') S, with S diagonal.

    model, prefix, init_loc_fn, init_scale: as in `AutoNormal`. rank: the number of columns of W; by default the rounded
    square root of the length of the vector, which is then part of the compiled code.

    Parameters: `auto_loc`, `auto_scale` (S) and `auto_cov_factor` (W), which starts at zero.

    Errors: ValueError for a rank that is no whole number from 1.
    """

    scale_constraint: Constraint = softplus_positive

    def __init__(
        self,
        model: Callable[..., Any],
        *,
        prefix: str = "auto",
        init_loc_fn: Callable[..., Any] = init_to_uniform,
        init_scale: float = 0.1,
        rank: int | None = None,
    ) -> None:
        super().__init__(model, prefix=prefix, init_loc_fn=init_loc_fn, init_scale=init_scale)
        if rank is not None and (isinstance(rank, bool) or not isinstance(rank, (int, np.integer)) or rank < 1):
            raise ValueError(f"{self.name}: `rank` must be a whole number from 1, got {rank!r}")
        self.rank = None if rank is None else int(rank)

    def declare_vector(self, build: Builder, pieces: Pieces) -> None:
        """The vector and its pieces."""
        rank = self.rank if self.rank is not None else gaussians.usual_rank(pieces.size)
        gaussians.low_rank(build, pieces, rank, self._init_scale, self.scale_constraint)

    @public
    def get_posterior(self, params: Mapping[str, Any]) -> Any:
        """LowRankMultivariateNormal(auto_loc, S W, S ** 2)."""
        loc, factor, scale = (np.asarray(self.param(params, n)) for n in ("loc", "cov_factor", "scale"))
        return LowRankMultivariateNormal(loc, factor * scale[:, None], scale**2)

    @public
    def get_transform(self, params: Mapping[str, Any]) -> Any:
        """The map from as many standard normals as the vector is long to a vector with this distribution."""
        posterior = self.get_posterior(params)
        return LowerCholeskyAffine(posterior.loc, posterior.scale_tril)
