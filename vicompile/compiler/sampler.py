"""Draws of a guide's sites, as functions of the parameters and base noise: the guide without the rest of the fit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..diagnostics import Record
from ..distributions.noise import NumpyNoise
from ..ir.dims import evaluate
from ..ir.nodes import Draw, Input, Node, SharedDraw
from ..ir.walk import replace, topological
from .many import Many
from .slots import ParamSlot
from .whole_plates import WholePlates

if TYPE_CHECKING:
    import numpy.typing as npt

    from .binding import BoundFit


class Sampler(Record, eq=False):
    """What draws of a guide are made of, and nothing else: it holds no data but what these draws depend on.

    sites: what is drawn, by name: the sites of the guide, and what else was asked for. slots, params: place and node of
    each parameter. known: the values of data. sizes: those of size symbols.
    """

    sites: Mapping[str, Node]
    slots: tuple[ParamSlot, ...]
    params: tuple[Input | Draw, ...]
    known: Mapping[Node, Any]
    sizes: Mapping[str, int]

    def __reduce__(self) -> tuple[Any, ...]:
        from .serialise import read_graph, write_graph

        return read_graph, (*write_graph(self), self.slots)

    @classmethod
    def of(cls, fit: BoundFit, also: Mapping[str, Node] | None = None) -> Sampler:
        """That of the guide of a bound fit. also: further nodes, by names that no site has."""
        unit = fit.compiled.unit
        assert unit.objective is not None
        sites = {term.site: term.value for term in unit.objective.terms if term.role == "guide"}
        sites.update(also or {})
        # The elements of a plate that is in as a whole come in their own order.
        whole = WholePlates(unit.traces, sites.values(), fit.sizes)
        in_order = replace(sites.values(), whole.replacements())
        sites = {name: in_order[node] for name, node in sites.items()}
        known = fit.copies_for(topological(sites.values()))
        params = tuple(record.unconstrained for record in unit.params)
        return cls(sites, tuple(fit.slots), params, known, dict(fit.sizes))

    def draw(self, flat: npt.NDArray[np.float64], count: int, seed: int) -> dict[str, npt.NDArray[Any]]:
        """`count` independent draws of every site at the flat unconstrained parameters: (count, *its shape)."""
        return self.made_of(self.noise(count, seed), flat, count)

    def noise(self, count: int, seed: int) -> dict[Draw, npt.NDArray[np.float64]]:
        """The base noise of `count` draws: (count, *its shape) each."""
        generator = np.random.default_rng(seed)
        return {draw: self._noise(draw, count, generator) for draw in self._draws}

    def made_of(
        self, noise: Mapping[Draw, npt.NDArray[np.float64]], flat: npt.NDArray[np.float64], count: int
    ) -> dict[str, npt.NDArray[Any]]:
        """The draws that base noise gives."""
        known = dict(self.known)
        known.update((node, slot.read(flat)) for node, slot in zip(self.params, self.slots))
        many: dict[Node, Any] = dict(noise.items())
        found = self._many.values(known, many, self.sizes, count)
        return dict(zip(self.sites, found))

    @cached_property
    def _draws(self) -> list[Draw]:
        return [node for node in topological(self.sites.values()) if isinstance(node, Draw)]

    @cached_property
    def _many(self) -> Many:
        return Many(list(self.sites.values()), self._draws)

    def _noise(self, draw: Draw, count: int, generator: np.random.Generator) -> npt.NDArray[np.float64]:
        shape = tuple(evaluate(size, self.sizes) for size in draw.shape)
        # What all particles of a step share, the batch of a plate, is the same for all draws.
        rows = 1 if isinstance(draw, SharedDraw) else count
        source = NumpyNoise(generator, (rows, *shape))
        made = source.normal() if draw.noise == "normal" else source.uniform()
        return np.broadcast_to(made, (count, *shape))
