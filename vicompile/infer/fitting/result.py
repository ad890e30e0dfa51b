"""What a fit without tuning returns."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ...compiler import ParamSlot, Points, Sites
from ...diagnostics import public, whole_number
from ...objective import joint_log_density
from ..keeping import Keeper
from ..known_pairs import known_model
from ..origin import Origin
from ..posterior import Posterior
from ..psis import smoothed
from ..seeds import check_seed
from .gaussian import Gaussian, cholesky

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .search import Found

_TIMES, _FEWEST = 10, 4000  # draws for each that is chosen by its weight
_DRAWS = 4000  # that means and standard deviations on the constrained scale are made of


class FitResult(Posterior):
    """A Gaussian on the unconstrained scale that approximates a posterior, and what is to be known about it.

    elbo, elbo_se: the evidence lower bound by fresh draws, and its standard error. family: "fullrank", "meanfield" or
    "lowrank". converged: whether the search arrived. quality: "good", "usable" or "poor". k_hat, log_weight_variance:
    of the importance weights log p - log q of 4096 draws; for a mean-field fit with linear response those of the
    Gaussian that it implies, as is the quality. verdict: all this in words. gradients: how many were taken. modes:
    constrained values of modes that disagree with the fit, with how many nats lower their ELBO is.

    It is a posterior as well: `mean`, `std`, `quantiles`, `summary`, `predictive`, `log_likelihood`, `to_arviz`.
    """

    _functions = "model"

    def __init__(self, found: Found, sites: Sites, modes: list[Any], origin: Origin) -> None:
        fitted, diagnosis, verdict = found.fitted, found.diagnosis, found.verdict
        self.elbo, self.elbo_se = diagnosis.elbo, diagnosis.elbo_se
        self.family, self.status = fitted.family, fitted.ladder.status
        self.converged, self.quality, self.k_hat = verdict.converged, verdict.quality, verdict.k_hat
        self.log_weight_variance = verdict.log_weight_variance
        self.verdict = verdict.text
        self.gradients = found.gradients
        self.modes = modes
        self._gaussian, self._response, self._sites = fitted.ladder.gaussian, fitted.response, sites
        self._origin = origin

    @property
    def loc(self) -> NDArray[np.float64]:
        """The mean on the unconstrained scale, (size,)."""
        return self._gaussian.mean

    @property
    def scale(self) -> NDArray[np.float64]:
        """The standard deviations on the unconstrained scale, (size,)."""
        return self._gaussian.sds

    @property
    def scale_tril(self) -> NDArray[np.float64]:
        """The Cholesky factor of the covariance on the unconstrained scale, (size, size).

        Errors: ValueError for a low-rank fit, and in so many dimensions that the matrix would not fit.
        """
        if not isinstance(self._gaussian, Gaussian):
            raise ValueError(
                f"a {self.family} fit of {len(self.loc)} dimensions has no such matrix: `scale` has the sds"
            )
        return self._gaussian.factor

    @property
    def covariance_by_response(self) -> NDArray[np.float64] | None:
        """The covariance by linear response on the unconstrained scale, (size, size); None but for mean-field fits that
        arrived, in not too many dimensions.
        """
        return self._response

    @property
    def slots(self) -> Sequence[ParamSlot]:
        """Name, place and shapes of each latent site in the unconstrained vector."""
        return self._sites.slots

    @public
    def sample(self, num_samples: int = 1000, *, seed: int = 0, resample: bool = False) -> dict[str, NDArray[Any]]:
        """Draws of the latent sites and deterministic values by name: (num_samples, *shape of the site).

        resample: whether draws are chosen among ten times as many by their smoothed importance weights, with
            replacement: they are nearer to the posterior where the fit is "usable" (Gelman et al., Bayesian Data
            Analysis, section 10.4; Vehtari et al. 2024 for the smoothing). It needs the model and the data of the fit.
        """
        count, rng = whole_number("num_samples", num_samples), np.random.default_rng(check_seed(seed))
        if not resample:
            return self._sites.at(self._gaussian.points(rng.normal(size=(count, self._gaussian.noise_size))))
        points, log_weights = self._weighted_points(max(_TIMES * count, _FEWEST), rng)
        weights = np.exp(smoothed(log_weights))
        chosen = rng.choice(len(points), count, p=weights / weights.sum())
        return self._sites.at(points[chosen])

    @cached_property
    def _moments(self) -> dict[str, NDArray[Any]]:
        half = np.random.default_rng(0).normal(size=(_DRAWS // 2, self._gaussian.noise_size))
        return self._sites.at(self._gaussian.points(np.concatenate([half, -half])))

    def _moment_draws(self) -> dict[str, NDArray[Any]]:
        return self._moments

    def _weighted(self, num_samples: int, seed: int) -> tuple[dict[str, NDArray[Any]], NDArray[np.float64]]:
        points, log_weights = self._weighted_points(num_samples, np.random.default_rng(seed))
        return self._sites.at(points), log_weights

    def _weighted_points(self, count: int, rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        z = rng.normal(size=(count, self._gaussian.noise_size))
        points = self._gaussian.points(z)
        values, _ = self._density(points)
        # As in the fit, a density that is no number is none.
        values = np.where(np.isfinite(values), values, -np.inf)
        return points, values - self._gaussian.log_density(z)

    @cached_property
    def _density(self) -> Points:
        origin = self._from()
        pair = known_model(origin.model, joint_log_density)
        return Points(pair.bind(origin.args, (), origin.kwargs, {}))

    def std_linear_response(self) -> dict[str, Any] | None:
        """Standard deviations by linear response, which repair those of a mean-field fit; None for another family."""
        if self._response is None:
            return None
        wider = Gaussian(self._gaussian.mean, cholesky(self._response))
        half = np.random.default_rng(0).normal(size=(_DRAWS // 2, wider.size))
        found = self._sites.at(wider.points(np.concatenate([half, -half])))
        return {name: draws.std(axis=0) for name, draws in found.items()}

    def _beside(self) -> Mapping[str, Mapping[str, Any]]:
        wider = self.std_linear_response()
        return {} if wider is None else {"sd_lr": wider}

    @public
    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it all to one file, without the training data, for `vicompile.load_fit`.

        The file appears whole or not at all, also in place of an earlier one. Errors: OSError where it cannot be
        written; TypeError for a constraint of your own.
        """
        Keeper(path, "FitResult", {}).write(self.__getstate__())

    @public
    def bound_to(self, model: Callable[..., Any], *args: Any, **kwargs: Any) -> FitResult:
        """The same result with the model and arguments of its fit, which a result that was loaded has lost.

        Errors: ValueError for a model or arguments with other latent sites; CompileError, DataError.
        """
        bound = known_model(model, joint_log_density, last="objective").bind(args, (), kwargs, {})
        ours, theirs = ({one.name: one.shape for one in slots} for slots in (self.slots, bound.slots))
        if ours != theirs:
            raise ValueError(
                f"the fit has the latent sites and shapes {ours}; with these arguments the model has {theirs}"
            )
        other = FitResult.of_fields(self.__getstate__())
        other._origin = Origin(model, None, args, kwargs)
        return other

    def __getstate__(self) -> dict[str, Any]:
        # Functions and data are not kept, and what was computed from the rest can be computed again.
        return {name: value for name, value in vars(self).items() if name not in ("_origin", "_density", "_moments")}

    @classmethod
    def of_fields(cls, fields: Mapping[str, Any]) -> FitResult:
        """The result that was saved."""
        self = cls.__new__(cls)
        vars(self).update(fields)
        return self

    def __repr__(self) -> str:
        return f"FitResult({self.family}, ELBO {self.elbo:.2f} +- {self.elbo_se:.2f}: {self.verdict})"
