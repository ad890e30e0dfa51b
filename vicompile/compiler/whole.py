"""The automatic guide of a bound fit, with all elements of its plates in: for questions about what was learned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..distributions import Distribution
from ..guides import Made
from ..guides.image import Image
from ..ir import ops
from ..ir.dims import Dim, evaluate
from ..ir.interpret import extend
from ..ir.nodes import Draw, Node, Provenance, Site
from ..ir.walk import replace, topological
from ..lower.noise import GraphNoise
from .compiled import one_at_a_time
from .many import Many
from .sampler import Sampler
from .slopes import ModelSlopes

if TYPE_CHECKING:
    import numpy.typing as npt

    from ..lower import SiteRecord
    from .binding import BoundFit


class WholeGuide:
    """The sites of the guide as functions of its parameters, its sources and its noise.

    A source is a site that is drawn; the others are functions of sources.
    """

    def __init__(self, fit: BoundFit) -> None:
        unit = fit.compiled.unit
        assert isinstance(unit.guide, Made)
        self._fit = fit
        self._params = tuple(record.unconstrained for record in unit.params)
        with one_at_a_time:
            guide = unit.guide.automatic
            provenance = Provenance()
            slopes = ModelSlopes(unit.traces[0], provenance)
            made = guide.trace(unit.traces[0], provenance, written=unit.written, whole=True, slopes=slopes)
            self.sites = [site for site in made.sites if not site.observed]
            drawn = _drawn(self.sites)
        self.names = tuple(site.name for site in self.sites if _is_of_model(site))
        # The sites that the model has, as functions of noise.
        self.drawn = {name: drawn[name] for name in self.names}

    @cached_property
    def sampler(self) -> Sampler:
        """Draws of the sites that the model has."""
        return Sampler.holding(self.drawn, self._fit)

    def sources(
        self, flat: npt.NDArray[np.float64], middle: Callable[[Distribution], Any]
    ) -> dict[str, tuple[Distribution, bool]]:
        """The distribution of each source at flat unconstrained parameters, given `middle(distribution)` for those
        before it; and whether it depends on any of them.
        """
        known, found = self._known(flat), {}
        for site in self.sites:
            fn = concrete(site.distribution, known, self._fit.sizes)
            if isinstance(fn, Image):
                known[site.value] = fn.params["point"]
                continue
            assert site.distribution is not None
            numbers = [value for value in site.distribution.numbers().values() if isinstance(value, Node)]
            depends = any(isinstance(node, Site) for node in topological(numbers))
            found[site.name] = fn, depends
            known[site.value] = middle(fn)
        return found

    def values(self, flat: npt.NDArray[np.float64], sources: Mapping[str, Any], count: int) -> dict[str, Any]:
        """The sites that the model has, for `count` values of each source: (count, *its shape)."""
        many = {site.value: np.asarray(sources[site.name]) for site in self._sources}
        return dict(zip(self.names, self._many.values(self._known(flat), many, self._fit.sizes, count)))

    def run(self, flat: npt.NDArray[np.float64], perform: Callable[[str, Any, bool], Any]) -> dict[str, Any]:
        """One value of each site that the model has. perform(name, distribution, is_auxiliary) gives that of a site."""
        known = self._known(flat)
        for site in self.sites:
            fn = concrete(site.distribution, known, self._fit.sizes)
            known[site.value] = perform(site.name, fn, not _is_of_model(site))
        return {site.name: known[site.value] for site in self.sites if _is_of_model(site)}

    def _known(self, flat: npt.NDArray[np.float64]) -> dict[Node, Any]:
        known = dict(self._fit.values)
        known.update((node, slot.read(flat)) for node, slot in zip(self._params, self._fit.slots))
        return known

    @cached_property
    def _sources(self) -> list[SiteRecord]:
        return [site for site in self.sites if not isinstance(site.distribution, Image)]

    @cached_property
    def _many(self) -> Many:
        with one_at_a_time:
            values: dict[Node, Node] = {}
            for site in self.sites:
                if isinstance(site.distribution, Image):
                    point = site.distribution.params["point"]
                    values[site.value] = replace([point], values)[point]
            roots = [values.get(site.value, site.value) for site in self.sites if _is_of_model(site)]
            return Many(roots, [site.value for site in self._sources])


def _is_of_model(site: SiteRecord) -> bool:
    return not (site.auxiliary or site.is_hidden)


def _drawn(sites: list[SiteRecord]) -> dict[str, Node]:
    """Each site as a function of noise."""
    draws: list[Draw] = []
    values: dict[Node, Node] = {}
    for site in sites:
        if not isinstance(site.value, Site):
            values[site.value] = replace([site.value], values)[site.value]
            continue
        assert site.distribution is not None
        distribution = site.distribution.with_params(lambda _, v: replace([v], values)[v] if isinstance(v, Node) else v)
        shape = distribution.shape()
        noise = GraphNoise(site.name, shape, len(distribution.own_event_shape), draws)
        values[site.value] = ops.broadcast_to(ops.as_node(distribution.draw_from(noise)), shape)
    return {site.name: values[site.value] for site in sites}


def concrete(distribution: Any, known: dict[Node, Any], sizes: Mapping[str, int]) -> Any:
    """A distribution of nodes with numbers in their place, and without its mask. known: gets what is computed.

    Raises KeyError where a node depends on one that has no value.
    """

    def number(_: str, value: Any) -> Any:
        if not isinstance(value, Node):
            return value
        extend(known, topological([value]), sizes)
        return known[value]

    params = {name: evaluate(v, sizes) if isinstance(v, Dim) else v for name, v in distribution.params.items()}
    found = distribution._like(params=params, mask=None).with_params(number)
    expanded = found.expanded_shape
    return found if expanded is None else found._like(expanded=tuple(evaluate(size, sizes) for size in expanded))
