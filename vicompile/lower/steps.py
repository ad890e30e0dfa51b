"""`scan(f, init, xs)`: a recurrence that is written as a function of one step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..diagnostics import Span
from ..frontend import program as p
from ..ir import ops
from ..ir.dims import Dim, Size
from ..ir.nodes import INT, Index, Node, make
from ..language.messages import Steps
from . import arrays
from .bounds import as_size
from .context import Context, fail, static_size
from .effects import under
from .errors import InvalidOperation
from .rounds import Carried, Rounds, numbers, rebuilt
from .text import describe


def scan(context: Context, values: dict[str, Any], spans: dict[str, Span], span: Span) -> Any:
    """The primitive `scan`: the last carry, and what every step gave, stacked."""
    from .calls import apply

    xs = _ready(context, values.get("xs"), spans.get("xs", span))
    size = _length(xs, values.get("length"), spans, span)
    index: Index = make(Index, INT, (), name=f"step{len(context.loops)}@{span.line}:{span.column}")
    call = p.Apply(p.Static(values.get("f"), "f", span=span), (), (), span=span)
    shown: list[Any] = []

    def one_round(carried: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Node]]:
        with under(context, [Steps()]):
            result = apply(context, values.get("f"), [carried[0], _at(xs, index)], {}, call)
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            fail(
                InvalidOperation(span, f"the function of a scan must give (carry, y), and it gives {describe(result)}")
            )
        shown[:] = [result[1]]
        return [result[0]], [context.ready_number(one, span) for one in numbers(result[1])]

    rounds = Rounds(
        index, size, f"scan@{span.line}", span, backwards=bool(static_size(values.get("reverse"), span)),
        names_sites=False,
    )  # fmt: skip
    outcome = rounds.run(context, [Carried("carry", values.get("init"), spans.get("init", span))], one_round)
    return outcome.values[0], rebuilt(shown[0], iter(outcome.given))


def markov(context: Context, values: dict[str, Any], spans: dict[str, Span], span: Span) -> Any:
    """The primitive `markov`: the sequence itself."""
    return values.get("iterable")


def _ready(context: Context, xs: Any, span: Span) -> Any:
    """The structure with nodes for its arrays."""
    return _map(lambda x: context.node(x, span, "the sequence of a scan"), xs)


def _at(xs: Any, index: Index) -> Any:
    return _map(lambda x: arrays.index(x, [index])[0], xs)


def _map(function: Callable[[Any], Any], value: Any) -> Any:
    if value is None:
        return None
    parts = iter([function(one) for one in numbers(value)])
    return rebuilt(value, parts)


def _length(xs: Any, length: Any, spans: dict[str, Span], span: Span) -> Size:
    found: list[Size] = []
    for x in numbers(xs):
        if not x.rank:
            fail(InvalidOperation(spans.get("xs", span), "the sequence of a scan must have an axis of steps"))
        found.append(x.shape[0])
    if length is not None:
        found.append(length if isinstance(length, Dim) else as_size(length))
    if not found:
        fail(InvalidOperation(span, "a scan needs a sequence `xs`, or a `length`"))
    for other in found[1:]:
        if other != found[0]:
            raise ops.ShapeMismatch(found[0], other)
    return found[0]
