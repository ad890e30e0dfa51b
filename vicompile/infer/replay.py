"""One evaluation once more, by the interpreter: the values of all inputs and draws, particle by particle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..ir.dims import evaluate
from ..ir.nodes import Node, SharedDraw

if TYPE_CHECKING:
    import numpy.typing as npt

    from ..compiler import BoundFit


def particles_of(fit: BoundFit, flat: npt.NDArray[np.float64], step: int, seed: int) -> Iterator[Mapping[Node, Any]]:
    """What the nodes of the objective's terms are made of, for each particle of a step."""
    unit = fit.compiled.unit
    assert unit.objective is not None
    known: dict[Node, Any] = dict(fit.values)
    known.update((node, sample(step, 1)[0]) for node, sample in unit.objective.scheduled.items())
    for slot, record in zip(fit.slots, unit.params):
        known[record.unconstrained] = slot.read(flat)
    offsets = {draw.place: offset for draw, offset in zip(fit.compiled.draws, fit.noise.offsets)}
    rows = fit.noise.rows(step, fit.particles, seed)
    for own in rows:
        for draw in unit.objective.draws:
            row = rows[0] if isinstance(draw, SharedDraw) else own
            shape = tuple(evaluate(size, fit.sizes) for size in draw.shape)
            # A draw that the kernel does not read cancels out; any value will do.
            start = offsets.get(draw.place)
            count = int(np.prod(shape, dtype=np.int64))
            noise = np.full(count, 0.5) if start is None else row[start : start + count]
            known[draw] = noise.reshape(shape, order="F")
        yield known
