"""All rounds of a data-sized loop: independent ones as an axis, ones that carry values as a recurrence.

The body is run once, for a free index and for leaves that stand for the carried values. `ir.scan.recurrence` takes from
it what has to wait for the round before; all the rest is lifted over the index and over the histories of the carried
values. So a loop and a plate are the same graph, and a loop that carries values adds to it only its own recurrence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..diagnostics import Record, Span
from ..ir import ops
from ..ir.dims import Dim, Shape, Size
from ..ir.nodes import BOOL, FLOAT, INT, Axis, Call, Draw, History, Index, Iota, Node, Scatter, Site, Slot, make
from ..ir.scan import before_and_after, new_key, over_steps, recurrence
from ..ir.walk import topological
from .context import Context, fail
from .errors import LoopCarriesValue, LoopChangesShape
from .lifting import Mark, lift_traced, traced_since
from .text import describe, shape_text
from .trace import LoopRecord, Trace

# So often a body is run until the types and shapes of what it carries settle.
_MOST_TRIES = 4

Outline = tuple[list[Shape], int]
Round = Callable[[Sequence[Any]], "tuple[Sequence[Any], Sequence[Node]]"]


class Carried(Record, eq=False):
    """A variable that a loop carries: its name, its value before the loop, and where the loop sets it."""

    name: str
    value: Any
    span: Span


class Outcome(Record, eq=False):
    """What is there after the loop: the carried values, for all rounds at once what each of them gave, and the history
    of every carried number, its start included.
    """

    values: list[Any]
    given: list[Node]
    histories: list[Node]


@dataclass
class Rounds:
    """A loop over `size` rounds. index: the leaf that counts them. plate: the name that its sites get as their plate.

    backwards: the rounds are run from the last to the first. names_sites: whether sites must have the index in their
    name.
    """

    index: Index
    size: Size
    plate: str
    span: Span
    backwards: bool = False
    names_sites: bool = True

    def run(self, context: Context, variables: Sequence[Carried], one_round: Round) -> Outcome:
        """All rounds. `one_round(values)` gives the next values of the variables, and what the round has to show.

        Raises CompileError where a variable does not keep its kind from round to round.
        """
        starts = [context.ready_number(v, c.span) for c in variables for v in numbers(c.value)]
        kinds = [(start.dtype, start.shape) for start in starts]
        names = set(context.names)
        first: Outline | None = None
        for _ in range(_MOST_TRIES):
            mark = Mark.of(context.trace)
            key = new_key()
            leaves = [make(Slot, d, s, role="carry", key=key, number=k) for k, (d, s) in enumerate(kinds)]
            following, given = self._body(context, variables, leaves, one_round)
            outline = _outline([*following, *given], context.trace, mark)
            first = first or outline
            settled = [_common(kind, node, self._owner(variables, k)) for k, (kind, node) in
                       enumerate(zip(kinds, following))]  # fmt: skip
            if settled == kinds:
                break
            kinds = settled
            mark.take_back(context.trace)
            context.names = set(names)
        else:
            fail(LoopChangesShape(variables[0].span, variables[0].name, "changes its shape in every round", "shape"))
        grown = [k for k, (leaf, start) in enumerate(zip(leaves, starts)) if leaf.shape != start.shape]
        if grown and outline != first:
            owner, leaf = self._owner(variables, grown[0]), leaves[grown[0]]
            what = f"is a number before the first round and has shape {shape_text(leaf.shape)} after it"
            fail(LoopChangesShape(owner.span, owner.name, what, shape_text(leaf.shape)))
        return self._closed(context, mark, variables, leaves, starts, following, given)

    def _body(
        self, context: Context, variables: Sequence[Carried], leaves: Sequence[Node], one_round: Round
    ) -> tuple[list[Node], list[Node]]:
        """The body for one free round: the numbers that it carries on, and what it gives."""
        filled = iter(leaves)
        values = [rebuilt(c.value, filled) for c in variables]
        context.loops.append(self.index)
        context.loop_sizes.append(self.size)
        context.carrying += bool(variables)
        if self.names_sites:
            context.naming_loops.append(self.index)
        try:
            after, given = one_round(values)
        finally:
            context.loops.pop()
            context.loop_sizes.pop()
            context.carrying -= bool(variables)
            if self.names_sites:
                context.naming_loops.pop()
        following = []
        for c, value in zip(variables, after, strict=True):
            if not same_structure(c.value, value):
                fail(LoopCarriesValue(c.span, c.name, describe(c.value), describe(value)))
            following += [context.ready_number(v, c.span) for v in numbers(value)]
        return following, list(given)

    def _closed(
        self,
        context: Context,
        mark: Mark,
        variables: Sequence[Carried],
        leaves: Sequence[Slot],
        starts: Sequence[Node],
        following: Sequence[Node],
        given: Sequence[Node],
    ) -> Outcome:
        """Everything with an axis for the rounds."""
        trace, size = context.trace, self.size
        bound: dict[Node, Node] = {self.index: make(Iota, INT, (size,))}
        for site in trace.sites[mark.sites :]:
            if isinstance(site.value, Site):
                bound[site.value] = make(Site, site.value.dtype, (size, *site.value.shape), name=site.name)
        draws: list[tuple[Draw, Draw]] = []
        for draw in trace.draws[mark.draws :]:
            whole = make(Draw, FLOAT, (size, *draw.shape), noise=draw.noise, site=draw.site, slot=draw.slot)
            bound[draw] = whole
            draws.append((draw, whole))
        trace.draws[mark.draws :] = [whole for _, whole in draws]
        carried = [(leaf, _as(leaf, start), _as(leaf, after)) for leaf, start, after in zip(leaves, starts, following)]
        inner = tuple(trace.loops[mark.loops :])
        sites = tuple(trace.sites[mark.sites :])
        trace.loops[mark.loops :] = [
            LoopRecord(self.index, size, self.backwards, tuple(carried), sites, inner, tuple(draws))
        ]
        kept = recurrence(size, (), carried, bound, backwards=self.backwards, index=self.index)
        for leaf, history, (_, _, following_value) in zip(leaves, kept, carried):
            assert isinstance(history, History)
            bound[leaf], all_after = before_and_after(history, history.scan)
            if following_value.args and not _is_drawn(following_value):
                # It is in memory: whoever reads it need not compute it again.
                bound[following_value] = all_after
        lift_traced(trace, mark, size, self.plate, bound, self.index)
        last = 0 if self.backwards else size
        ends = iter([_at(history, last) for history in kept])
        values = [rebuilt(c.value, ends) for c in variables]
        return Outcome(values, over_steps(given, bound, (size,), 0, self.index), kept)

    def _owner(self, variables: Sequence[Carried], number: int) -> Carried:
        """The variable that a carried number belongs to."""
        for one in variables:
            count = len(numbers(one.value))
            if number < count:
                return one
            number -= count
        raise AssertionError("there are more numbers than the variables have")


def numbers(value: Any) -> list[Any]:
    """The numbers and arrays in a value, in order."""
    if isinstance(value, (tuple, list)):
        return [one for part in value for one in numbers(part)]
    if isinstance(value, dict):
        return [one for part in value.values() for one in numbers(part)]
    return [value] if _is_number(value) else []


def rebuilt(value: Any, parts: Iterator[Any]) -> Any:
    """A value of the same structure with the next of `parts` for each number in it."""
    if isinstance(value, (tuple, list)):
        inside = [rebuilt(part, parts) for part in value]
        if hasattr(value, "_make"):
            return value._make(inside)
        return inside if isinstance(value, list) else tuple(inside)
    if isinstance(value, dict):
        return {key: rebuilt(part, parts) for key, part in value.items()}
    return next(parts) if _is_number(value) else value


def same_structure(before: Any, after: Any) -> bool:
    """Whether two values differ in nothing but their numbers."""
    if isinstance(before, (tuple, list)) and isinstance(after, (tuple, list)):
        return len(before) == len(after) and all(map(same_structure, before, after))
    if isinstance(before, dict) and isinstance(after, dict):
        return before.keys() == after.keys() and all(same_structure(before[k], after[k]) for k in before)
    if _is_number(before) or _is_number(after):
        return _is_number(before) and _is_number(after)
    return before is after or (type(before) is type(after) and bool(before == after))


def _is_number(value: Any) -> bool:
    if isinstance(value, (bool, np.bool_)):
        return False
    return isinstance(value, (Node, Dim, int, float, np.number, np.ndarray))


def _outline(results: Sequence[Node], trace: Trace, mark: Mark) -> Outline:
    """What tells whether a number and an array of equal numbers give the same: the shapes, and the count of sums."""
    order = topological([*results, *traced_since(trace, mark)])
    shapes = [node.shape for node in results]
    for site in trace.sites[mark.sites :]:
        shapes.append(site.value.shape if site.distribution is None else site.distribution.shape())
    return shapes, sum(isinstance(node, (Scatter, Call)) for node in order)


def _common(kind: tuple[str, Shape], after: Node, variable: Carried) -> tuple[str, Shape]:
    """A type and shape that hold the value before and after a round."""
    dtype, shape = kind
    if BOOL in (dtype, after.dtype) and dtype != after.dtype:
        fail(LoopChangesShape(variable.span, variable.name, "is a truth value and then a number", "()"))
    both = ops.broadcast_shapes(shape, after.shape)
    if both != after.shape or (shape and both != shape):
        what = f"has shape {shape_text(shape)} before a round and {shape_text(after.shape)} after it"
        fail(LoopChangesShape(variable.span, variable.name, what, shape_text(after.shape)))
    return (dtype if dtype == after.dtype else FLOAT), both


def _as(leaf: Slot, value: Node) -> Node:
    converted: Node = ops.broadcast_to(ops.to_float(value) if leaf.dtype == FLOAT else value, leaf.shape)
    return converted


def _is_drawn(value: Node) -> bool:
    """Whether a value is a draw: its density is best told from what it was made of."""
    return any(isinstance(node, Draw) for node in topological([value]))


def _at(history: Node, position: Size) -> Node:
    node: Node = ops.gather(history, (position, *(Axis(k) for k in range(history.rank - 1))), history.shape[1:])
    return node
