"""The sites of a model at many unconstrained points, as users see them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..ir.nodes import Node
from ..ir.walk import replace
from ..objective import Latent
from .kept_graph import KeptGraph
from .many import Many

if TYPE_CHECKING:
    import numpy.typing as npt

    from .binding import BoundFit


class Sites(KeptGraph, eq=False):
    """Latent sites, and after them deterministic values, as functions of unconstrained numbers."""

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
            values |= {one.name: replace([one.value], inside)[one.value] for one in trace.deterministics}
        return cls.holding(values, fit)

    def at(self, points: npt.NDArray[np.float64]) -> dict[str, npt.NDArray[Any]]:
        """The value of each at every row of `points` (count, unconstrained numbers): (count, *its shape)."""
        count = len(points)
        many: dict[Node, Any] = {}
        for slot, node in zip(self.slots, self.inputs):
            rows = points[:, slot.start : slot.start + slot.count]
            # The leading axis of a part is contiguous: its axes are those of the reversed shape, reversed.
            shape = slot.unconstrained_shape
            parts = rows.reshape(count, *reversed(shape))
            many[node] = parts.transpose(0, *range(len(shape), 0, -1))
        return dict(zip(self.values, self._many.values(self.known, many, self.sizes, count)))

    @cached_property
    def _many(self) -> Many:
        return Many(list(self.values.values()), self.inputs)
