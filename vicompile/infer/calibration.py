"""Whether a guide's marginals are centred right, over many data sets that the model itself has drawn."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..compiler.losses import ELBO
from ..diagnostics import public, whole_number
from ..ir.nodes import Input, Map, Node
from ..language import get_param_store
from ..language.messages import peeled
from .families import renamed
from .seeds import check_seed
from .simulating import Simulated, forget
from .svi import SVI

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Arrays = dict[str, NDArray[Any]]
    Call = tuple[tuple[Any, ...], dict[str, Any]]


class VSBCResult(NamedTuple):
    """What `vsbc_diagnostic` finds, by latent site.

    probabilities: for each data set the share of the guide's draws below the value that the data came from,
        (num_simulations, *shape). ks_stats, ks_pvalues: of the comparison of these with one minus these, of the site's
        shape. ranks: the same shares as counts. param_names: the sites.
    """

    probabilities: dict[str, NDArray[Any]]
    ks_stats: dict[str, Any]
    ks_pvalues: dict[str, Any]
    ranks: dict[str, NDArray[Any]]
    param_names: tuple[str, ...]


@public
def vsbc_diagnostic(
    seed: int,
    model: Callable[..., Any],
    guide: Callable[..., Any],
    optim: Any,
    loss: ELBO | None = None,
    *args: Any,
    observed_sites: Sequence[str] | None = None,
    simulated_data_to_args: Callable[..., Any] | None = None,
    num_simulations: int = 100,
    num_svi_steps: int = 1000,
    num_samples: int = 1000,
    chain_method: str = "sequential",
    **kwargs: Any,
) -> VSBCResult:
    """Variational simulation-based calibration: are the marginals of fits right on average over data of the prior?

    The model draws latent values and data, the guide is fitted to the data, and its draws are compared with the values.
    Where the marginal of a site is centred right, the share of draws below the value is symmetric about one half (Yao
    et al. 2018, "Yes, but Did It Work?: Evaluating Variational Inference", ICML, algorithm 2); a small p-value says
    that it is not: the guide is biased. It does not see a guide that is too narrow or too wide on both sides.

    seed: of the data and the fits. model, guide, optim, loss: as for `SVI`. args, kwargs: of the model; the data of
        observed sites stands for its shape, and is replaced by what is drawn.
    observed_sites: their names, needed where the arguments leave the data out (None); arguments of the same names then
        receive it. simulated_data_to_args: called with the drawn data by site and with args and kwargs, it gives the
        args and kwargs of a fit, where these do not simply hold the observations.
    num_simulations: how many data sets, num_svi_steps: steps of each fit, num_samples: draws of each.
    chain_method: ignored; one fit follows another. The param store is left as it was.

    Errors: as `SVI.run` and `Predictive`; ValueError where it is not clear which arguments hold the data.
    """
    seed = check_seed(seed)
    count, draws = whole_number("num_simulations", num_simulations, 2), whole_number("num_samples", num_samples, 2)
    steps = whole_number("num_svi_steps", num_svi_steps, 1)
    if isinstance(observed_sites, str):
        raise TypeError(f"observed_sites is a list of names: [{observed_sites!r}]")
    svi = SVI(model, guide, optim, loss)
    call = _Calls(model, args, kwargs, observed_sites, simulated_data_to_args)
    simulation, flat = Simulated(forget(model)).bind(args, kwargs, {})
    values = simulation.start(flat, {}, count, seed)
    simulation.draw(values)
    nodes = {name: site.value for name, site in simulation.sites.items()}
    drawn = renamed(dict(zip(nodes, simulation.read(list(nodes.values()), values))), call.observed)
    for name in call.observed:
        if name not in drawn:
            raise ValueError(f"observed_sites: the model has no site `{name}`; its sites are {', '.join(drawn)}")
    truth = {name: value for name, value in drawn.items() if name not in call.observed}
    ranks: dict[str, list[NDArray[Any]]] = {}
    with _store_kept():
        for k in range(count):
            here, keywords = call.holding({name: drawn[name][k] for name in call.observed})
            result = svi.run(steps, *here, seed=(seed + k) % (1 << 64), progress_bar=False, **keywords)
            found = renamed(result.sample(draws, seed=k), truth)
            for name in truth:
                if name in found:
                    ranks.setdefault(name, []).append(np.sum(found[name] < truth[name][k], axis=0))
    return _tested({name: np.array(rows) for name, rows in ranks.items()}, draws)


def _tested(ranks: Arrays, draws: int) -> VSBCResult:
    from scipy.stats import ks_2samp

    shares = {name: rows / draws for name, rows in ranks.items()}
    stats, p_values = {}, {}
    for name, rows in shares.items():
        columns = rows.reshape(len(rows), -1).T
        tests = np.array([ks_2samp(one, 1 - one, method="asymp")[:2] for one in columns])
        stats[name], p_values[name] = (tests[:, k].reshape(rows.shape[1:])[()] for k in range(2))
    return VSBCResult(shares, stats, p_values, ranks, tuple(ranks))


class _Calls:
    """The arguments of fits to data that was drawn. observed: the names of the sites that it is of."""

    def __init__(
        self,
        model: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        observed: Sequence[str] | None,
        by_user: Callable[..., Any] | None,
    ) -> None:
        self._args, self._kwargs, self._by_user = args, dict(kwargs), by_user
        self._signature = inspect.signature(peeled(model)[1])
        sites = Simulated(model).bind(args, kwargs, {})[0].sites
        # By site the argument that it observes.
        self._holders = {name: _argument(site.value) for name, site in sites.items() if site.observed}
        self.observed = list(self._holders) if observed is None else list(observed)
        if not self.observed:
            raise ValueError("no site is observed with these arguments: name those that are data, as `observed_sites`")

    def holding(self, data: Arrays) -> Call:
        """The arguments with this data."""
        if self._by_user is not None:
            args, kwargs = self._by_user(data, *self._args, **self._kwargs)
            return tuple(args), dict(kwargs)
        bound = self._signature.bind_partial(*self._args, **self._kwargs)
        for name, value in data.items():
            bound.arguments[self._holder(name)] = value
        return bound.args, bound.kwargs

    def _holder(self, site: str) -> str:
        names = self._signature.parameters
        holder = self._holders.get(site)
        if holder in names:
            return str(holder)
        if site in names:
            return site
        raise ValueError(
            f"it is not clear which argument holds the data of the site `{site}`: pass `simulated_data_to_args`, a "
            "function of the drawn data and the arguments that gives those of a fit"
        )


def _argument(value: Node) -> str | None:
    while isinstance(value, Map) and value.primitive in ("to_float", "copy"):
        value = value.operands[0]
    return value.name if isinstance(value, Input) else None


@contextmanager
def _store_kept() -> Iterator[None]:
    store = get_param_store()
    before = [(name, store.unconstrained(name), store.constraint(name)) for name in store]
    try:
        yield
    finally:
        store.clear()
        for name, value, constraint in before:
            store.set_unconstrained(name, value, constraint)
