"""Draws of a model's latent sites from a guide, with what the model makes of them, and their importance weights."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..diagnostics import Record
from ..guides import Made
from ..ir.nodes import SharedDraw
from ..ir.walk import replace, topological
from .binding import BoundFit
from .sampler import Sampler
from .single_losses import losses_at
from .whole import WholeGuide
from .whole_plates import WholePlates

if TYPE_CHECKING:
    import numpy.typing as npt

    from ..ir.nodes import Node


class GuideDraws(Record, eq=False):
    """Draws of the latent sites and deterministic values, without model, guide and data.

    sampler: may draw other sites of the guide as well. shown: the names of those that are wanted.
    """

    sampler: Sampler
    shown: tuple[str, ...]

    def draw(self, flat: npt.NDArray[np.float64], count: int, seed: int) -> dict[str, npt.NDArray[Any]]:
        """Independent draws at the flat parameters: (count, *shape)."""
        return self.pick(self.sampler.draw(flat, count, seed))

    def pick(self, found: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
        """What is wanted of more."""
        return {name: found[name] for name in self.shown}


class PosteriorDraws:
    """What a bound pair of model and guide gives for draws of the guide; its question is the negative ELBO."""

    def __init__(self, fit: BoundFit) -> None:
        self._fit = fit
        unit = fit.compiled.unit
        assert unit.objective is not None
        model = unit.traces[0]
        drawn = {term.site: term.value for term in unit.objective.terms if term.role == "guide"}
        sites = [site for site in model.sites if not site.observed and site.name in drawn]
        self._latents = [site.name for site in sites]
        inside = {site.value: drawn[site.name] for site in sites}
        with unit.provenance.active():
            replaced = replace([one.value for one in model.deterministics], inside)
        self._named = {one.name: replaced[one.value] for one in model.deterministics}

    def weighted(
        self, flat: npt.NDArray[np.float64], count: int, seed: int
    ) -> tuple[dict[str, npt.NDArray[Any]], npt.NDArray[np.float64]]:
        """The latent sites and deterministic values at the flat parameters, (count, *shape); and for each draw
        log p - log q, (count,): minus the loss of a particle, by the kernel of the fit, which has one particle.
        """
        sampler = self.kept.sampler
        noise = sampler.noise(count, seed)
        losses = losses_at(self._fit, flat, {draw.place: one for draw, one in noise.items()}, count, seed)
        return self.kept.pick(sampler.made_of(noise, flat, count)), -losses

    @cached_property
    def kept(self) -> GuideDraws:
        """The draws alone, without what else the fit is made of.

        An automatic guide has numbers for all elements of a plate of which the fit sees random parts, and all of them
        are drawn. What the model makes of one part is left out.
        """
        unit = self._fit.compiled.unit
        if isinstance(unit.guide, Made) and WholePlates(unit.traces, (), self._fit.sizes).parts:
            whole = WholeGuide(self._fit)
            also = self._of_all(whole)
            return GuideDraws(Sampler.holding({**whole.drawn, **also}, self._fit), (*self._latents, *also))
        return GuideDraws(Sampler.of(self._fit, self._named), (*self._latents, *self._named))

    def _of_all(self, whole: WholeGuide) -> dict[str, Node]:
        """The deterministic values that do not depend on which part of a plate is in, as functions of noise."""
        unit = self._fit.compiled.unit
        parts = WholePlates(unit.traces, (), self._fit.sizes).parts
        sites = [site for site in unit.traces[0].sites if site.name in whole.drawn]
        inside = {site.value: whole.drawn[site.name] for site in sites}
        partly = {site.value for site in sites if parts.intersection(site.plates)}
        named = {
            one.name: one.value
            for one in unit.traces[0].deterministics
            if not any(isinstance(node, SharedDraw) or node in partly for node in topological([one.value]))
        }
        with unit.provenance.active():
            replaced = replace(named.values(), inside)
        return {name: replaced[node] for name, node in named.items()}
