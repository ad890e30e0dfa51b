"""Loops. Over a length that the program fixes: unrolled. Over a length that only the data tells: one vectorised plate.

The body of a data-sized loop is lowered once, for a free index; then `batch` turns the index into an axis of everything
that the body made. So the loop and the plate are the same graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..diagnostics import CompileError, Span
from ..distributions import Distribution
from ..frontend import program as p
from ..ir import ops
from ..ir.dims import Dim, Size, evaluate
from ..ir.nodes import INT, Index, Node, make
from ..specialise import is_length
from . import arrays
from .blocks import in_loop
from .bounds import is_never_negative
from .context import Context, fail
from .errors import NotSupported
from .lifting import Mark
from .rounds import Carried, Rounds
from .signals import NeedFixed
from .subsampling import element
from .text import describe
from .trace import Check
from .values import Enumerated, Growing, LoopResult, Plate, SymbolicRange

# Rounds of a loop whose length an int argument tells: up to so many are written out one by one.
MOST_UNROLLED_ROUNDS = 16
# Rounds of a loop whose length stands in the program itself.
MOST_WRITTEN_OUT = 64


def loop(context: Context, target: p.Target, items: Any, body: Sequence[p.Statement], statement: p.For) -> None:
    """for target in items: body"""
    if isinstance(items, range) and _long_range(context, target, items, body, statement):
        return
    rounds = static_items(items, statement.span)
    if rounds is not None:
        from .statements import bind, execute_all

        for item in rounds:
            if context.scope.has_returned:
                break
            bind(context, target, item)
            execute_all(context, body)
        return
    size = _size(items)
    if not is_never_negative(size):
        first, stop = (items.start, items.stop) if isinstance(items, SymbolicRange) else (0, size)
        context.trace.checks.append(Check("length", "", statement.span, needed=first, size=stop))
    carried = _carried(context, body)
    if carried and _is_short(context, size):
        raise NeedFixed(size.symbols, statement.span)  # type: ignore[union-attr]
    try:
        with in_loop(context, items):
            _all_rounds(context, target, items, size, body, statement, carried)
    except CompileError:
        # What only single rounds can do: an int argument may be fixed, so that the loop is unrolled; a length may not.
        if carried and isinstance(size, Dim) and not any(map(is_length, size.symbols)):
            raise NeedFixed(size.symbols, statement.span) from None
        raise


def _long_range(
    context: Context, target: p.Target, items: range, body: Sequence[p.Statement], statement: p.For
) -> bool:
    """Compile many rounds that the program counts itself as one loop; False, and nothing done, if they differ."""
    if len(items) <= MOST_WRITTEN_OUT or items.step != 1:
        return False
    mark, names, before = Mark.of(context.trace), set(context.names), dict(context.scope.variables)
    try:
        same = SymbolicRange(items.start, items.stop)
        _all_rounds(context, target, same, len(items), body, statement, _carried(context, body))
    except CompileError:
        mark.take_back(context.trace)
        context.names = names
        context.scope.variables.clear()
        context.scope.variables.update(before)
        return False
    return True


def _is_short(context: Context, size: Size) -> bool:
    """Whether a loop that carries values is better unrolled: an int argument tells its length, and it is small now."""
    if not isinstance(size, Dim) or any(map(is_length, size.symbols)):
        return False
    return evaluate(size, context.sizes) <= MOST_UNROLLED_ROUNDS


def static_items(items: Any, span: Span) -> list[Any] | None:
    """The items of a sequence whose length the program fixes; None if only the data tells."""
    if isinstance(items, Plate):
        # A plate stays a plate, so that its sites stay one family whatever its size.
        return None
    if isinstance(items, SymbolicRange):
        both = isinstance(items.start, int) and isinstance(items.stop, int)
        return list(range(items.start, items.stop)) if both else None  # type: ignore[arg-type]
    if isinstance(items, Enumerated):
        return _static_rounds(items, span)
    if isinstance(items, Node):
        if not items.rank:
            fail(NotSupported(span, "a loop over a number", "loop over range(n)"))
        size = items.shape[0]
        return [arrays.select(items, 0, k) for k in range(size)] if isinstance(size, int) else None
    if isinstance(items, Iterable) and not isinstance(items, (Dim, Distribution)):
        return list(items)
    fail(NotSupported(span, f"a loop over {describe(items)}", "loop over range(n), an array or a plate"))


def needed_items(items: Any, span: Span) -> list[Any] | None:
    """Likewise; a whole number that was passed is asked to be fixed where it tells the length."""
    rounds = static_items(items, span)
    if rounds is None and isinstance(items, SymbolicRange):
        names = frozenset(s for size in (items.start, items.stop) if isinstance(size, Dim) for s in size.symbols)
        if not any(map(is_length, names)):
            raise NeedFixed(names, span)
    return rounds


def _static_rounds(items: Enumerated, span: Span) -> list[Any] | None:
    parts = [static_items(i, span) for i in items.items]
    known = [q for q in parts if q is not None]
    if len(known) == len(parts):
        return list(enumerate(known[0], items.first)) if items.first is not None else list(zip(*known))
    if known:
        # zip of a list with data: the list fixes the length.
        count = min(map(len, known))
        for size in (_size(i) for i, q in zip(items.items, parts, strict=True) if q is None):
            if size != count:
                raise ops.ShapeMismatch(size, count)
    return None


def _size(items: Any) -> Size:
    if isinstance(items, SymbolicRange):
        return items.length
    if isinstance(items, Plate):
        return items.length
    if isinstance(items, Enumerated):
        sizes = [_size(i) for i in items.items]
        for other in sizes[1:]:
            if other != sizes[0]:
                raise ops.ShapeMismatch(sizes[0], other)
        return sizes[0]
    if isinstance(items, Node):
        return items.shape[0]
    count: int = len(items)
    return count


def _element(items: Any, index: Node) -> Any:
    """The item of one round."""
    if isinstance(items, Plate):
        return element(items, index)
    if isinstance(items, SymbolicRange):
        return index + items.start if items.start != 0 else index
    if isinstance(items, Enumerated):
        parts = tuple(_element(i, index) for i in items.items)
        if items.first is None:
            return parts
        return (index + items.first if items.first else index), parts[0]
    return arrays.index(items, [index])[0]


def _carried(context: Context, body: Sequence[p.Statement]) -> dict[str, Span]:
    """The variables from before the loop that the body sets, and where it first does."""
    found: dict[str, Span] = {}
    for one in _assigned(body):
        before = context.scope.variables.get(one.name, LoopResult(one.name))
        if not isinstance(before, LoopResult):
            found.setdefault(one.name, one.span)
    return found


def _assigned(body: Sequence[p.Statement]) -> Iterable[p.NameTarget]:
    for statement in body:
        match statement:
            case p.Assign(target, _):
                yield from _targets(target)
            case p.For(target, _, inner):
                yield from _targets(target)
                yield from _assigned(inner)
            case p.If(_, then, orelse):
                yield from _assigned((*then, *orelse))
            case p.With(_, inner):
                yield from _assigned(inner)


def _targets(target: p.Target) -> Iterable[p.NameTarget]:
    if isinstance(target, p.NameTarget):
        yield target
    else:
        for item in target.items:
            yield from _targets(item)


def _all_rounds(
    context: Context,
    target: p.Target,
    items: Any,
    size: Size,
    body: Sequence[p.Statement],
    statement: p.For,
    carried: dict[str, Span],
) -> None:
    from .statements import bind, execute_all

    scope = context.scope
    before = dict(scope.variables)
    index: Index = make(Index, INT, (), name=f"i{len(context.loops)}@{statement.span.line}")

    grown = [name for name in _appended(body) if isinstance(before.get(name), list)]
    names = [*carried, *(name for name in grown if before[name])]

    def one_round(values: Sequence[Any]) -> tuple[list[Any], list[Node]]:
        start = dict(zip(names, values))
        lists = {name: Growing(name, start.get(name)) for name in grown}
        scope.variables.clear()
        scope.variables.update(before | start | lists)
        bind(context, target, _element(items, index))
        execute_all(context, body)
        given = [_appended_once(context, lists[name], statement.span) for name in grown]
        return [lists[name].last if name in lists else scope.variables[name] for name in names], given

    plate = items.name if isinstance(items, Plate) else f"loop@{statement.span.line}"
    variables = [Carried(name, before[name], span) for name, span in carried.items()]
    variables += [Carried(name, before[name][-1], statement.span) for name in grown if before[name]]
    outcome = Rounds(index, size, plate, statement.span).run(context, variables, one_round)
    gone = {*(set(scope.variables) - set(before)), *(one.name for one in _targets(target))} - set(carried)
    scope.variables.clear()
    scope.variables.update(before | {name: LoopResult(name) for name in gone} | dict(zip(carried, outcome.values)))
    for name, rows in zip(grown, outcome.given):
        first = before[name]
        scope.variables[name] = arrays.concatenate([arrays.stack(context.ready(first)), rows]) if first else rows


def _appended_once(context: Context, grown: Growing, span: Span) -> Node:
    if len(grown.appended) != 1:
        what = f"a data-sized loop that appends to `{grown.name}` not exactly once in every round"
        fail(NotSupported(span, what, "append one value in every round"))
    return context.ready_number(grown.appended[0], span)


def _appended(body: Sequence[p.Statement]) -> list[str]:
    """The names of the lists that a body appends to."""
    found: dict[str, None] = {}
    for statement in body:
        match statement:
            case p.ExpressionStatement(p.Apply(function=p.Attribute(value=p.Name(name), name="append"))):
                found[name] = None
            case p.If(_, then, orelse):
                found |= dict.fromkeys(_appended((*then, *orelse)))
            case p.With(_, inner) | p.For(_, _, inner):
                found |= dict.fromkeys(_appended(inner))
    return list(found)
