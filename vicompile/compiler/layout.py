"""What the sizes of the arguments alone decide: made once for all data of these sizes, as minibatches come often."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..ir.dims import evaluate
from ..ir.interpret import extend
from ..ir.nodes import SharedDraw
from ..svi.noise import NoisePlan, noise_plan
from .slots import ParamSlot
from .tables import sizes_table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ..ir.nodes import Draw, Node
    from .pipeline import Unit
    from .plan import DataPlan


class Layout:
    """Sizes, parameter slots, noise plan and the kernel's table of sizes."""

    def __init__(
        self, unit: Unit, draws: Sequence[Draw], plan: DataPlan, sizes: Mapping[str, int], particles: int
    ) -> None:
        self._unit, self._draws = unit, draws
        self.particles = particles
        self.sizes = {**sizes, "@particles": particles}
        # Arrays that the programs contain, and numbers that no data changes.
        self.known: dict[Node, Any] = {}
        for node, array in unit.constants.items():
            self.known[node] = array
        extend(self.known, plan.numbers, self.sizes)
        # Native workspaces that no call is using: they fit all data of this layout.
        self.idle: dict[Any, list[Any]] = {}

    @cached_property
    def slots(self) -> list[ParamSlot]:
        """The parameters, in the order of the flat vector."""
        slots: list[ParamSlot] = []
        start = 0
        for record in self._unit.params:
            shape, free = (
                tuple(evaluate(s, self.sizes) for s in node.shape) for node in (record.initial, record.unconstrained)
            )
            slots.append(ParamSlot(record.name, record.constraint, start, shape, free))
            start += slots[-1].count
        return slots

    @cached_property
    def parameter_count(self) -> int:
        """The length of the flat parameter vector."""
        return sum(slot.count for slot in self.slots)

    @cached_property
    def noise(self) -> NoisePlan:
        """Where each draw's noise lies; sites are numbered in the order of the guide. Points are no noise."""
        numbers: dict[tuple[bool, str], int] = {}
        entries = []
        for draw in self._draws:
            if draw.noise == "point":
                continue
            is_shared = isinstance(draw, SharedDraw)
            site = numbers.setdefault((is_shared, draw.site), len(numbers))
            # The first axis of a draw is the particles, unless they share it.
            own = draw.shape if is_shared else draw.shape[1:]
            entries.append((site, draw.noise, math.prod(evaluate(s, self.sizes) for s in own)))
        return noise_plan(entries)

    @cached_property
    def table(self) -> npt.NDArray[np.int64]:
        """The run-time sizes and offsets, as the kernel reads them."""
        assert self._unit.kernel is not None
        values = {**self.sizes, **self._places}
        return sizes_table(self._unit.kernel, values)

    @property
    def _places(self) -> dict[str, int]:
        """The length of a particle's row, and where each draw lies in it; a point lies there as the flat vector."""
        if any(draw.noise == "point" for draw in self._draws):
            starts = {slot.name: slot.start for slot in self.slots}
            return {"@noise_row": self.parameter_count, **{draw.place: starts[draw.site] for draw in self._draws}}
        offsets = zip(self._draws, self.noise.offsets, strict=True)
        return {"@noise_row": self.noise.row, **{draw.place: offset for draw, offset in offsets}}

    @cached_property
    def work_length(self) -> int:
        """Doubles of workspace."""
        assert self._unit.kernel is not None
        return evaluate(self._unit.kernel.work, self.sizes)
