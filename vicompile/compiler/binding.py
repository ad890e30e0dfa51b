"""A kernel bound to the arguments of one call: arrays in its layout, initial parameters, and the native problem."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..diagnostics import DataError
from ..distributions.constraints.base import shown
from ..ir.dims import evaluate
from ..ir.interpret import extend, interpret
from ..ir.nodes import Node
from ..jit.linalg import helper_table
from ..lower import ParamRecord
from ..schedule.kernel import DataArgument, HelperArgument
from ..specialise import Arguments
from ..svi.problem import Problem
from ..svi.workspace import address
from .checks import at, check_missing, run_prepared
from .compiled import Compiled
from .errors import InitialValueInvalid
from .tallies import take_tallies

if TYPE_CHECKING:
    import numpy.typing as npt

    from ..svi.noise import NoisePlan
    from .slots import ParamSlot

    FloatArray = npt.NDArray[np.float64]


class BoundFit:
    """Everything about one call of model and guide. Raises DataError if the data does not fit."""

    def __init__(self, compiled: Compiled, arguments: Arguments, particles: int) -> None:
        self.compiled, self.arguments, self.particles = compiled, arguments, particles
        constants: dict[Node, Any] = dict(compiled.unit.constants.items())
        given: dict[Node, Any] = {}
        inputs = compiled.plan.inputs
        for name, leaf in arguments.leaves.items():
            if leaf.array is not None:
                for node in inputs.get(name, ()):
                    given[node] = leaf.array
        lengths, counted = take_tallies(compiled.unit.tallies, {**constants, **given})
        self._layout = compiled.layout({**arguments.sizes(), **lengths}, particles)
        self.values: dict[Node, Any] = {**self._layout.known, **given, **counted}
        check_missing(arguments, compiled.plan.reads_unguarded)
        run_prepared(compiled.plan.checks, self.values, self.sizes)

    @property
    def sizes(self) -> dict[str, int]:
        """The value of every size symbol."""
        return self._layout.sizes

    @property
    def slots(self) -> list[ParamSlot]:
        """The parameters, in the order of the flat vector."""
        return self._layout.slots

    @property
    def parameter_count(self) -> int:
        """The length of the flat parameter vector."""
        return self._layout.parameter_count

    @property
    def noise(self) -> NoisePlan:
        """Where each draw's noise lies; sites are numbered in the order of the guide."""
        return self._layout.noise

    @cached_property
    def problem(self) -> Problem:
        """The kernel with its data, ready for the native loop."""
        kernel, plan, layout = self.compiled.unit.kernel, self.compiled.plan, self._layout
        assert kernel is not None
        known = dict(self.values)
        extend(known, plan.definitions, layout.sizes)
        for node, definition in plan.hoisted:
            known[node] = known[definition]
        arrays = [
            helper_table(d.helper, [evaluate(size, layout.sizes) for size in d.sizes], d.in_lanes)
            if isinstance(d, HelperArgument)
            else _laid_out(np.asarray(known[d.input]), d, kernel.block if d.packed else None)
            for d in kernel.data
        ]
        return Problem(
            kernel=self.compiled.native,
            data=np.array([address(a) for a in arrays], np.int64),
            sizes=layout.table,
            work_length=layout.work_length,
            parameter_count=layout.parameter_count,
            noise=layout.noise,
            particles=self.particles,
            keepalive=tuple(arrays),
            idle=layout.idle,
        )

    def initial_params(self, known: Mapping[str, Any] | None = None) -> FloatArray:
        """The flat unconstrained vector at the declared initial values, or at given constrained ones."""
        flat = np.empty(self.parameter_count)
        for slot, record in zip(self.slots, self.compiled.unit.params, strict=True):
            if known is not None and slot.name in known:
                value = np.asarray(known[slot.name], float)
                if value.shape != slot.shape:
                    raise ValueError(f"parameter `{slot.name}` has shape {slot.shape}, the given value {value.shape}")
            else:
                value = np.asarray(interpret([record.initial], self.values, self.sizes)[0], float)
            slot.write(flat, self._unconstrained(value, record))
        return flat

    def constrained(self, flat: FloatArray) -> dict[str, Any]:
        """Every parameter by name, in its shape, inside its constraint; a number for a single one."""
        return {slot.name: np.array(slot.constraint.transform(slot.read(flat)), order="C")[()] for slot in self.slots}

    def _unconstrained(self, value: FloatArray, record: ParamRecord) -> FloatArray:
        found = record.constraint.outside(value)
        if found is None:
            with np.errstate(all="ignore"):
                result = np.asarray(record.constraint.inverse(value), float)
            if np.isfinite(result).all():
                return result
            found = record.constraint.on_boundary(value, result)
        place, member, expected = found
        raise DataError(InitialValueInvalid(record.span, record.name, at(place), shown(member), f"inside {expected}"))


def _laid_out(array: npt.NDArray[Any], argument: DataArgument, block: int | None) -> npt.NDArray[Any]:
    """The array as its kernel reads it: leading axis contiguous, in rows, or in blocks of rows. One copy, or none."""
    dtype = np.int64 if argument.input.dtype == "int64" else np.float64
    if argument.by_rows:
        return np.ascontiguousarray(array, dtype)
    if block is None:
        return np.asfortranarray(array, dtype)
    packed = np.empty(array.size, dtype)
    width = array.size // len(array) if len(array) else 0
    for k in range(0, len(array), block):
        rows = array[k : k + block]
        packed[k * width : k * width + rows.size] = rows.ravel(order="F")
    return packed
