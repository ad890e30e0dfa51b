"""Loops. Over a length that the program fixes: unrolled. Over a length that only the data tells: one vectorised plate.

The body of a data-sized loop is lowered once, for a free index; then `batch` turns the index into an axis of everything
that the body made. So the loop and the plate are the same graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..diagnostics import Span
from ..distributions import Distribution
from ..frontend import program as p
from ..ir import ops
from ..ir.batch import batch
from ..ir.dims import Dim, Size
from ..ir.nodes import INT, Index, Node, Site, make
from ..specialise import is_length
from . import arrays
from .bounds import is_never_negative
from .context import Context, fail
from .effects import in_loop
from .errors import LoopCarriesValue, NotSupported
from .signals import NeedFixed
from .subsampling import element
from .text import describe
from .trace import Check, Deterministic, SiteRecord
from .values import Enumerated, LoopResult, Plate, SymbolicRange


def loop(context: Context, target: p.Target, items: Any, body: Sequence[p.Statement], statement: p.For) -> None:
    """for target in items: body"""
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
    carried = _carried(context, body)
    if carried is not None:
        # An int argument may be fixed, so that the loop can be unrolled; the length of data may not.
        if isinstance(items, SymbolicRange) and isinstance(size, Dim) and not any(map(is_length, size.symbols)):
            raise NeedFixed(size.symbols, statement.span)
        fail(LoopCarriesValue(carried.span, carried.name))
    if not is_never_negative(size):
        first, stop = (items.start, items.stop) if isinstance(items, SymbolicRange) else (0, size)
        context.trace.checks.append(Check("length", "", statement.span, needed=first, size=stop))
    with in_loop(context, items):
        _vectorise(context, target, items, size, body, statement)


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


def _carried(context: Context, body: Sequence[p.Statement]) -> p.NameTarget | None:
    """A variable from before the loop that the body sets."""
    for name_target in _assigned(body):
        if name_target.name in context.scope.variables and not isinstance(
            context.scope.variables[name_target.name], LoopResult
        ):
            return name_target
    return None


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


def _vectorise(
    context: Context, target: p.Target, items: Any, size: Size, body: Sequence[p.Statement], statement: p.For
) -> None:
    from .statements import bind, execute_all

    index: Index = make(Index, INT, (), name=f"i{len(context.loops)}@{statement.span.line}")
    before = dict(context.scope.variables)
    marks = (len(context.trace.sites), len(context.trace.deterministics), len(context.trace.checks))
    if context.plates:
        fail(NotSupported(statement.span, "a data-sized loop inside a plate", "make the loop a nested plate"))
    context.loops.append(index)
    context.loop_sizes.append(size)
    try:
        bind(context, target, _element(items, index))
        execute_all(context, body)
    finally:
        context.loops.pop()
        context.loop_sizes.pop()
    name = items.name if isinstance(items, Plate) else f"loop@{statement.span.line}"
    _lift(context, size, index, name, marks)
    for assigned in {*(set(context.scope.variables) - set(before)), *(one.name for one in _targets(target))}:
        before[assigned] = LoopResult(assigned)
    context.scope.variables.clear()
    context.scope.variables.update(before)


def _lift(context: Context, size: Size, index: Index, plate: str, marks: tuple[int, int, int]) -> None:
    """Turn the index into an axis of everything that was traced since `marks`."""
    trace = context.trace
    sites, named, checks = trace.sites[marks[0] :], trace.deterministics[marks[1] :], trace.checks[marks[2] :]
    inside = {s.name for s in sites if not s.observed}
    roots: list[Node] = [d.value for d in named] + [c.value for c in checks if c.value is not None]
    for site in sites:
        roots.extend(node for node in (site.value, site.scale, site.where) if node is not None)
        if site.distribution is not None:
            site.distribution.with_params(lambda _, v: roots.append(v) if isinstance(v, Node) else None)
    lifted = batch(roots, size, lambda n: isinstance(n, Site) and n.name in inside, index)

    trace.sites[marks[0] :] = [_lifted_site(s, size, plate, lifted) for s in sites]
    trace.deterministics[marks[1] :] = [Deterministic(d.name, lifted[d.value], d.span) for d in named]
    trace.checks[marks[2] :] = [
        c if c.value is None else Check(c.kind, c.name, c.span, lifted[c.value], c.constraint, c.needed, c.size)
        for c in checks
    ]


def _lifted_site(site: SiteRecord, size: Size, plate: str, lifted: dict[Node, Node]) -> SiteRecord:
    value = lifted[site.value]
    if value.rank == site.value.rank:
        # The same observation or factor in every round.
        value = ops.broadcast_to(value, (size, *site.value.shape))
    distribution = site.distribution
    if distribution is not None:
        distribution = _with_axis(distribution, size, lifted)
    plates = (*site.plates, plate)
    batch = len(site.value.shape if site.distribution is None else site.distribution.batch_shape)
    scale, where = (node and _aligned(node, lifted, batch) for node in (site.scale, site.where))
    return site.replaced(distribution=distribution, value=value, plates=plates, scale=scale, where=where)


def _aligned(node: Node, lifted: dict[Node, Node], rank: int) -> Node:
    """What the loop made of a node that broadcasts with `rank` axes, so that it does with those and the loop's."""
    fresh = lifted[node]
    if fresh.rank > node.rank:
        for _missing in range(rank - node.rank):
            fresh = arrays.expand_dims(fresh, 1)
    return fresh


def _with_axis(distribution: Any, size: Size, lifted: dict[Node, Node]) -> Any:
    """The distribution of all rounds: what varies got a leading axis, and the other axes stay aligned at the right."""

    def param(name: str, value: Any) -> Any:
        if not isinstance(value, Node):
            return value
        fresh = lifted[value]
        if fresh.rank == value.rank:
            return fresh
        # A mask covers the batch only; everything else covers the event as well.
        return _aligned(value, lifted, len(batch_shape if name == "mask" else distribution.shape()))

    event = distribution.reinterpreted
    batch_shape = distribution.batch_shape
    changed = distribution.with_params(param)
    changed = changed._like(expanded=None, reinterpreted=0)
    whole = changed.expand((size, *batch_shape, *distribution.event_shape))
    return whole.to_event(event) if event else whole
