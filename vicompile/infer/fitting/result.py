"""What a fit without tuning returns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ...compiler import ParamSlot, Sites
from ...diagnostics import public
from ..seeds import check_seed
from .gaussian import Gaussian, cholesky

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from .diagnosis import Diagnosis
    from .family import Fitted
    from .verdict import Verdict

_DRAWS = 4000  # that means and standard deviations on the constrained scale are made of


class FitResult:
    """A Gaussian on the unconstrained scale that approximates a posterior, and what is to be known about it.

    elbo, elbo_se: the evidence lower bound by fresh draws, and its standard error. family: "fullrank", "meanfield" or
    "lowrank". converged: whether the search arrived. quality: "good", "usable" or "poor". k_hat: of the importance
    weights of 4096 draws. log_weight_variance: Var(log p - log q). verdict: all this in words. gradients: how many were
    taken. modes: constrained values of modes that disagree with the fit, with how many nats lower their ELBO is.
    """

    def __init__(
        self, fitted: Fitted, found: Diagnosis, verdict: Verdict, sites: Sites, gradients: int, modes: list[Any]
    ) -> None:
        self.elbo, self.elbo_se = found.elbo, found.elbo_se
        self.family, self.status = fitted.family, fitted.ladder.status
        self.converged, self.quality, self.k_hat = verdict.converged, verdict.quality, verdict.k_hat
        self.log_weight_variance = found.log_weight_variance
        self.verdict = verdict.text
        self.gradients = gradients
        self.modes = modes
        self._gaussian, self._response, self._sites = fitted.ladder.gaussian, fitted.response, sites

    @property
    def loc(self) -> NDArray[np.float64]:
        """The mean on the unconstrained scale, (size,)."""
        return self._gaussian.mean

    @property
    def scale_tril(self) -> NDArray[np.float64]:
        """The Cholesky factor of the covariance on the unconstrained scale, (size, size)."""
        return self._gaussian.factor

    @property
    def slots(self) -> Sequence[ParamSlot]:
        """Name, place and shapes of each latent site in the unconstrained vector."""
        return self._sites.slots

    @public
    def sample(self, num_samples: int = 1000, *, seed: int = 0) -> dict[str, NDArray[Any]]:
        """Draws of the latent sites and deterministic values by name: (num_samples, *shape of the site)."""
        z = np.random.default_rng(check_seed(seed)).normal(size=(num_samples, self._gaussian.size))
        return self._sites.at(self._gaussian.points(z))

    @cached_property
    def _moments(self) -> dict[str, NDArray[Any]]:
        half = np.random.default_rng(0).normal(size=(_DRAWS // 2, self._gaussian.size))
        return self._sites.at(self._gaussian.points(np.concatenate([half, -half])))

    def mean(self) -> dict[str, Any]:
        """The mean of each site, from 4000 draws."""
        return {name: draws.mean(axis=0) for name, draws in self._moments.items()}

    def std(self) -> dict[str, Any]:
        """The standard deviation of each site, from 4000 draws."""
        return {name: draws.std(axis=0) for name, draws in self._moments.items()}

    def quantiles(self, q: ArrayLike) -> dict[str, Any]:
        """Quantiles of each site, from 4000 draws: (number of quantiles, *shape)."""
        levels = np.asarray(q, np.float64)
        return {name: np.quantile(draws, levels, axis=0) for name, draws in self._moments.items()}

    def std_linear_response(self) -> dict[str, Any] | None:
        """Standard deviations by linear response, which repair those of a mean-field fit; None for another family."""
        if self._response is None:
            return None
        wider = Gaussian(self._gaussian.mean, cholesky(self._response))
        half = np.random.default_rng(0).normal(size=(_DRAWS // 2, wider.size))
        found = self._sites.at(wider.points(np.concatenate([half, -half])))
        return {name: draws.std(axis=0) for name, draws in found.items()}

    def __repr__(self) -> str:
        return f"FitResult({self.family}, ELBO {self.elbo:.2f} +- {self.elbo_se:.2f}: {self.verdict})"
