"""The road from two Programs to the text of a kernel, on one screen.

    1 frontend    source -> Program                                   (when the pair is made, before any data)
    2 check       the two Programs fit together                       (likewise)
    3 specialise  arguments -> nodes, sizes, static values
    4 lower       Programs -> Traces of sites and parameters
    5 objective   Traces -> the loss of one particle                  (or what else is asked: see `objective`)
    6 particles   the loss -> the sum over particles
    7 autodiff    the mean loss and its gradient, on the unconstrained scale
    8 rewrite     arithmetic that does nothing goes; what is data only is hoisted
    9 schedule    nodes -> Kernel
   10 emit        Kernel -> text
   11 jit         text -> machine code                                (`jit.native`, when data is bound)

A stage is a function that fills in its part of a Unit, and a function that shows that part. `explain` runs the same
tuple.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy.typing as npt

from ..autodiff import gradient
from ..diagnostics import Record
from ..emit import Draft, draft, readable
from ..frontend import Program
from ..guides import Made
from ..ir import ops
from ..ir.batch import batch
from ..ir.dims import Size, product, symbol
from ..ir.nodes import Draw, Input, Map, Node, Provenance
from ..ir.walk import topological
from ..lower import Found, ParamRecord, Trace, lower
from ..lower.trace import Origin
from ..objective import Objective, Question, negative_elbo
from ..rewrite import Tally, each_particle, hoist, keep_sums, over_particles, simplify, take_elements, tally
from ..schedule import Precision, schedule
from ..schedule.kernel import Kernel
from ..specialise import Arguments, Overrides

PARTICLES = symbol("@particles")


@dataclass
class Unit:
    """One compilation on its way. Each stage fills in what the next ones read.

    guide: a Program, or what makes a guide of the model's trace; None where the model alone is asked. written: the
    traces of its parts that were written. question: what is asked, a function of `objective`. losses: that of each
    particle, where the particles are points.
    """

    model: Program
    guide: Program | Made | None
    arguments: Arguments
    overrides: Overrides
    question: Question = negative_elbo
    dtype: str = "float64"
    provenance: Provenance = field(default_factory=Provenance)
    variables: list[dict[str, Any]] = field(default_factory=list)
    traces: list[Trace] = field(default_factory=list)
    written: list[Trace] = field(default_factory=list)
    objective: Objective | None = None
    loss: Node | None = None
    losses: Node | None = None
    tallies: list[Tally] = field(default_factory=list)
    gradients: list[Node] = field(default_factory=list)
    definitions: dict[Input, Node] = field(default_factory=dict)
    kernel: Kernel | None = None
    draft: Draft | None = None
    found: Found = field(default_factory=Found)

    @cached_property
    def text(self) -> str:
        """The kernel's source as a person reads it; made when it is first asked for."""
        return readable(self.draft) if self.draft is not None else ""

    @cached_property
    def draws(self) -> tuple[Draw, ...]:
        """The base noise that the rewritten loss and gradients read, in a fixed order."""
        assert self.loss is not None
        roots = [self.loss, *(node for node, _ in self.outputs)]
        return tuple(n for n in topological(roots) if isinstance(n, Draw))

    @property
    def programs(self) -> list[Program]:
        """The model, and the guide, or those of its parts that were written."""
        if isinstance(self.guide, Made):
            return [self.model, *self.guide.written]
        return [self.model] if self.guide is None else [self.model, self.guide]

    @property
    def name(self) -> str:
        """What the kernel is called."""
        return self.model.name if self.guide is None else f"{self.model.name} with {self.guide.name}"

    @property
    def params(self) -> list[ParamRecord]:
        """All that is varied: the parameters, the model's first, in the order of their first use, then latent sites."""
        if self.objective is None:
            return list(self.traces[-1].params.values())
        own = () if self.objective.at_points else self.traces[-1].params.values()
        return [*own, *self.objective.latents]

    @property
    def constants(self) -> dict[Input, npt.NDArray[Any]]:
        """Arrays that the programs themselves contain."""
        return {node: array for trace in self.traces for node, array in trace.constants.items()}

    @property
    def columns_of_counts(self) -> set[Input]:
        """The data of observed sites whose distributions give whole numbers."""
        sites = [
            site for trace in self.traces for site in trace.sites if site.observed and site.distribution is not None
        ]
        values = [site.value for site in sites if site.distribution is not None and site.distribution.is_discrete]
        inner = [v.operands[0] if isinstance(v, Map) and v.primitive == "to_float" else v for v in values]
        return {value for value in inner if isinstance(value, Input) and value.role == "data"}

    @property
    def offsets(self) -> dict[Input | Draw, Size]:
        """The place of each parameter in the flat vector."""
        found: dict[Input | Draw, Size] = {}
        total: Size = 0
        for record in self.params:
            found[record.unconstrained] = total
            total = total + product(record.unconstrained.shape)
        return found

    @property
    def outputs(self) -> list[tuple[Node, Size]]:
        """What the kernel writes behind the loss, and where: the gradient; of points the losses and all gradients."""
        offsets = self.offsets.values()
        if self.losses is None:
            return list(zip(self.gradients, offsets, strict=True))
        gradients = [(node, PARTICLES + PARTICLES * offset) for node, offset in zip(self.gradients, offsets)]
        return [(self.losses, 0), *gradients]


