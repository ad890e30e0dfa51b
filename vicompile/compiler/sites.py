"""The sites of a model at many unconstrained points, as users see them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..diagnostics import Record
from ..ir.nodes import Node
from ..ir.walk import replace, topological
from ..objective import Latent
from .many import Many
from .slots import ParamSlot

if TYPE_CHECKING:
    import numpy.typing as npt

    from .binding import BoundFit


class Sites(Record, eq=False):
    """Latent sites and deterministic values as functions of unconstrained numbers; no data but what these depend on.

    nodes: the value of each by name, latent sites first. slots, points: place and node of each unconstrained part.
    known: the values of data. sizes: those of size symbols.
    """

    nodes: Mapping[str, Node]
    slots: tuple[ParamSlot, ...]
    points: tuple[Node, ...]
    known: Mapping[Node, Any]
    sizes: Mapping[str, int]

    def __reduce__(self) -> tuple[Any, ...]:
        from .serialise import read_graph, write_graph

        return read_graph, (*write_graph(self), self.slots)

    @classmethod
    def of(cls, fit: BoundFit) -> Sites:
        """Those of a bound fit whose question was asked at points."""
        unit = fit.compiled.unit
        latents = [record for record in unit.params if isinstance(record, Latent)]
        (trace,) = unit.traces
        by_site = {site.value: site.name for site in trace.sites if not site.observed}
        values = {latent.name: latent.value for latent in latents}
        inside = {node: values[name] for node, name in by_site.items()}
        with unit.provenance.active():
            nodes = {**values, **{one.name: replace([one.value], inside)[one.value] for one in trace.deterministics}}
        known = fit.copies_for(topological(nodes.values()))
        points = tuple(record.unconstrained for record in unit.params)
        return cls(nodes, tuple(fit.slots), points, known, dict(fit.sizes))

    def at(self, points: npt.NDArray[np.float64]) -> dict[str, npt.NDArray[Any]]:
        """The value of each at every row of `points` (count, unconstrained numbers): (count, *its shape)."""
        count = len(points)
        many: dict[Node, Any] = {}
        for slot, node in zip(self.slots, self.points):
            rows = points[:, slot.start : slot.start + slot.count]
            # The leading axis of a part is contiguous: its axes are those of the reversed shape, reversed.
            shape = slot.unconstrained_shape
            parts = rows.reshape(count, *reversed(shape))
            many[node] = parts.transpose(0, *range(len(shape), 0, -1))
        return dict(zip(self.nodes, self._many.values(self.known, many, self.sizes, count)))

    @cached_property
    def _many(self) -> Many:
        return Many(list(self.nodes.values()), self.points)
