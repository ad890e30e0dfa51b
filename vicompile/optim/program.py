"""A rule written down: straight lines over elements, in passes between which reductions over many elements stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..diagnostics import Record
from .expressions import Element, as_number
from .whole import REDUCTIONS

Operand = str | float


class Line(Record):
    """target = operation(operands); an operand is a constant or the name of an input or of an earlier target."""

    target: str
    operation: str
    operands: tuple[Operand, ...]


class Pass(Record):
    """What is computed for every element before the next reductions.

    results: of the last pass the new parameter and the new state; of others what is reduced.
    reductions: one for each result, names of `whole.REDUCTIONS`; none in the last pass.
    """

    lines: tuple[Line, ...]
    results: tuple[Operand, ...]
    reductions: tuple[str, ...] = ()


class Program(Record):
    """A whole rule. Inputs are called `param`, `grad`, `s0`, `s1` ... (rows of state), `h0` ... (rows of
    hyperparameters) and `w0` ... (what was reduced, in the order of the passes).

    initial: the value of each row of state before the first step; None stands for the parameter's own.
    reported: the row of state that a fit reports instead of the parameters; None for these themselves.
    """

    passes: tuple[Pass, ...]
    hyper_names: tuple[str, ...]
    initial: tuple[float | None, ...]
    reported: int | None = None

    @property
    def reductions(self) -> tuple[str, ...]:
        """All of them, in the order of the inputs `w0`, `w1` ..."""
        return tuple(name for one in self.passes for name in one.reductions)


def write_down(
    function: Callable[..., Any],
    state: Mapping[str, float | None],
    hyper_names: Sequence[str],
    reported: str | None = None,
) -> Program:
    """Run a rule once on elements.

    function: called as `function(param, grad, **state, **hyperparameters)`; returns the new parameter and the new
        state, in the order of `state`. Raises TypeError for anything else that it returns.
    """
    inputs = {name: Element("input", f"s{k}") for k, name in enumerate(state)}
    inputs.update((name, Element("input", f"h{k}")) for k, name in enumerate(hyper_names))
    returned = function(Element("input", "param"), Element("input", "grad"), **inputs)
    outputs = [as_number(one) for one in (returned if isinstance(returned, tuple) else (returned,))]
    if len(outputs) != 1 + len(state):
        name = getattr(function, "__name__", "a rule")
        expected = ", ".join(["param", *state])
        raise TypeError(f"{name} must return {expected}: {1 + len(state)} numbers, it returned {len(outputs)}")
    row = None if reported is None else list(state).index(reported)
    return Program(_passes(outputs), tuple(hyper_names), tuple(state.values()), row)


def _passes(outputs: list[Element]) -> tuple[Pass, ...]:
    """A reduction is done in the first pass that knows what it needs."""
    order = _topological(outputs)
    level: dict[Element, int] = {}
    for one in order:
        level[one] = max((level[e] for e in _elements(one)), default=0) + (one.operation in REDUCTIONS)
    known: dict[Element, Operand] = {}
    reduced = 0
    passes = []
    for number in range(max(level.values()) + 1):
        barriers = [one for one in order if one.operation in REDUCTIONS and level[one] == number + 1]
        wanted = [one.operands[0] for one in barriers] or outputs
        lines, names = _lines(wanted, known)
        passes.append(Pass(lines, tuple(names), tuple(one.operation for one in barriers)))
        for one in barriers:
            known[one] = f"w{reduced}"
            reduced += 1
    return tuple(passes)


def _lines(wanted: Sequence[Element], known: Mapping[Element, Operand]) -> tuple[tuple[Line, ...], list[Operand]]:
    """The lines that compute `wanted` from inputs and from what is known; what two of them share is computed once."""
    names: dict[Element, Operand] = dict(known)
    same: dict[tuple[str, tuple[Operand, ...]], Operand] = {}
    lines: list[Line] = []
    for one in _topological(wanted, known):
        if one.operation in ("input", "constant"):
            names[one] = one.operands[0]
            continue
        key = (one.operation, tuple(names[e] for e in _elements(one)))
        if key not in same:
            same[key] = f"t{len(lines)}"
            lines.append(Line(f"t{len(lines)}", *key))
        names[one] = same[key]
    return tuple(lines), [names[one] for one in wanted]


def _elements(one: Element) -> tuple[Element, ...]:
    return () if one.operation in ("input", "constant") else one.operands


def _topological(roots: Iterable[Element], known: Mapping[Element, Any] | None = None) -> list[Element]:
    """Everything that the roots need, operands first; what is known is left out."""
    done: set[Element] = set(known or ())
    order: list[Element] = []
    stack = [(one, False) for one in reversed(list(roots))]
    while stack:
        one, ready = stack.pop()
        if one in done:
            continue
        if ready:
            done.add(one)
            order.append(one)
        else:
            stack.append((one, True))
            stack.extend((e, False) for e in reversed(_elements(one)))
    return order
