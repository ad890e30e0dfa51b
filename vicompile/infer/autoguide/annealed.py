"""The automatic guide that walks along the gradient of the model's density."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...distributions import Distribution
from ...guides import Builder
from ...guides.annealed import Walk, annealed
from ...guides.joint import Pieces
from .continuous import AutoContinuous
from .initialization import init_to_uniform
from .starting import Start


class AutoDAIS(AutoContinuous):
    """Differentiable annealed importance sampling: K Hamiltonian steps from a normal draw towards the posterior.

    Each step costs a gradient of the model's density, of which the fit takes the gradient once more (Geffner and Domke
    2021; Zhang et al. 2021).

    model, prefix, init_loc_fn, init_scale: as in `AutoNormal`. K: how many steps. base_dist: "diagonal", or "cholesky"
    for a correlated first draw. eta_init, eta_max: the size of a step, at first and at most. gamma_init: how much of a
    momentum is kept from step to step, at first.

    Parameters: `auto_z_0_loc`, `auto_z_0_scale` or `auto_z_0_scale_tril`, `auto_eta0`, `auto_eta_coeff`, `auto_gamma`,
    `auto_beta_increments`, `auto_mass_matrix`. There are no quantiles in closed form. It must have all latent sites,
    and the model no plate with random subsamples.

    Errors: ValueError for settings out of range.
    """

    def __init__(
        self,
        model: Callable[..., Any],
        *,
        K: int = 4,  # NumPyro's name
        base_dist: str = "diagonal",
        eta_init: float = 0.01,
        eta_max: float = 0.1,
        gamma_init: float = 0.9,
        prefix: str = "auto",
        init_loc_fn: Callable[..., Any] = init_to_uniform,
        init_scale: float = 0.1,
    ) -> None:
        super().__init__(model, prefix=prefix, init_loc_fn=init_loc_fn, init_scale=init_scale)
        if isinstance(K, bool) or not isinstance(K, (int, np.integer)) or K < 1:
            raise ValueError(f"AutoDAIS: `K` must be a whole number from 1, got {K!r}")
        if base_dist not in ("diagonal", "cholesky"):
            raise ValueError(f'AutoDAIS: `base_dist` must be "diagonal" or "cholesky", got {base_dist!r}')
        if not 0.0 < eta_init < eta_max:
            raise ValueError(f"AutoDAIS: 0 < eta_init < eta_max must hold, got {eta_init!r} and {eta_max!r}")
        if not 0.0 < gamma_init < 1.0:
            raise ValueError(f"AutoDAIS: `gamma_init` must lie between 0 and 1, got {gamma_init!r}")
        self._walk = Walk(int(K), base_dist, float(eta_init), float(eta_max), float(gamma_init))

    def declare_vector(self, build: Builder, pieces: Pieces) -> None:
        """The vector and its pieces."""
        annealed(build, pieces, self._walk, self._init_scale)

    def params_at(self, found: list[Start]) -> dict[str, Any]:
        """The location of the first draw."""
        return {f"{self.prefix}_z_0_loc": value for value in super().params_at(found).values()}

    def marginal(self, source: Distribution) -> Any:
        """There is none in closed form. NotImplementedError."""
        raise NotImplementedError("AutoDAIS has no quantiles in closed form; take those of `sample_posterior`")
