"""The values that latent sites start from, site by site: each given the values of those before it, on NumPy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...compiler import BoundFit
from ...compiler.checks import at
from ...compiler.whole import concrete
from ...diagnostics import DataError, Record, float_array
from ...distributions.constraints.base import shown
from ...distributions.noise import use_generator
from ...guides import Latent
from ...guides.latents import latents_of
from ...ir.dims import Shape, evaluate
from ...ir.interpret import interpret
from ...ir.nodes import Draw, Node
from ...ir.walk import topological
from ..unconstrained import SiteValueInvalid
from .initialization import init_to_sample

if TYPE_CHECKING:
    from numpy.typing import NDArray

Known = dict[Node, Any]


class Start(Record, eq=False):
    """Where one site starts. latent: the site. free: its unconstrained numbers; of a subsampled plate those of all."""

    latent: Latent
    free: NDArray[np.float64]


def starts(
    fit: BoundFit, strategy_of: Callable[[str], Callable[[Mapping[str, Any]], Any] | None], seed: int
) -> list[Start]:
    """The start of each latent site of the bound model for which `strategy_of` gives a function, in order.

    Errors: DataError for a value outside the support; ValueError for one of another shape.
    """
    generator = np.random.default_rng(seed)
    previous = use_generator(generator)
    try:
        return list(_starts(fit, strategy_of, generator))
    finally:
        use_generator(previous)


def _starts(fit: BoundFit, strategy_of: Any, generator: np.random.Generator) -> Sequence[Start]:
    unit = fit.compiled.unit
    model = unit.traces[0]
    latents = {one.name: one for one in latents_of(model, lambda name: strategy_of(name) is not None)}
    known: Known = dict(fit.values)
    for slot, record in zip(fit.slots, unit.params):
        if record.name in model.params:
            known[record.unconstrained] = fit.initial_value(slot, record)
    found = []
    for site in model.sites:
        if site.observed:
            continue
        fn = _on_numpy(site, known, fit.sizes, generator)
        latent = latents.get(site.name)
        if latent is None:
            known[site.value] = init_to_sample({"name": site.name, "fn": fn})
            continue
        value, free = _valid(latent, strategy_of(site.name)({"type": "sample", "name": site.name, "fn": fn}), fn)
        known[site.value] = value
        found.append(Start(latent, _repeated(free, latent.whole(latent.shape), fit.sizes)))
    return found


def _on_numpy(site: Any, known: Known, sizes: Mapping[str, int], generator: np.random.Generator) -> Any:
    """The distribution of a site given the sites before it. In a recurrence, given feasible values of its own."""
    roots = [value for value in site.distribution.numbers().values() if isinstance(value, Node)]
    order = topological(roots)
    for node in order:
        if isinstance(node, Draw) and node not in known:
            noise = tuple(evaluate(size, sizes) for size in node.shape)
            known[node] = generator.standard_normal(noise) if node.noise == "normal" else generator.random(noise)
    if site.value not in order:
        return concrete(site.distribution, known, sizes)
    support = site.distribution.support
    shape: Any = tuple(evaluate(size, sizes) for size in site.value.shape)
    bounds = support.with_params(lambda _, b: interpret([b], known, sizes)[0] if isinstance(b, Node) else b)
    feasible = np.broadcast_to(bounds.transform(np.zeros(bounds.unconstrained_shape(shape))), shape)
    return concrete(site.distribution, {**known, site.value: feasible}, sizes)


def _valid(latent: Latent, value: Any, fn: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The value and its unconstrained numbers."""
    given, shape = float_array(f"the initial value of the latent site `{latent.name}`", value), fn.shape()
    try:
        wide = np.broadcast_to(given, shape)
    except ValueError:
        raise ValueError(
            f"the latent site `{latent.name}` has shape {shape}, its initial value {given.shape}"
        ) from None
    found = fn.support.outside(wide)
    if found is None:
        with np.errstate(all="ignore"):
            free = np.asarray(fn.support.inverse(wide), float)
        if np.isfinite(free).all():
            return wide, free
        found = fn.support.on_boundary(wide, free)
    place, member, expected = found
    raise DataError(SiteValueInvalid(latent.site.span, latent.name, at(place), shown(member), f"inside {expected}"))


def _repeated(free: NDArray[np.float64], shape: Shape, sizes: Mapping[str, int]) -> NDArray[np.float64]:
    """The numbers of a batch, again and again along the axes of plates that have more elements."""
    for axis, size in enumerate(evaluate(one, sizes) for one in shape):
        if size != free.shape[axis]:
            free = np.take(free, np.arange(size) % max(1, free.shape[axis]), axis)
    return free
