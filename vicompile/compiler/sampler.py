"""Draws of a guide's sites, as functions of the parameters and base noise: the guide without the rest of the fit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..distributions.noise import NumpyNoise
from ..ir.dims import evaluate
from ..ir.nodes import Draw, Node, SharedDraw
from ..ir.walk import replace
from .kept_graph import KeptGraph
from .many import Many
from .whole_plates import WholePlates

if TYPE_CHECKING:
    import numpy.typing as npt

    from .binding import BoundFit


class Sampler(KeptGraph, eq=False):
    """What draws of a guide are made of: its sites, and what else was asked for."""

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
        return cls.holding({name: in_order[node] for name, node in sites.items()}, fit)

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
        known.update((node, slot.read(flat)) for node, slot in zip(self.inputs, self.slots))
        many: dict[Node, Any] = dict(noise.items())
        found = self._many.values(known, many, self.sizes, count)
        return dict(zip(self.values, found))

    @cached_property
    def _draws(self) -> list[Draw]:
        return [node for node in self.nodes() if isinstance(node, Draw)]

    @cached_property
    def _many(self) -> Many:
        return Many(list(self.values.values()), self._draws)

    def _noise(self, draw: Draw, count: int, generator: np.random.Generator) -> npt.NDArray[np.float64]:
        shape = tuple(evaluate(size, self.sizes) for size in draw.shape)
        # What all particles of a step share, the batch of a plate, is the same for all draws.
        rows = 1 if isinstance(draw, SharedDraw) else count
        source = NumpyNoise(generator, (rows, *shape))
        made = source.normal() if draw.noise == "normal" else source.uniform()
        return np.broadcast_to(made, (count, *shape))
