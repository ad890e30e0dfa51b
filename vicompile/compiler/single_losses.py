"""The losses of single draws, by the kernel of a fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ..diagnostics import InternalError
from ..distributions.noise import NumpyNoise
from ..ir.dims import evaluate
from ..ir.nodes import Draw, SharedDraw
from ..svi.workspace import address, zeros
from .binding import BoundFit
from .memory import NATIVE_DOUBLES, how_many

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]


class PartOfData(ValueError):
    """There are no importance weights where the density is that of a batch."""

    def __init__(self, plate: str) -> None:
        super().__init__(
            f"importance weights need all data, and the plate `{plate}` is subsampled: leave `subsample_size` out, as "
            "None in `result.bound_to(model, guide, *args)`"
        )


def losses_at(fit: BoundFit, flat: FloatArray, noise: Mapping[str, FloatArray], count: int, seed: int) -> FloatArray:
    """The loss of each of `count` draws, (count,), as it is, also where it is not finite.

    fit: with a kernel, and one particle. flat: the unconstrained parameters. noise: by `Draw.place` the base noise,
    (count, *shape); what the kernel reads besides is drawn with `seed`.

    Raises PartOfData where a step reads a random batch.
    """
    for draw in fit.compiled.draws:
        if isinstance(draw, SharedDraw):
            raise PartOfData(draw.site)
    assert fit.particles == 1
    native, problem, plan = fit.compiled.native, fit.problem, fit.noise
    assert native is not None
    losses = np.empty(count)
    params = np.ascontiguousarray(flat)
    work, out = zeros(max(1, problem.work_length)), np.empty(1 + fit.parameter_count)
    given = {draw: _noise_of(draw, fit, noise, count, seed) for draw in fit.compiled.draws}
    chunk = how_many(plan.row, NATIVE_DOUBLES)
    for first in range(0, count, chunk):
        part = slice(first, min(first + chunk, count))
        rows = np.zeros((part.stop - first, max(1, plan.row)))
        for draw, offset in zip(fit.compiled.draws, plan.offsets, strict=True):
            # The leading axis of a draw is contiguous.
            columns = given[draw][part]
            columns = columns.transpose(0, *range(columns.ndim - 1, 0, -1)).reshape(len(rows), -1)
            rows[:, offset : offset + columns.shape[1]] = columns
        for number, row in enumerate(rows):
            addresses = (address(one) for one in (params, row, problem.data, problem.sizes, work, out))
            status = native.call(*addresses)
            if status:
                raise InternalError("svi", f"the kernel failed with status {status}", fit.compiled.unit.text)
            losses[first + number] = out[0]
    return losses


def _noise_of(draw: Draw, fit: BoundFit, noise: Mapping[str, FloatArray], count: int, seed: int) -> FloatArray:
    if draw.place in noise:
        return noise[draw.place]
    # The first axis is that of the particles.
    shape = tuple(evaluate(size, fit.sizes) for size in draw.shape[1:])
    source = NumpyNoise(np.random.default_rng([seed, *draw.place.encode()]), (count, *shape))
    return np.asarray(source.normal() if draw.noise == "normal" else source.uniform())
