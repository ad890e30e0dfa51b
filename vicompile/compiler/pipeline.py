"""The road from two Programs to the text of a kernel, on one screen.

    1 frontend    source -> Program                                   (when the pair is made, before any data)
    2 check       the two Programs fit together                       (likewise)
    3 specialise  arguments -> nodes, sizes, static values
    4 lower       Programs -> Traces of sites and parameters
    5 objective   Traces -> the loss of one particle, or its parts    (or what else is asked: see `objective`)
    6 particles   numbers of one particle -> the loss of all, and what is differentiated in its place
    7 autodiff    the loss and a gradient, on the unconstrained scale
    8 rewrite     arithmetic that does nothing goes; what is data only is hoisted
    9 schedule    nodes -> Kernel
   10 emit        Kernel -> text
   11 jit         text -> machine code                                (`jit.native`, when data is bound)

A stage is a function that fills in its part of a Unit, and a function that shows that part. `explain` runs the same
tuple.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt

from ..autodiff import gradient, gradient_over
from ..diagnostics import CompileError, Record
from ..emit import Draft, draft, readable
from ..frontend import Program
from ..guides import Made
from ..ir import ops
from ..ir.batch import batch
from ..ir.dims import Size, product
from ..ir.nodes import Draw, Input, Map, Node, Provenance
from ..ir.vectors import SizeMustBeKnown
from ..ir.walk import topological
from ..lower import Found, NeedEqual, NeedFixed, ParamRecord, Trace, lower
from ..lower.text import describe
from ..lower.trace import Origin
from ..objective import (
    LOG_WEIGHTS,
    PARTICLES,
    LossNeedsSize,
    LossNotNumber,
    Objective,
    Question,
    mean,
    negative_elbo,
)
from ..rewrite import Tally, hoist, keep_sums, over_particles, simplify, take_elements, tally
from ..schedule import Precision, schedule
from ..schedule.kernel import Kernel
from ..specialise import Arguments, Overrides
from .slopes import ModelSlopes


@dataclass
class Unit:
    """One compilation on its way. Each stage fills in what the next ones read.

    guide: a Program, or what makes a guide of the model's trace; None where the model alone is asked. written: the
    traces of its parts that were written. question: what is asked, a function of `objective`. custom: a loss of the
    user's own that the question is about, a function of log weights. losses: that of each particle, where the
    particles are points.
    """

    model: Program
    guide: Program | Made | None
    arguments: Arguments
    overrides: Overrides
    question: Question = negative_elbo
    dtype: str = "float64"
    custom: Program | None = None
    provenance: Provenance = field(default_factory=Provenance)
    variables: list[dict[str, Any]] = field(default_factory=list)
    traces: list[Trace] = field(default_factory=list)
    written: list[Trace] = field(default_factory=list)
    objective: Objective | None = None
    loss: Node | None = None
    losses: Node | None = None
    surrogate: Node | None = None
    share: Node | None = None
    columns: list[Node] = field(default_factory=list)
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
        """The model, the guide or those of its parts that were written, and the loss, as far as there are any."""
        guide = self.guide.written if isinstance(self.guide, Made) else (self.guide,)
        return [program for program in (self.model, *guide, self.custom) if program is not None]

    @property
    def name(self) -> str:
        """What the kernel is called."""
        named = (self.model, self.guide, self.custom)
        return " with ".join(one.name for one in named if one is not None)

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
        found = {node: array for trace in self.traces for node, array in trace.constants.items()}
        if self.objective is not None:
            # What a schedule gives is put in its place by the loop.
            found |= {**self.objective.constants, **dict.fromkeys(self.objective.scheduled, np.array(np.nan))}
        return found

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
    functions = unit.programs[: len(unit.programs) - (unit.custom is not None)]
    for number, (program, variables) in enumerate(zip(functions, unit.variables)):
        prefix = f"guide{number if number > 1 else ''}." if number else ""
        trace = lower(program, variables, unit.provenance, known, prefix, sizes, bool(prefix), unit.found)
        unit.traces.append(trace)
        known = trace.params
    if isinstance(unit.guide, Made):
        model, *unit.written = unit.traces
        slopes = ModelSlopes(model, unit.provenance)
        made = unit.guide.automatic.trace(model, unit.provenance, written=unit.written, slopes=slopes)
        unit.traces = [model, made]
        known = unit.traces[1].params
    if unit.custom is not None:
        unit.traces.append(_lower_custom(unit, unit.custom, known))


def _lower_custom(unit: Unit, program: Program, known: Mapping[str, ParamRecord]) -> Trace:
    """What the user's own loss does with the log weights."""
    given = {**unit.variables[-1], **{p.name: LOG_WEIGHTS[p.name] for p in program.parameters if p.name in LOG_WEIGHTS}}
    # A guess, for choices that are right for every number.
    sizes = {**unit.arguments.sizes(), str(PARTICLES): 2}
    try:
        trace = lower(program, given, unit.provenance, known, "loss.", sizes, found=unit.found)
    except (NeedFixed, NeedEqual, SizeMustBeKnown) as need:
        if str(PARTICLES) in str(need):
            raise CompileError(LossNeedsSize(getattr(need, "span", program.span), program.name)) from None
        raise
    try:
        trace.result = ops.to_float(ops.as_node(trace.result))
    except TypeError:
        raise CompileError(LossNotNumber(program.span, program.name, describe(trace.result))) from None
    if trace.result.shape:
        raise CompileError(LossNotNumber(program.span, program.name, describe(trace.result)))
    return trace


def _objective(unit: Unit) -> None:
    unit.objective = unit.question(*unit.traces, unit.provenance)
    unit.loss = unit.objective.loss


def _particles(unit: Unit) -> None:
    assert unit.objective is not None
    # Simplified before, so that the gradient is not taken of arithmetic that does nothing, nor of sums that can be
    # kept.
    with unit.provenance.active():
        columns = unit.objective.columns or [unit.objective.loss]
        for rewrite in (take_elements, simplify, partial(_tally, unit), keep_sums):
            rewritten = rewrite(columns)
            columns = [rewritten[one] for one in columns]
        unit.columns = over_particles(columns, PARTICLES)
        combined = unit.objective.combine(unit.columns)
    unit.losses = unit.columns[0] if unit.objective.at_points else None
    unit.loss, unit.surrogate, unit.share = combined.loss, combined.surrogate, combined.share


def _tally(unit: Unit, columns: list[Node]) -> dict[Node, Node]:
    rewritten, unit.tallies = tally(columns, unit.columns_of_counts)
    return rewritten


def _autodiff(unit: Unit) -> None:
    objective, weight = unit.objective, unit.share
    assert unit.loss is not None
    assert unit.surrogate is not None
    assert weight is not None
    assert objective is not None
    if objective.at_points:
        _gradients_at_points(unit, objective)
        return
    # A sum over particles is differentiated, and divided by their number at the very end: adjoints then start from 1.
    with unit.provenance.active():
        params = [p.unconstrained for p in unit.params]
        if objective.combine is mean or any(column.rank > 1 for column in unit.columns):
            gradients = gradient(unit.surrogate, params, unit.provenance)
        else:
            gradients = gradient_over(unit.surrogate, unit.columns, params, PARTICLES, unit.provenance)
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
        simpler = simplify(roots, are_differentiated=True)
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
