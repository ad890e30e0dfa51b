"""A kernel bound to the arguments of one call: arrays in its layout, sizes, initial parameters, noise plan."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import DataError, Record
from ..distributions.constraints import Constraint
from ..ir.dims import evaluate
from ..ir.interpret import interpret
from ..ir.nodes import Input, Node
from ..lower import ParamRecord
from ..specialise import Arguments
from ..svi.noise import NoisePlan, noise_plan
from ..svi.problem import Problem
from .checks import at, check_missing, run_checks
from .compiled import Compiled
from .errors import InitialValueInvalid

FloatArray = npt.NDArray[np.float64]


class ParamSlot(Record):
    """One parameter's place in the flat vector; stored with the leading axis contiguous."""

    name: str
    constraint: Constraint
    start: int
    shape: tuple[int, ...]

    @property
    def count(self) -> int:
        """The number of elements."""
        return math.prod(self.shape)

    def read(self, flat: FloatArray) -> FloatArray:
        """The unconstrained value, in its shape."""
        return flat[self.start : self.start + self.count].reshape(self.shape, order="F")

    def write(self, flat: FloatArray, value: Any) -> None:
        """Put an unconstrained value into the flat vector."""
        flat[self.start : self.start + self.count] = np.broadcast_to(value, self.shape).ravel(order="F")


class BoundFit:
    """Everything about one call of model and guide. Raises DataError if the data does not fit."""

    def __init__(self, compiled: Compiled, arguments: Arguments, particles: int) -> None:
        self.compiled, self.arguments, self.particles = compiled, arguments, particles
        unit = compiled.unit
        self.sizes = {**arguments.sizes(), "@particles": particles}
        self.values: dict[Node, Any] = dict(unit.constants)
        for name, leaf in arguments.leaves.items():
            if leaf.array is not None:
                self.values.update(_inputs_of(name, leaf.array, unit_inputs(compiled)))
        check_missing(arguments, (unit.model, unit.guide))
        for trace in unit.traces:
            run_checks(trace.checks, self.values, self.sizes)
        self.slots = self._slots(unit.params)

    @cached_property
    def parameter_count(self) -> int:
        """The length of the flat parameter vector."""
        return sum(slot.count for slot in self.slots)

    @cached_property
    def noise(self) -> NoisePlan:
        """Where each draw's noise lies; sites are numbered in the order of the guide."""
        numbers: dict[str, int] = {}
        entries = []
        for draw in self.compiled.draws:
            site = numbers.setdefault(draw.site, len(numbers))
            entries.append((site, draw.noise, self._per_particle(draw.shape)))
        return noise_plan(entries)

    @cached_property
    def problem(self) -> Problem:
        """The kernel with its data, ready for the native loop."""
        kernel = self.compiled.unit.kernel
        assert kernel is not None
        hoisted = self.compiled.unit.definitions
        values = interpret(list(hoisted.values()), self.values, self.sizes)
        known = {**self.values, **dict(zip(hoisted, values, strict=True))}
        arrays = [
            _laid_out(np.asarray(known[d.input]), d.input, kernel.block if d.packed else None) for d in kernel.data
        ]
        table = {**self.sizes, "@noise_row": self.noise.row}
        for draw, offset in zip(self.compiled.draws, self.noise.offsets, strict=True):
            table[f"@noise.{draw.site}.{draw.slot}"] = offset
        return Problem(
            kernel=self.compiled.native,
            data=np.array([a.ctypes.data for a in arrays], np.int64),
            sizes=np.array([table[s] for s in kernel.symbols], np.int64),
            work_length=evaluate(kernel.work, self.sizes),
            parameter_count=self.parameter_count,
            noise=self.noise,
            particles=self.particles,
            keepalive=tuple(arrays),
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
        inside = np.asarray(record.constraint.check(value))
        with np.errstate(all="ignore"):
            result = np.asarray(record.constraint.inverse(value), float)
        good = inside & np.isfinite(result)
        if not good.all():
            first = tuple(int(k) for k in np.argwhere(~good)[0])
            expected = f"inside {record.constraint.describe()}"
            raise DataError(InitialValueInvalid(record.span, record.name, at(first), f"{value[first]:g}", expected))
        return result

    def _slots(self, params: list[ParamRecord]) -> list[ParamSlot]:
        slots, start = [], 0
        for record in params:
            shape = tuple(evaluate(s, self.sizes) for s in record.unconstrained.shape)
            slots.append(ParamSlot(record.name, record.constraint, start, shape))
            start += slots[-1].count
        return slots

    def _per_particle(self, shape: tuple[Any, ...]) -> int:
        """The draw's elements in one particle: its first axis is the particles."""
        return math.prod(evaluate(s, self.sizes) for s in shape[1:])


def unit_inputs(compiled: Compiled) -> dict[str, list[Input]]:
    """The data inputs of a specialisation by the argument they come from."""
    found: dict[str, list[Input]] = {}
    for variables in compiled.unit.variables:
        pending = list(variables.values())
        while pending:
            value = pending.pop()
            if isinstance(value, Input):
                found.setdefault(value.name, []).append(value)
            elif isinstance(value, dict):
                pending.extend(value.values())
            elif isinstance(value, (tuple, list)):
                pending.extend(value)
    return found


def _inputs_of(name: str, array: npt.NDArray[Any], inputs: dict[str, list[Input]]) -> dict[Node, Any]:
    return dict.fromkeys(inputs.get(name, []), array)


def _laid_out(array: npt.NDArray[Any], node: Input, block: int | None) -> npt.NDArray[Any]:
    """The array as its kernel reads it: leading axis contiguous, or in blocks of rows."""
    array = np.asfortranarray(array, np.int64 if node.dtype == "int64" else np.float64)
    if block is None:
        return array
    pieces = [array[k : k + block].ravel(order="F") for k in range(0, len(array), block)]
    return np.concatenate(pieces) if pieces else np.empty(0)
