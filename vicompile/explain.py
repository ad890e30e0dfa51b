"""Every stage of a compilation as text: what the compiler made of a model, a guide and their arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .compiler import Unit
    from .compiler.losses import ELBO
    from .frontend import Program
    from .lower import Trace
    from .objective import Term
    from .specialise import Arguments

_BEFORE = ("frontend", "check")


class Explanation(str):
    """A text that shows itself as it is, also where Python would show a string in quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def explain(
    model: Callable[..., Any],
    guide: Callable[..., Any] | None,
    *args: Any,
    stage: str | None = None,
    dtype: str = "float64",
    loss: ELBO | None = None,
    **kwargs: Any,
) -> Explanation:
    """The stages that lead from `model` and `guide`, called with these arguments, to the text of their kernel.

    guide: None for the kernel of the model's joint log density, as `infer.LogDensity` has it.
    stage: the name of a single one ("frontend", "check", "specialise", "lower", "objective", "particles", "autodiff",
        "rewrite", "schedule", "emit"); "emit" gives the text of the kernel alone. By default all of them, one after the
        other.
    dtype, loss: as for `SVI`.

    Nothing is compiled to machine code. Errors: CompileError and DataError as a fit would raise them; ValueError for an
    unknown stage, with the known ones.
    """
    from .diagnostics import public

    return public(_explanation)(model, guide, args, kwargs, stage, dtype, loss)


def _explanation(
    model: Callable[..., Any],
    guide: Callable[..., Any] | None,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    stage: str | None,
    dtype: str,
    loss: ELBO | None,
) -> Explanation:
    from .compiler import STAGES, Pair
    from .compiler.losses import check_loss
    from .guides import Automatic
    from .objective import joint_log_density
    from .specialise import gather_arguments

    names = [*_BEFORE, *(one.name for one in STAGES)]
    if stage is not None and stage not in names:
        raise ValueError(f"there is no stage {stage!r}; the stages are {', '.join(names)}")
    objective = check_loss(loss)
    pair = (
        Pair(model, None, question=joint_log_density, dtype=dtype)
        if guide is None
        else objective.pair(model, guide, dtype)
    )
    names_of = " and ".join(f"`{one.name}`" for one in (pair.model, pair.guide, pair.custom) if one is not None)
    made = f"\n\nguide `{guide.name}` of `{pair.model.name}`" if isinstance(guide, Automatic) else ""
    texts = {
        "frontend": f"{_programs(*pair.programs)}{made}",
        "check": f"{names_of} {'has no fault' if guide is None else 'fit together'}.",
    }
    if stage not in texts:
        arguments = gather_arguments(pair.calls(args, args, kwargs, kwargs))

        # A stage may run again where sizes turn out to matter; the last time counts.
        def keep(name: str, unit: Unit) -> None:
            texts[name] = _SHOWN[name](unit)

        pair.stages(arguments, keep)
    if stage is not None:
        return Explanation(texts[stage])
    return Explanation("\n\n".join(f"{_heading(k, name)}\n{texts[name]}" for k, name in enumerate(names, 1)))


def _heading(number: int, name: str) -> str:
    return f"-- {number} {name} ".ljust(100, "-")


def _programs(*programs: Program) -> str:
    from .frontend.unparse import unparse

    return "\n\n".join(unparse(program) for program in programs)


def _show_arguments(unit: Unit) -> str:
    arguments: Arguments = unit.arguments
    sizes = arguments.sizes()
    lines = []
    for name, leaf in arguments.leaves.items():
        kind = leaf.spec.kind
        if kind == "static":
            what = f"static {leaf.value!r}"
        elif kind == "whole":
            what = f"whole number, {leaf.value} in this call"
        else:
            axes = ", ".join(f"{leaf.axis(axis)} = {sizes[leaf.axis(axis)]}" for axis in range(leaf.spec.rank))
            what = kind + (f"[{axes}]" if axes else "")
        lines.append(f"{name}: {what}")
    lines += [f"{name} is fixed at {value}" for name, value in unit.overrides.fixed.items()]
    lines += [f"{name} equals {size}" for name, size in unit.overrides.equal.items()]
    return "\n".join(lines) or "no arguments"


def _show_traces(unit: Unit) -> str:
    parts = [
        f"{role} `{one.name}`\n{_show_trace(trace)}"
        for role, one, trace in zip(("model", "guide"), (unit.model, unit.guide), unit.traces)
        if one is not None
    ]
    if unit.found.definitions:
        lines = (f"  {one.symbol}: {one.kind}, line {one.span.line}" for one in unit.found.definitions)
        parts.append("\n".join(["found in the data", *lines]))
    return "\n\n".join(parts)


