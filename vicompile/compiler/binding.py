"""A kernel bound to the arguments of one call: arrays in its layout, initial parameters, and the native problem."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..diagnostics import DataError, float_array
from ..distributions.constraints.base import shown
from ..guides import Made
from ..ir.interpret import extend, interpret
from ..ir.nodes import Node
from ..ir.walk import topological
from ..lower import ParamRecord
from ..specialise import Arguments
from ..svi.problem import Problem
from ..svi.timetable import ScheduledNumber, probed
from ..svi.workspace import address
from .checks import at, check_missing, check_range, run_prepared
from .compiled import Compiled
from .errors import InitialValueInvalid
from .found import BoundData, widened
from .tables import data_arrays
from .tallies import take_tallies

if TYPE_CHECKING:
    import numpy.typing as npt

    from ..schedule.kernel import Kernel
    from ..svi.noise import NoisePlan
    from .posterior_draws import GuideDraws
    from .slots import ParamSlot

    FloatArray = npt.NDArray[np.float64]


class BoundFit:
    """Everything about one call of model and guide. Raises DataError if the data does not fit.

    data: what `Compiled.data` says of the arguments; it is asked if this is left out.
    """

    def __init__(self, compiled: Compiled, arguments: Arguments, particles: int, data: BoundData | None = None) -> None:
        self.compiled, self.arguments, self.particles = compiled, arguments, particles
        data = data or compiled.data(arguments)
        assert data is not None, "the arguments are of another kind"
        given: dict[Node, Any] = dict(compiled.unit.constants.items())
        given.update(data.values)
        lengths, counted = take_tallies(compiled.unit.tallies, given)
        self._layout = compiled.layout({**data.sizes, **lengths}, particles)
        self._given: dict[Node, Any] = {**self._layout.known, **data.values, **counted}
        check_missing(arguments, compiled.plan.reads_unguarded)
        if compiled.unit.dtype == "float32":
            check_range(arguments)
        plan = compiled.plan
        run_prepared(plan.checks, self._values_for(node for one in plan.checks for node in one.order), self.sizes)

    @property
    def values(self) -> dict[Node, Any]:
        """The values of all data, as float64, int64 and bool."""
        return self._values_for(list(self._given))

    def copies_for(self, nodes: Iterable[Node]) -> dict[Node, Any]:
        """The values of those of the nodes that are data, for readers that must not see what becomes of the data."""
        given = [node for node in nodes if node in self._given]
        found = self._values_for(given)
        return {node: np.array(found[node]) for node in given}

    def _values_for(self, nodes: Iterable[Node]) -> dict[Node, Any]:
        """All values; what is float32 and among these nodes is widened, so that NumPy computes with it in float64."""
        found = dict(self._given)
        found.update((node, widened(found[node])) for node in nodes if node in found)
        return found

    def own_data(self) -> None:
        """Hold copies of the arguments' arrays, so that nobody else can change them. To be called before `problem`."""
        arguments = [node for nodes in self.compiled.plan.inputs.values() for node in nodes]
        self._given.update((node, np.array(self._given[node])) for node in arguments if node in self._given)

    @cached_property
    def guide_draws(self) -> GuideDraws:
        """Draws of the guide, for the results of fits."""
        from .posterior_draws import PosteriorDraws

        return PosteriorDraws(self).kept

    def fingerprints(self) -> dict[str, str]:
        """Hashes of what the losses of a fit depend on besides parameters, optimizer and seed: `model` and `data`.

        Of the model, the guide and their settings that is the code of the kernel.
        """
        draft = self.compiled.unit.draft
        assert draft is not None
        named = [node for nodes in self.compiled.plan.inputs.values() for node in nodes]
        arrays = {**{node: self._given[node] for node in named if node in self._given}, **self.compiled.unit.constants}
        digest = hashlib.sha256(repr((self.particles, sorted(self.sizes.items()))).encode())
        for node, value in sorted(arrays.items(), key=lambda item: item[0].name):
            array = np.ascontiguousarray(value)
            digest.update(f"{node.name} {array.dtype} {array.shape} ".encode())
            digest.update(array.data)
        for number in self.problem.scheduled:
            digest.update(str(number.entry).encode() + probed(number.sample))
        return {"model": hashlib.sha256(draft.code.encode()).hexdigest(), "data": digest.hexdigest()}

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
        known = self._values_for(plan.definitions)
        if self.compiled.data_kernel is not None:
            known.update(self.compiled.data_kernel.values(known, layout.sizes))
        extend(known, plan.definitions, layout.sizes)
        known.update(self._given)
        for node, definition in plan.hoisted:
            known[node] = known[definition]
        arrays = data_arrays(kernel, known, layout.sizes)
        return Problem(
            kernel=self.compiled.native,  # type: ignore[arg-type]  # None where only the text of the kernel is run
            data=np.array([address(a) for a in arrays], np.int64),
            sizes=layout.table,
            work_length=layout.work_length,
            parameter_count=layout.parameter_count,
            noise=layout.noise,
            particles=self.particles,
            keepalive=tuple(arrays),
            scheduled=self._scheduled(kernel),
            idle=layout.idle,
        )

    def _scheduled(self, kernel: Kernel) -> tuple[ScheduledNumber, ...]:
        """The numbers among the data that change from step to step."""
        objective = self.compiled.unit.objective
        assert objective is not None
        inputs = [getattr(entry, "input", None) for entry in kernel.data]
        return tuple(ScheduledNumber(inputs.index(one), sample) for one, sample in objective.scheduled.items())

    def initial_params(self, known: Mapping[str, Any] | None = None, seed: int = 0) -> FloatArray:
        """The flat unconstrained vector at the declared initial values, or at given constrained ones.

        seed: of what an automatic guide decides by chance.
        """
        flat = np.empty(self.parameter_count)
        guide = self.compiled.unit.guide
        if isinstance(guide, Made) and any(slot.name not in (known or ()) for slot in self.slots):
            known = {**guide.automatic.start(self, seed), **(known or {})}
        for slot, record in zip(self.slots, self.compiled.unit.params, strict=True):
            slot.write(flat, self.initial_value(slot, record, known))
        return flat

    def initial_value(self, slot: ParamSlot, record: ParamRecord, known: Mapping[str, Any] | None = None) -> FloatArray:
        """The unconstrained value of one parameter: of the constrained one in `known`, else of the declared one."""
        if known is not None and slot.name in known:
            value = float_array(f"the value of parameter `{slot.name}`", known[slot.name])
            if value.shape != slot.shape:
                raise ValueError(f"parameter `{slot.name}` has shape {slot.shape}, the given value {value.shape}")
        else:
            values = self._values_for(topological([record.initial]))
            value = np.asarray(interpret([record.initial], values, self.sizes)[0], float)
        return self._unconstrained(value, record)

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
