"""`Predictive`: draws of a model's sites, from the prior or given draws of the posterior."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..diagnostics import nearest, public, whole_number
from .autoguide.base import AutoGuide
from .draws import Draws
from .families import members, renamed
from .seeds import check_seed
from .simulating import Simulated, forget

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..compiler import Simulation


class Predictive:
    """Draws of all sites of a model, for all draws at once on NumPy: `Predictive(...)(seed, *args)`.

    model: a function in the language of this package; or a guide, for draws of its sites (NumPyro's way).
    posterior_samples: draws of latent sites (and of parameters, if they differ) by name, as arrays with the draws along
        the first axis. What is missing is drawn from its prior: all of it without samples and guide.
    guide: instead of them, the guide whose draws are used, also an automatic one; it gets the arguments of the call.
    params: constrained values of the parameters of model and guide by name; names that they do not have are ignored,
        and a parameter that is missing has its initial value. By default they are those of the param store.
    num_samples: the number of draws; needed unless `posterior_samples` tells it.
    return_sites: the names of what is returned; by default every site that is not among the samples, and every
        deterministic value.
    batch_ndims: how many axes of the samples are draws: 1 by default, 2 for chains and draws, 0 for one draw.
    keep_observed: observed sites that stay what the call's data says, such as covariates with a distribution. All
        others are drawn, whether the call gives their data or not.
    parallel: ignored; the draws are always computed together. infer_discrete, exclude_deterministic: only the values
        False and True, for which they are here for NumPyro's sake.

    Factors are no sites: draws from the prior do not know them. Sites of a data-sized loop are one array, under the
    name with `{}` in place of the number, with the rounds as its first axis after the draws. Of a subsampled plate all
    draws see one batch.

    Errors: CompileError for what is wrong with the functions; ValueError for arguments that contradict each other.
    """

    @public
    def __init__(
        self,
        model: Callable[..., Any],
        posterior_samples: Mapping[str, Any] | None = None,
        *,
        guide: Callable[..., Any] | None = None,
        params: Mapping[str, Any] | None = None,
        num_samples: int | None = None,
        return_sites: Sequence[str] | None = None,
        infer_discrete: bool = False,
        parallel: bool = False,
        batch_ndims: int | None = None,
        exclude_deterministic: bool = True,
        keep_observed: Sequence[str] = (),
    ) -> None:
        if infer_discrete:
            raise ValueError("infer_discrete=True is not supported: discrete latent sites are drawn from their prior")
        if not exclude_deterministic:
            raise ValueError("deterministic values are always computed: exclude_deterministic=False is not supported")
        if posterior_samples is not None and guide is not None:
            raise ValueError("either posterior_samples or a guide, not both")
        for what, names in (("return_sites", return_sites), ("keep_observed", keep_observed)):
            if isinstance(names, str) or not all(isinstance(name, str) for name in names or ()):
                raise TypeError(f"{what} is a list of names of sites, got {names!r}")
        if params is not None and not isinstance(params, Mapping):
            raise TypeError(f"params is a dict of values by name, got a value of type {type(params).__name__}")
        self._samples = None
        if posterior_samples:
            self._samples = Draws.of(posterior_samples, 1 if batch_ndims is None else batch_ndims)
        self._count = _count(num_samples, self._samples)
        self._return_sites = None if return_sites is None else list(return_sites)
        self._params = params
        self._keep = tuple(keep_observed)
        # An automatic guide is no function that could be run: it is asked for its draws.
        self._alone = model if isinstance(model, AutoGuide) else None
        self._model = None if isinstance(model, AutoGuide) else Simulated(forget(model, keep_observed))
        self._guide = guide if guide is None or isinstance(guide, AutoGuide) else Simulated(guide)

    @public
    def __call__(self, seed: int, /, *args: Any, **kwargs: Any) -> dict[str, NDArray[Any]]:
        """Draw.

        seed: of all random numbers, 0 <= seed < 2**64; the same seed gives the same draws. args, kwargs: of the model;
        data of observed sites may be left out where the model allows it (None).

        Returns a dict of arrays, (num_samples, *shape of the site), int64 for discrete sites and else float64.

        Errors: CompileError and DataError for arguments; ValueError for samples that do not fit, or an unknown name.
        """
        seed = _checked(seed)
        if self._alone is not None:
            return self._alone.draws(args, kwargs, self._params, self._count, seed)
        assert self._model is not None
        simulation, flat = self._model.bind(args, kwargs, self._params)
        samples = self._samples or Draws({}, (self._count,))
        if self._guide is not None:
            samples = Draws(self._guide_draws(args, kwargs, seed), (self._count,))
        given = samples.fitting(simulation, others=self._guide is not None)
        wanted = _wanted(simulation, self._return_sites, given, self._keep)
        values = simulation.start(flat, given, self._count, seed)
        simulation.draw(values)
        found = dict(zip(wanted, simulation.read(list(wanted.values()), values)))
        if self._return_sites is not None:
            found = _chosen(renamed(found, self._return_sites), self._return_sites)
        return samples.shown(found)

    def _guide_draws(self, args: Sequence[Any], kwargs: Mapping[str, Any], seed: int) -> dict[str, NDArray[Any]]:
        assert self._guide is not None
        if isinstance(self._guide, AutoGuide):
            return self._guide.draws(args, kwargs, self._params, self._count, seed)
        simulation, flat = self._guide.bind(args, kwargs, self._params)
        if self._params is not None:
            for name in simulation.slots:
                if name not in self._params:
                    raise ValueError(f"`params` has no value for the guide's parameter `{name}`")
        values = simulation.start(flat, {}, self._count, seed)
        simulation.draw(values)
        nodes = {name: site.value for name, site in simulation.sites.items()}
        return dict(zip(nodes, simulation.read(list(nodes.values()), values)))


def _wanted(
    simulation: Simulation, names: Sequence[str] | None, given: Mapping[str, Any], keep: Sequence[str]
) -> dict[str, Any]:
    """The nodes that are to be returned, by name."""
    nodes = {name: site.value for name, site in simulation.sites.items()}
    every = {**nodes, **simulation.named}
    for name in keep:
        if name not in nodes:
            raise ValueError(f"keep_observed: the model has no site `{name}`; {_hint(name, list(nodes))}")
    if names is None:
        return {name: node for name, node in every.items() if name not in given}
    found: dict[str, Any] = {}
    for name in names:
        # A loop may be one family here and written out elsewhere.
        parts = [name] if name in every else [*members(name, every).values(), *_families(name, every)]
        if not parts:
            raise ValueError(f"return_sites: the model has no site `{name}`; {_hint(name, list(every))}")
        found.update((part, every[part]) for part in parts)
    return found


def _chosen(found: Mapping[str, NDArray[Any]], names: Sequence[str]) -> dict[str, NDArray[Any]]:
    for name in names:
        if name not in found:
            family = _families(name, found)[0]
            raise ValueError(f"return_sites: `{name}` is one of the sites `{family}` of a loop: ask for all of them")
    return {name: found[name] for name in names}


def _families(name: str, known: Iterable[str]) -> list[str]:
    return [template for template in known if members(template, [name])]


def _hint(name: str, known: Sequence[str]) -> str:
    if name == "_RETURN":
        return "what a model returns is not kept, give it a name: `deterministic(name, value)`"
    near = nearest(name, list(known))
    return f"did you mean `{near}`?" if near else f"its sites are {', '.join(known) or 'none'}"


def _count(num_samples: Any, samples: Draws | None) -> int:
    if num_samples is None:
        if samples is None:
            raise ValueError("Predictive needs num_samples, or posterior_samples with at least one site")
        return samples.count
    count = whole_number("num_samples", num_samples)
    if samples is not None and count != samples.count:
        raise ValueError(f"num_samples is {count}, and posterior_samples has {samples.count} draws: leave it out")
    return count


def _checked(seed: Any) -> int:
    try:
        return check_seed(seed)
    except TypeError as error:
        raise TypeError(f"{error}; the first argument of a call is the seed, as in predictive(0, x)") from None