def _show_trace(trace: Trace) -> str:
    lines = []
    for site in trace.sites:
        kind = "factor" if site.distribution is None else type(site.distribution).__name__
        words = ["observed" if site.observed else "latent"] if site.distribution is not None else []
        words += [f"plates {', '.join(site.plates)}"] if site.plates else []
        words += ["scaled"] if site.scale is not None else []
        lines.append(
            f"  {site.name}: {kind}, {', '.join(['shape ' + _shape(site.value.shape), *words])}, line {site.span.line}"
        )
    for one in trace.deterministics:
        lines.append(f"  {one.name}: deterministic, shape {_shape(one.value.shape)}, line {one.span.line}")
    for record in trace.params.values():
        what = f"parameter, {record.constraint.describe()}, shape {_shape(record.unconstrained.shape)} unconstrained"
        lines.append(f"  {record.name}: {what}, line {record.span.line}")
    return "\n".join(lines) or "  nothing"


def _shape(shape: tuple[Any, ...]) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def _show_objective(unit: Unit) -> str:
    from .ir.show import show
    from .objective import parts

    assert unit.objective is not None
    objective = unit.objective
    named = {_name_of(term, unit): node for term, _, node in parts(objective.terms)}
    shown = show({**named, objective.name: objective.loss})
    return "\n".join([*objective.notes, "", shown]) if objective.notes else shown


def _name_of(term: Term, unit: Unit) -> str:
    if term.role == "guide":
        return f"+ {'log q' if term.divergence is None else 'KL(q || p)'}({term.site})"
    return f"{'log p' if unit.guide is None else '- log p'}({term.site})"


def _show_graph(unit: Unit) -> str:
    from .ir.show import show

    assert unit.loss is not None
    assert unit.objective is not None
    names = [f"gradient by {record.name}" for record in unit.params]
    if unit.losses is not None:
        return show({f"{unit.objective.name} at each point": unit.losses, **dict(zip(names, unit.gradients))})
    return show({unit.objective.name: unit.loss, **dict(zip(names, unit.gradients))})


def _show_rewritten(unit: Unit) -> str:
    from .ir.show import show

    if not unit.definitions:
        return _show_graph(unit)
    hoisted = show({node.name: value for node, value in unit.definitions.items()})
    return f"once, when the data is bound:\n{hoisted}\n\nin every step:\n{_show_graph(unit)}"


def _show_kernel(unit: Unit) -> str:
    kernel = unit.kernel
    assert kernel is not None
    lines = [kernel.name]
    lines += [f"data[{k}]: {_argument(one)}" for k, one in enumerate(kernel.data)]
    lines += [
        f"sizes: {', '.join(kernel.symbols) or 'none'}",
        f"workspace: {kernel.work} doubles",
        *_loops(kernel.body, 0),
    ]
    return "\n".join(lines)


def _argument(one: Any) -> str:
    from .schedule.kernel import GroupsArgument, HelperArgument

    if isinstance(one, HelperArgument):
        return f"the helper {one.helper}"
    if isinstance(one, GroupsArgument):
        return f"the {one.part} of the groups in {one.order.key.name}"
    order = f" in the order of {one.order.key.name}" if one.order is not None else ""
    return f"{one.input.name}{order}{' in blocks of rows' * one.packed}{' by rows' * one.by_rows}"


def _loops(statements: Iterable[Any], depth: int) -> Iterator[str]:
    """The loops, with how much stands directly inside each; the statements themselves are what `emit` shows."""
    from .schedule.kernel import Loop

    plain = 0
    for statement in statements:
        if not isinstance(statement, Loop):
            plain += 1
            continue
        if plain:
            yield "  " * depth + _counted(plain)
            plain = 0
        step = f" in steps of {statement.step}" if statement.step != 1 else ""
        yield f"{'  ' * depth}loop {statement.variable} to {_bound(statement.stop)}{step}"
        yield from _loops(statement.body, depth + 1)
    if plain:
        yield "  " * depth + _counted(plain)


def _counted(statements: int) -> str:
    return "1 statement" if statements == 1 else f"{statements} statements"


def _bound(expression: Any) -> str:
    from .schedule.kernel import Apply, Literal, Load, Name

    match expression:
        case Literal(value):
            return str(value)
        case Name(name):
            return name
        case Load(pointer, index):
            return f"{pointer}[{_bound(index)}]"
        case Apply(primitive, args):
            return f"{primitive}({', '.join(map(_bound, args))})"
    raise AssertionError(f"unknown expression {type(expression).__name__}")


_SHOWN: dict[str, Callable[[Unit], str]] = {
    "specialise": _show_arguments,
    "lower": _show_traces,
    "objective": _show_objective,
    "particles": _show_graph,
    "autodiff": _show_graph,
    "rewrite": _show_rewritten,
    "schedule": _show_kernel,
    "emit": lambda unit: unit.text,
}
