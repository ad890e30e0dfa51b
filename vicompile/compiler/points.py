"""A kernel over points: the log density and its gradient at many points in one native call."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..diagnostics import InternalError
from ..ir.dims import evaluate
from ..svi.workspace import address, zeros
from . import memory
from .binding import BoundFit

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]

_KEPT = 8


class Call:
    """Buffers for calls with one number of points, and where they lie, for native code that calls the kernel itself.

    rows: (count, size), what the kernel is asked about. out: the sum of the log densities, these, and the gradients
    with the points contiguous.
    """

    def __init__(self, fit: BoundFit, count: int) -> None:
        layout = fit.compiled.layout({k: v for k, v in fit.sizes.items() if k != "@particles"}, count)
        self.count = count
        self.table = layout.table
        self.work = zeros(max(1, layout.work_length))
        self.rows = np.empty((count, layout.parameter_count))
        self.out = np.empty(1 + count * (1 + layout.parameter_count))
        native, data = fit.compiled.native, fit.problem.data
        assert native is not None
        self._native, self._kept = native, data
        self.places = {"kernel": native.address, "rows": address(self.rows), "data": address(data)}
        self.places |= {"table": address(self.table), "work": address(self.work), "found": address(self.out)}
        self._arguments = [self.places[name] for name in ("rows", "rows", "data", "table", "work", "found")]

    def run(self) -> int:
        """Call the kernel; its status."""
        return int(self._native.call(*self._arguments))


class Points:
    """The log density of a fit whose question is asked at points. Several threads may use one at the same time."""

    def __init__(self, fit: BoundFit) -> None:
        self._fit = fit
        self.size = fit.parameter_count
        self._idle: dict[int, list[Call]] = {}

    def __call__(self, rows: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The log density at each row of `rows` (count, size), and the gradients (count, size), as they are, also where
        they are not finite; the gradients lie with the points contiguous.
        """
        count = len(rows)
        most = self.most
        if count <= most:
            return self._part(rows)
        values, gradients = np.empty(count), np.empty((self.size, count))
        for first in range(0, count, most):
            part = slice(first, min(first + most, count))
            values[part], gradients[:, part] = (one.T for one in self._part(rows[part]))
        return values, gradients.T

    def _part(self, rows: FloatArray) -> tuple[FloatArray, FloatArray]:
        count = len(rows)
        call = self._taken(count)
        call.rows[:] = rows
        status = call.run()
        if status:
            raise InternalError("svi", f"the kernel failed with status {status}", self._fit.compiled.unit.text)
        values = call.out[1 : 1 + count].copy()
        gradients = call.out[1 + count :].reshape(self.size, count).copy()
        self._idle.setdefault(count, []).append(call)
        return values, gradients.T

    def call(self, count: int) -> Call:
        """New buffers for `count` points, at most `most` of them."""
        return Call(self._fit, count)

    @cached_property
    def most(self) -> int:
        """How many points a call may have for the memory that it needs."""
        kernel = self._fit.compiled.unit.kernel
        assert kernel is not None
        one, two = (evaluate(kernel.work, {**self._fit.sizes, "@particles": count}) for count in (1, 2))
        return memory.how_many(2 * self.size + 1 + two - one, memory.NATIVE_DOUBLES)

    def _taken(self, count: int) -> Call:
        try:
            return self._idle[count].pop()  # atomic, so that no lock is needed
        except (KeyError, IndexError):
            if len(self._idle) >= _KEPT:
                self._idle.clear()
            return Call(self._fit, count)