class Stage(Record):
    """A named step of the road."""

    name: str
    run: Callable[[Unit], None]


def _specialise(unit: Unit) -> None:
    unit.variables = [unit.arguments.variables(k, unit.overrides) for k in range(len(unit.programs))]


def _lower(unit: Unit) -> None:
    known: dict[str, ParamRecord] = {}
    sizes = unit.arguments.sizes()
    unit.found = Found(unit.overrides.replacements, unit.arguments.conditions)
    for number, (program, variables) in enumerate(zip(unit.programs, unit.variables)):
        prefix = f"guide{number if number > 1 else ''}." if number else ""
        trace = lower(program, variables, unit.provenance, known, prefix, sizes, bool(prefix), unit.found)
        unit.traces.append(trace)
        known = trace.params
    if isinstance(unit.guide, Made):
        model, *unit.written = unit.traces
        unit.traces = [model, unit.guide.automatic.trace(model, unit.provenance, written=unit.written)]


def _objective(unit: Unit) -> None:
    unit.objective = unit.question(*unit.traces, unit.provenance)
    unit.loss = unit.objective.loss


def _particles(unit: Unit) -> None:
    assert unit.loss is not None
    # Simplified before, so that the gradient is not taken of arithmetic that does nothing, nor of sums that can be
    # kept.
    with unit.provenance.active():
        numbers = take_elements([unit.loss])[unit.loss]
        simpler = simplify([numbers])[numbers]
        counted, unit.tallies = tally(simpler, unit.columns_of_counts)
        kept = keep_sums([counted])[counted]
        assert unit.objective is not None
        if unit.objective.at_points:
            unit.losses = each_particle(kept, PARTICLES)
        unit.loss = over_particles(kept, PARTICLES)


def _autodiff(unit: Unit) -> None:
    objective = unit.objective
    assert unit.loss is not None
    assert objective is not None
    if objective.at_points:
        _gradients_at_points(unit, objective)
        return
    # The sum over particles is differentiated, and divided by their number at the very end: adjoints then start from 1.
    weight = 1.0 / ops.to_float(ops.as_node(PARTICLES))
    with unit.provenance.active():
        gradients = gradient(unit.loss, [p.unconstrained for p in unit.params], unit.provenance)
        for record, one in zip(unit.params, gradients, strict=True):
            with unit.provenance.at(Origin(f"d {objective.name} / d {record.name}", record.span)):
                unit.gradients.append(weight * one)
        unit.loss = weight * unit.loss


def _gradients_at_points(unit: Unit, objective: Objective) -> None:
    """The gradient of each point's loss by its own numbers: that of their sum."""
    assert unit.loss is not None
    with unit.provenance.active():
        points = [p.unconstrained for p in unit.params]
        lifted = batch(points, PARTICLES, lambda node: True)
        gradients = gradient(unit.loss, [lifted[point] for point in points], unit.provenance)
        for record, one in zip(unit.params, gradients, strict=True):
            with unit.provenance.at(Origin(f"d {objective.name} / d {record.name}", record.span)):
                unit.gradients.append(one)


def _rewrite(unit: Unit) -> None:
    assert unit.loss is not None
    with unit.provenance.active():
        of_points = [unit.losses] if unit.losses is not None else []
        roots = [unit.loss, *of_points, *unit.gradients]
        simpler = simplify(roots)
        hoisted = hoist([simpler[r] for r in roots], whole_as_floats=unit.dtype == "float32", particles=PARTICLES)
    unit.definitions = hoisted.definitions
    unit.loss, *rest = hoisted.roots
    if of_points:
        unit.losses = rest.pop(0)
    unit.gradients = rest


def _schedule(unit: Unit) -> None:
    assert unit.loss is not None
    tallied = {column for one in unit.tallies for column in (one.counts, one.times)}
    with unit.provenance.active():
        unit.kernel = schedule(
            unit.name,
            unit.loss,
            unit.outputs,
            params={node: offset for node, offset in unit.offsets.items() if isinstance(node, Input)},
            draws={draw: draw.place for draw in unit.draws},
            particles=PARTICLES,
            origins=unit.provenance.origins,
            precision=Precision(unit.dtype, unit.definitions, tallied),
        )


def _emit(unit: Unit) -> None:
    assert unit.kernel is not None
    unit.draft = draft(unit.kernel)


STAGES: tuple[Stage, ...] = (
    Stage("specialise", _specialise),  # first: ranks decide broadcasting, static values decide ifs
    Stage("lower", _lower),
    Stage("objective", _objective),
    Stage("particles", _particles),  # before autodiff: sums over particles then come as early as they can
    Stage("autodiff", _autodiff),
    Stage("rewrite", _rewrite),  # after autodiff: adjoints of constants are the ones that fold
    Stage("schedule", _schedule),
    Stage("emit", _emit),
)
