"""What every approximate posterior can be asked, whatever fit it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..compiler import PartOfData
from ..compiler.memory import how_many
from ..diagnostics import float_array, public, whole_number
from .draws import Draws
from .origin import Origin
from .psis import FEWEST, pareto_k
from .seeds import check_seed
from .summary import Summary, summary_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_DRAWS = 4000  # that means and the like are made of


def check_posterior(purpose: str, result: Any) -> None:
    """TypeError for what is no result of a fit."""
    if not isinstance(result, Posterior):
        raise TypeError(f"{purpose} takes the result of a fit, got a value of type {type(result).__name__}")


class Posterior:
    """Base of the results of fits. A fit gives `sample` and `_weighted`, and tells where it came from.

    It holds the arguments of the fit by reference, for what needs the data: do not change arrays in place before. A
    result that was stored and loaded has lost them, and the functions; `bound_to` gives them again.
    """

    _origin: Origin | None = None
    _functions = "model, guide"  # what `bound_to` takes before the arguments

    # -- what a fit gives ----------------------------------------------------------------------------------------------

    def sample(self, num_samples: int = 1000, *, seed: int = 0) -> dict[str, NDArray[Any]]:
        """Draws of the latent sites and deterministic values by name: (num_samples, *shape of the site)."""
        raise NotImplementedError

    def _weighted(self, num_samples: int, seed: int) -> tuple[dict[str, NDArray[Any]], NDArray[np.float64]]:
        """The same draws, and log p - log q of each."""
        raise NotImplementedError

    def _param_values(self) -> Mapping[str, Any]:
        """Constrained parameters of the model, where it has some."""
        return {}

    def _beside(self) -> Mapping[str, Mapping[str, Any]]:
        """Columns that its summary has besides, each with a value for every site."""
        return {}

    # -- moments -------------------------------------------------------------------------------------------------------

    @public
    def mean(self) -> dict[str, Any]:
        """The mean of each latent site and deterministic value, from 4000 draws (fewer of very large sites)."""
        return {name: draws.mean(axis=0) for name, draws in self._moment_draws().items()}

    @public
    def std(self) -> dict[str, Any]:
        """The standard deviation of each, from the same draws."""
        return {name: draws.std(axis=0) for name, draws in self._moment_draws().items()}

    @public
    def quantiles(self, q: ArrayLike) -> dict[str, Any]:
        """Quantiles of each, from the same draws. q: one level or several; several come first in the shape.

        Errors: TypeError for what is no number, ValueError for a level outside 0 to 1.
        """
        levels = float_array("the level of a quantile", q)
        if not np.all((levels >= 0.0) & (levels <= 1.0)):
            raise ValueError(f"the levels of quantiles lie between 0 and 1, got {q!r}")
        return {name: np.quantile(draws, levels, axis=0) for name, draws in self._moment_draws().items()}

    def _moment_draws(self) -> dict[str, NDArray[Any]]:
        numbers = sum(draws.size for draws in self.sample(1).values())
        return self.sample(min(_DRAWS, how_many(numbers)))

    @public
    def summary(
        self, prob: float = 0.94, *, num_samples: int = 1000, seed: int = 0, k_hat: bool | None = None
    ) -> Summary:
        """A table: mean, standard deviation, narrowest interval and k-hat of every number of every site.

        prob: how much the interval holds. num_samples, seed: the draws. k_hat: whether importance weights are computed,
            which takes a pass over the data for each draw; None: where that can be done, for a result that knows its
            functions and data, 25 draws or more, and data that is not subsampled.

        A row's k-hat says whether weighted draws could tell the mean of this number: it is the larger one of that of
        the weights, and of the weights times the distance of the number from its mean. Below the table stands that of
        the weights alone (see `psis_diagnostic`).

        Errors: ValueError for a `prob` that is no probability, fewer than 2 draws, or fewer than 25 with `k_hat=True`.
        """
        count = whole_number("num_samples", num_samples, FEWEST if k_hat else 2)
        if k_hat or (k_hat is None and self._origin is not None and count >= FEWEST):
            try:
                draws, log_weights = self._weighted(count, check_seed(seed))
                return summary_of(draws, prob, log_weights, self._beside())
            except PartOfData:
                if k_hat:
                    raise
        return summary_of(self.sample(count, seed=seed), prob, None, self._beside())

    @public
    def psis_k_hat(self, *, num_samples: int = 1000, seed: int = 0) -> float:
        """The Pareto k-hat of the importance weights of draws: see `psis_diagnostic`.

        Errors: ValueError for fewer than 25 draws, or a result that has lost its functions and data.
        """
        return pareto_k(self._weighted(whole_number("num_samples", num_samples, FEWEST), check_seed(seed))[1])

    # -- data ----------------------------------------------------------------------------------------------------------

    @public
    def predictive(
        self,
        *args: Any,
        num_samples: int = 1000,
        seed: int = 0,
        return_sites: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> dict[str, NDArray[Any]]:
        """Draws of the observed sites, given draws of the posterior: see `Predictive`.

        args, kwargs: of the model, for other data than the fit's; without any those of the fit. return_sites: by
            default observed sites, what the fit has no draws of, and deterministic values.

        Errors: as `Predictive`; ValueError for latent sites of other data than the fit's.
        """
        from .predictive import Predictive

        origin = self._from()
        samples = self._latents(num_samples, seed)
        predictive = Predictive(
            origin.model, samples, params=self._param_values(), num_samples=num_samples, return_sites=return_sites
        )
        args, kwargs = (args, kwargs) if args or kwargs else (origin.args, dict(origin.kwargs))
        return predictive(seed, *args, **kwargs)

    @public
    def log_likelihood(self, *args: Any, num_samples: int = 1000, seed: int = 0, **kwargs: Any) -> dict[str, Any]:
        """The log density of each observation at draws of the posterior: see `infer.log_likelihood`.

        args, kwargs: of the model; without any those of the fit.
        """
        from .likelihoods import likelihood_of

        origin = self._from()
        args, kwargs = (args, kwargs) if args or kwargs else (origin.args, dict(origin.kwargs))
        samples = Draws.of(self._latents(num_samples, seed), 1)
        return likelihood_of(origin.simulated, samples, self._param_values(), args, kwargs)

    @public
    def to_arviz(self, **options: Any) -> Any:
        """For ArviZ: see `infer.to_arviz`, whose arguments these are."""
        from .inference_data import to_arviz

        return to_arviz(self, **options)

    def _latents(self, num_samples: int, seed: int) -> dict[str, NDArray[Any]]:
        return self.sample(num_samples, seed=seed)

    def _from(self) -> Origin:
        if self._origin is None:
            raise ValueError(
                "this result does not know its functions and data any more: give them, as in "
                f"`result.bound_to({self._functions}, *args)`"
            )
        return self._origin
