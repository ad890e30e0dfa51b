"""A bound function of the language run forward on NumPy, many times at once: its sites are drawn in their order.

Each site is drawn from its distribution for all draws together. A loop whose rounds depend on draws of earlier rounds
is followed round by round, and still for all draws together; its sites are then known as a whole, like all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import InternalError
from ..distributions import Distribution, arguments
from ..distributions.noise import NumpyNoise
from ..ir.dims import evaluate
from ..ir.nodes import Draw, Input, Node, SharedDraw, Site, Slot
from ..ir.walk import topological
from ..lower import LoopRecord, SiteRecord, Trace
from .binding import BoundFit
from .many import Many
from .many_distributions import ManyDistribution
from .whole_plates import WholePlates, numbers_of

Array = npt.NDArray[Any]


class Streams:
    """A generator for each name, so that the draws of a site depend on the seed and its name alone.

    Who draws some sites in one call and the others, given these, in a second one with the same seed gets independent
    numbers.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._known: dict[str, np.random.Generator] = {}

    def __getitem__(self, name: str) -> np.random.Generator:
        if name not in self._known:
            self._known[name] = np.random.default_rng([self._seed, *name.encode()])
        return self._known[name]


@dataclass
class Values:
    """What is known in one run. known: of nodes that are the same in all draws; many: of others, the draws in front."""

    known: dict[Node, Any]
    many: dict[Node, Array]
    count: int
    streams: Streams


