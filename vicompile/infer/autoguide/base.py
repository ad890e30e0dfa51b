"""What all automatic guides have: they go with their model, have initial values, and answer questions once fitted."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ...compiler import BoundFit, Pair
from ...compiler.whole import WholeGuide
from ...diagnostics import float_array, public, whole_number
from ...diagnostics.arguments import shown
from ...distributions import Distribution, LowRankMultivariateNormal, MultivariateNormal, Normal
from ...guides import Automatic
from ...handlers import block
from ...language import get_param_store, sample
from ...language.messages import Message, peeled
from ..bindings import Bindings
from ..seeds import check_seed
from .initialization import Strategy, init_to_uniform
from .starting import Start, starts

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


class AutoGuide(Automatic):
    """Base of the automatic guides.

    model: the model, as it is given to `SVI`. Handlers around it may differ there: the guide has the latent sites of
        the model that `SVI` has. Those that a `block` around this one hides are left out.
    prefix: stands in the names of the guide's parameters.
    init_loc_fn: where the sites start, one of `init_to_uniform`, `init_to_feasible`, `init_to_median`, `init_to_mean`,
        `init_to_sample`, `init_to_value`, or a function of a site.

    What is asked of a fitted guide is about the arguments of the last call of `SVI`, unless others are given, and about
    the parameters of the param store, unless others are given.

    Errors: TypeError for what is no function or no text.
    """

    def __init__(
        self, model: Callable[..., Any], *, prefix: str = "auto", init_loc_fn: Callable[..., Any] = init_to_uniform
    ) -> None:
        if not callable(model):
            raise TypeError(f"{self.name}: the first argument is the model, a function; got {type(model).__name__}")
        if not isinstance(prefix, str) or "{" in prefix or "}" in prefix:
            raise TypeError(f"{self.name}: `prefix` must be a text without braces, got {prefix!r}")
        if not callable(init_loc_fn):
            raise TypeError(
                f"{self.name}: `init_loc_fn` must be a function such as init_to_uniform, got {init_loc_fn!r}"
            )
        self.model, self.prefix, self.init_loc_fn = model, prefix, init_loc_fn
        handlers, self._function = _of_model(model)
        self._blocks = [one for one in handlers if isinstance(one, block)]
        self._last: BoundFit | None = None
        self._whole: tuple[BoundFit, WholeGuide] | None = None
        self._bindings: Bindings | None = None

    # -- to the compiler and to SVI -------------------------------------------------------------------------------

    def check_model(self, model: Callable[..., Any]) -> None:
        """Raise ValueError if the guide was made for another function."""
        function = _of_model(model)[1]
        if function != self._function:
            ours, theirs = (getattr(one, "__name__", repr(one)) for one in (self._function, function))
            raise ValueError(f"the {self.name} was made for the model `{ours}`, not for `{theirs}`")

    def takes(self, site: str) -> bool:
        """Whether no `block` around the guide's model hides the site."""
        message = Message("sample", site)
        for one in self._blocks:
            one.process(message, None)  # type: ignore[arg-type]
        return not message.is_hidden

    def strategy(self, site: str) -> Strategy | None:
        """How a site starts; None for one that is not this guide's."""
        return self.init_loc_fn if self.takes(site) else None

    def start(self, fit: BoundFit, seed: int) -> dict[str, Any]:
        """The initial values of the parameters that depend on where the sites start, constrained, by name."""
        return {**self.params_at(starts(fit, self.strategy, seed)), **self.random(fit, seed)}

    def random(self, fit: BoundFit, seed: int) -> dict[str, Any]:
        """Initial values of parameters that start at random whatever the sites do."""
        return {}

    def params_at(self, found: list[Start]) -> dict[str, Any]:
        """The parameters that put this guide's sites where they start."""
        raise NotImplementedError

    def remember(self, fit: BoundFit) -> None:
        """What questions are about from here on."""
        self._last = fit

    # -- to users -------------------------------------------------------------------------------------------------

    @public
    def __call__(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One draw of each latent site, by name: the guide run once on NumPy, under the handlers that are active.

        Parameters come from the param store; those it does not know start as in a fit with seed 0. Of a subsampled
        plate all elements are drawn. args, kwargs: of the model.

        Errors: ValueError for arguments with which the guide has other parameters than in the last call of `SVI`, as
        where they leave out what was observed then.
        """
        fit = self._bound(args, kwargs)
        assert self._last is not None
        fitted = {(slot.name, slot.shape) for slot in self._last.slots}
        others = [slot.name for slot in fit.slots if (slot.name, slot.shape) not in fitted]
        if others:
            raise ValueError(
                f"with these arguments the guide has parameters that were not fitted: {', '.join(others)}; give all "
                "that was observed in the last call of `SVI`, or no arguments at all for those of that call"
            )
        return self._whole_of(fit).run(fit.initial_params(stored_params(fit)), _performed)

    @public
    def sample_posterior(
        self,
        rng_key: int,
        params: Mapping[str, Any] | None = None,
        *args: Any,
        sample_shape: int | tuple[int, ...] = (),
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Independent draws of the latent sites by name: float64, `sample_shape` in front of each site's shape.

        sample_shape: a shape, or a number of draws. rng_key: a seed, from 0 below 2**64. params: the learned
            parameters; None for those of the param store. args, kwargs: of the model; without them those of the last
            fit. Of a subsampled plate all elements are drawn.

        Errors: ValueError for a missing or unknown parameter, or without a fit or arguments.
        """
        sizes = sample_shape if isinstance(sample_shape, (tuple, list)) else (sample_shape,)
        shape = tuple(whole_number("sample_shape", size) for size in sizes)
        whole, flat = self._fitted(params, args, kwargs)
        drawn = whole.sampler.draw(flat, math.prod(shape), check_seed(rng_key))
        return {name: value.reshape((*shape, *value.shape[1:]))[()] for name, value in drawn.items()}

    @public
    def median(self, params: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The image of the unconstrained medians, by site: for single numbers the median itself.

        params, args, kwargs: as in `sample_posterior`. Errors: also NotImplementedError for a guide that is not
        Gaussian on the unconstrained scale.
        """
        found = self._quantiles([0.5], params, args, kwargs)
        return {name: value[0] for name, value in found.items()}

    @public
    def quantiles(
        self, params: Mapping[str, Any] | None, quantiles: ArrayLike | None = None, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        """The images of the quantiles of each unconstrained number, by site; for single numbers the quantiles.

        quantiles: one probability, or several, which then are the leading axis of each result.
        params, args, kwargs: as in `sample_posterior`. Errors: also ValueError for what is no probability;
        NotImplementedError for a guide that is not Gaussian on the unconstrained scale.
        """
        if quantiles is None:
            raise TypeError(
                "quantiles(params, quantiles): the parameters come first; None for those of the param store"
            )
        wanted = float_array("the level of a quantile", quantiles)
        if wanted.ndim > 1 or not np.all((wanted >= 0.0) & (wanted <= 1.0)):
            raise ValueError(f"quantiles must be probabilities, one or a list of them, got {quantiles!r}")
        found = self._quantiles(wanted.ravel(), params, args, kwargs)
        return {name: value if wanted.ndim else value[0] for name, value in found.items()}

    def draws(
        self, args: Any, kwargs: Any, params: Mapping[str, Any] | None, count: int, seed: int
    ) -> dict[str, NDArray[np.float64]]:
        """As `sample_posterior`, for `Predictive`: params are those of the param store by default, and may have others
        among them. Once the guide was fitted the arguments do not count: they may leave out what was observed then.
        """
        if self._last is not None:
            args, kwargs = (), {}
        if params is not None:
            names = [slot.name for slot in self._bound(args, kwargs).slots]
            params = {name: params[name] for name in names if name in params}
        whole, flat = self._fitted(params, args, kwargs)
        return whole.sampler.draw(flat, count, seed)

    # -- common to the answers ------------------------------------------------------------------------------------

    def _quantiles(self, wanted: ArrayLike, params: Mapping[str, Any] | None, args: Any, kwargs: Any) -> dict[str, Any]:
        whole, flat = self._fitted(params, args, kwargs)
        probabilities = np.asarray(wanted, float)
        middle = np.array([0.5])
        sources = {}
        for name, (fn, depends) in whole.sources(flat, lambda fn: self._at(fn, middle)[0]).items():
            if depends and np.any(probabilities != 0.5):
                raise NotImplementedError(
                    f"`{name}` of the guide depends on other sites: its quantiles have no closed form; take those of "
                    "`sample_posterior`"
                )
            sources[name] = self._at(fn, probabilities)
        return whole.values(flat, sources, len(probabilities))

    def _at(self, source: Distribution, probabilities: NDArray[np.float64]) -> Any:
        """The quantiles of each number of a source: (probabilities, *its shape)."""
        marginal: Any = self.marginal(source)
        shape: Any = marginal.shape()
        return np.broadcast_to(
            marginal.icdf(probabilities.reshape(-1, *[1] * len(shape))), (len(probabilities), *shape)
        )

    def param(self, params: Mapping[str, Any], part: str) -> Any:
        """The parameter of the vector that is called `part`. ValueError where it is missing."""
        name = f"{self.prefix}_{part}"
        if not isinstance(params, Mapping) or name not in params:
            raise ValueError(f"`params` is a dict of the learned parameters and has `{name}`, got {shown(params)}")
        return params[name]

    def marginal(self, source: Distribution) -> Any:
        """The distribution of each number of a source by itself. NotImplementedError where it has no closed form."""
        if isinstance(source, (MultivariateNormal, LowRankMultivariateNormal)):
            return Normal(source.mean, source.stddev)
        if source.own_event_shape:
            raise NotImplementedError(f"a {type(source).__name__} has no quantiles in closed form")
        return source

    def _fitted(
        self, params: Mapping[str, Any] | None, args: Any, kwargs: Any
    ) -> tuple[WholeGuide, NDArray[np.float64]]:
        """The guide for these arguments, and the flat parameters. params: None for those of the param store."""
        fit = self._bound(args, kwargs)
        return self._whole_of(fit), flat_params(fit, stored_params(fit) if params is None else params)

    def _whole_of(self, fit: BoundFit) -> WholeGuide:
        if self._whole is None or self._whole[0] is not fit:
            self._whole = fit, WholeGuide(fit)
        return self._whole[1]

    def _bound(self, args: Any, kwargs: Any) -> BoundFit:
        """The fit for these arguments; that of the last call of `SVI` where there are none."""
        if self._last is not None and not args and not kwargs:
            return self._last
        if self._bindings is None:
            self._bindings = Bindings(self._pair())
        fit = self._bindings.bind(args, kwargs, 1)
        if self._last is None:
            self.remember(fit)
        return fit

    def _pair(self) -> Pair:
        """What answers are computed from: no kernel is compiled for them."""
        return Pair(self.model, self, last="objective")


def stored_params(fit: BoundFit) -> dict[str, Any]:
    """The parameters of a fit that the param store knows."""
    store = get_param_store()
    return {slot.name: store[slot.name] for slot in fit.slots if slot.name in store}


def flat_params(fit: BoundFit, params: Mapping[str, Any]) -> NDArray[np.float64]:
    """The flat unconstrained vector of constrained parameters. ValueError for a missing or unknown name, TypeError for
    what holds no parameters.
    """
    names = [slot.name for slot in fit.slots]
    if not isinstance(params, Mapping):
        raise TypeError(
            f"`params` is a dict of the learned parameters, or None for those of the param store, got {shown(params)}"
        )
    for name in [*names, *params]:
        if name not in params or name not in names:
            what = "`params` has no value for" if name in names else "there is no parameter"
            raise ValueError(f"{what} `{name}`; the parameters are {', '.join(names) or 'none'}")
    return fit.initial_params(params)


def _of_model(model: Callable[..., Any]) -> tuple[tuple[Any, ...], Any]:
    """The handlers around a model, and its function."""
    handlers, function = peeled(model)
    return handlers, function.func if isinstance(function, partial) else function


def _performed(name: str, fn: Distribution, auxiliary: bool) -> Any:
    return sample(name, fn, infer={"is_auxiliary": True} if auxiliary else None)