class Simulation:
    """The sites and named values of the model of a bound fit. It holds the data they read, and no other.

    The question of the fit may be `prediction`; then draws may index arrays.
    """

    def __init__(self, fit: BoundFit) -> None:
        unit = fit.compiled.unit
        self.trace: Trace = unit.traces[0]
        self.sizes = dict(fit.sizes)
        self.slots = {slot.name: slot for slot in fit.slots}
        self._params = {slot.name: record.unconstrained for slot, record in zip(fit.slots, unit.params)}
        values = fit.values
        named = [one.value for one in self.trace.deterministics]
        roots = [*numbers_of(self.trace.sites), *(site.value for site in self.trace.sites), *named]
        order = topological(roots)
        self._data = {node: values[node] for node in order if node in values}
        self._whole = WholePlates([self.trace], roots, self.sizes)
        self._data.update(self._whole.positions())
        self._shared = [node for node in order if isinstance(node, SharedDraw)]
        self._distributions: dict[tuple[int, frozenset[Node]], ManyDistribution] = {}
        self._many: dict[tuple[Node, ...], Many] = {}

    @cached_property
    def sites(self) -> dict[str, SiteRecord]:
        """The sites that are seen, by name, factors left out."""
        return {s.name: s for s in self.trace.sites if s.distribution is not None and not s.is_hidden}

    @cached_property
    def named(self) -> dict[str, Node]:
        """The deterministic values by name."""
        return {one.name: one.value for one in self.trace.deterministics}

    def shape(self, node: Node) -> tuple[int, ...]:
        """The shape of a value of one draw."""
        return tuple(evaluate(size, self.sizes) for size in node.shape)

    def start(self, flat: npt.NDArray[np.float64], given: Mapping[str, Array], count: int, seed: int) -> Values:
        """What is known before the first site is drawn.

        flat: the unconstrained parameters. given: values of sites, and of parameters in place of those in `flat`, with
        the draws in front.
        """
        streams = Streams(seed)
        known: dict[Node, Any] = dict(self._data)
        many: dict[Node, Array] = {}
        for name, slot in self.slots.items():
            if name in given:
                with np.errstate(all="ignore"):
                    many[self._params[name]] = np.asarray(slot.constraint.inverse(given[name]), float)
            else:
                known[self._params[name]] = slot.read(flat)
        for shared in self._shared:
            known[shared] = _noise(shared, self.shape(shared), streams[f"@plate {shared.site}"])
        for draw in self.trace.draws:
            many[draw] = _noise(draw, (count, *self.shape(draw)), streams[draw.site])
        for name, site in self.sites.items():
            if name in given and isinstance(site.value, Site):
                many[site.value] = given[name]
        return Values(known, many, count, streams)

    def check_whole(self, site: SiteRecord) -> None:
        """Raise ValueError for a latent site of which only a random batch is there: its values belong nowhere."""
        if not isinstance(site.value, Site):
            return
        parts = [plate for plate in site.plates if plate in self._whole.parts]
        if parts:
            raise ValueError(
                f"the site `{site.name}` lies in the plate `{parts[0]}`, of which a random part is in: which elements "
                "its values belong to is not known; call the model with a `subsample_size` of all elements"
            )

    def draw(self, values: Values) -> None:
        """Draw every latent site that has no value yet.

        Raises ValueError for a site that has no draws or whose parameters are none, and for an index out of range.
        """
        try:
            self._follow(self.trace.sites, self.trace.loops, values)
        except IndexError as error:
            raise ValueError(f"an index that draws decide leads out of its array: {error}") from None

    def read(self, nodes: Sequence[Node], values: Values) -> list[Array]:
        """The values of nodes, (count, *shape)."""
        return self._values(nodes, values)

    def distribution(self, site: SiteRecord, values: Values) -> Iterable[tuple[slice, Any]]:
        """The distribution of a site, on NumPy and with the draws as first axis, for one slice of the draws after the
        other.
        """
        assert site.distribution is not None
        leaves = _leaves(numbers_of([site]))
        varying = [leaf for leaf in leaves if leaf in values.many]
        key = (id(site), frozenset(varying))
        many = self._distributions.get(key)
        if many is None:
            many = self._distributions[key] = ManyDistribution(site.distribution, varying)
        chunk = many.chunk(self.sizes, values.count)
        for first in range(0, values.count, chunk):
            part = slice(first, min(first + chunk, values.count))
            yield part, many(values.known, values.many, self.sizes, part)

    def _follow(self, sites: Sequence[SiteRecord], loops: Sequence[LoopRecord], values: Values) -> None:
        for site in sites:
            if site.observed or site.distribution is None or site.value in values.many:
                continue
            if not isinstance(site.value, Site):
                continue  # made of base noise, which is known
            if any(isinstance(leaf, Site) and leaf not in values.many for leaf in _leaves(numbers_of([site]))):
                self._follow_rounds(_loop_of(site, loops), sites, values)
                continue
            values.many[site.value] = self._drawn(site, values)

    def _drawn(self, site: SiteRecord, values: Values) -> Array:
        drawn = self._empty(site.value, values)
        for part, distribution in self.distribution(site, values):
            _check_parameters(site.name, distribution)
            try:
                drawn[part] = distribution.sample(generator=values.streams[site.name])
            except NotImplementedError as error:
                raise ValueError(f"the site `{site.name}` cannot be drawn: {error}; give its values") from None
        return drawn

    def _follow_rounds(self, loop: LoopRecord, sites: Sequence[SiteRecord], values: Values) -> None:
        """Draw the sites of a loop, one round after the other."""
        whole = {site.name: site.value for site in sites}
        length = evaluate(loop.size, self.sizes)
        leaves = [leaf for leaf, _, _ in loop.carried]
        carried = self._values([start for _, start, _ in loop.carried], values)
        inner = [site for site in loop.sites if isinstance(site.value, Site)]
        given = [site for site in inner if whole[site.name] in values.many]
        drawn = [site for site in inner if whole[site.name] not in values.many]
        rows: list[list[Array]] = [[] for _ in drawn]
        for number in range(length):
            k = length - 1 - number if loop.backwards else number
            known = {**values.known, loop.index: np.int64(k), **self._whole.in_round(loop.index, np.int64(k))}
            many: dict[Node, Array] = dict(values.many)
            many.update(zip(leaves, carried))
            many.update((site.value, values.many[whole[site.name]][:, k]) for site in given)
            many.update((one, values.many[every][:, k]) for one, every in loop.draws if every in values.many)
            here = Values(known, many, values.count, values.streams)
            self._follow(loop.sites, loop.loops, here)
            carried = self._values([following for _, _, following in loop.carried], here)
            for row, site in zip(rows, drawn):
                row.append(here.many[site.value])
        for row, site in zip(rows, drawn):
            node = whole[site.name]
            stacked = np.stack(row[::-1] if loop.backwards else row, axis=1) if row else self._empty(node, values)
            values.many[node] = stacked

    def _empty(self, node: Node, values: Values) -> Array:
        return np.empty((values.count, *self.shape(node)), np.int64 if node.dtype == "int64" else float)

    def _values(self, nodes: Sequence[Node], values: Values) -> list[Array]:
        varying = [leaf for leaf in _leaves(nodes) if leaf in values.many]
        key = (*nodes, *varying)
        if key not in self._many:
            self._many[key] = Many(nodes, varying)
        return self._many[key].values(values.known, values.many, self.sizes, values.count)


def _check_parameters(site: str, distribution: Distribution) -> None:
    """ValueError for a number beyond the bounds of its parameter: some draws would come out and mean nothing.

    NaN, and a bound that rounding has reached, are let through: they show in the draws, or do no harm.
    """
    if distribution.mask_condition is not None:
        return
    for owner, name, value, constraint in distribution.constrained_numbers():
        if constraint.event_dim == 0 and (np.any(value < constraint.low) or np.any(value > constraint.high)):
            try:
                arguments.validate(owner, name, value, constraint)
            except ValueError as error:
                raise ValueError(f"the site `{site}` cannot be drawn: {error}") from None


def _leaves(roots: Iterable[Node]) -> list[Node]:
    """What may differ from draw to draw, below the roots."""
    return [node for node in topological(roots) if isinstance(node, (Site, Slot, Draw, Input))]


def _loop_of(site: SiteRecord, loops: Sequence[LoopRecord]) -> LoopRecord:
    for loop in loops:
        if any(one.name == site.name for one in loop.sites):
            return loop
    raise InternalError("lower", f"the site `{site.name}` depends on a later one outside of every loop")


def _noise(draw: Draw, shape: tuple[int, ...], generator: np.random.Generator) -> npt.NDArray[np.float64]:
    noise = NumpyNoise(generator, shape)
    return np.asarray(noise.normal() if draw.noise == "normal" else noise.uniform())
