"""`odeint_rk4`: a recurrence over the times, with one of the steps between two times inside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..diagnostics import Span
from ..frontend import program as p
from ..ir import ops
from ..ir.nodes import INT, Index, Node, make
from ..language.ode import rk4_step
from . import arrays
from .context import Context, fail, static_size
from .errors import InvalidOperation
from .rounds import Carried, Rounds, numbers, rebuilt

# Steps between two times that are written out one by one; more become a loop.
_MOST_WRITTEN_OUT = 4


def odeint_rk4(context: Context, values: dict[str, Any], spans: dict[str, Span], span: Span) -> Any:
    """The primitive `odeint_rk4`."""
    from .calls import apply

    function, more = values.get("f"), values.get("*args", [])
    steps = static_size(values.get("steps", 10), spans.get("steps", span))
    if isinstance(steps, bool) or not isinstance(steps, (int, np.integer)) or steps < 1:
        fail(InvalidOperation(spans.get("steps", span), "the number of steps must be a whole number from 1"))
    times = context.node(values.get("ts"), spans.get("ts", span), "the times of `odeint_rk4`")
    if times.rank != 1:
        fail(InvalidOperation(spans.get("ts", span), "the times of `odeint_rk4` must be an array with one axis"))
    times = ops.to_float(times)
    call = p.Apply(p.Static(function, "f", span=span), (), (), span=span)
    size = times.shape[0] - 1
    interval = _index(context, "interval", span)

    def slope(y: Any, t: Any) -> Any:
        return apply(context, function, [y, t, *more], {}, call)

    def advance(y: Any, k: Any) -> Any:
        start = arrays.index(times, [interval])[0]
        h = (arrays.index(times, [interval + 1])[0] - start) / float(steps)
        return rk4_step(slope, y, start + k * h, h, _over)

    def one_interval(carried: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Node]]:
        state = carried[0]
        if steps <= _MOST_WRITTEN_OUT:
            for k in range(steps):
                state = advance(state, float(k))
            return [state], []
        inner = _index(context, "step", span)
        rounds = Rounds(inner, int(steps), "", span, names_sites=False)
        one_step = [Carried("y", state, span)]
        return rounds.run(context, one_step, lambda y: ([advance(y[0], ops.to_float(inner))], [])).values, []

    start = rebuilt(values.get("y0"), iter([_number(context, one, span) for one in numbers(values.get("y0"))]))
    rounds = Rounds(interval, size, "", span, names_sites=False)
    outcome = rounds.run(context, [Carried("y0", start, spans.get("y0", span))], one_interval)
    return rebuilt(start, iter(outcome.histories))


def _number(context: Context, value: Any, span: Span) -> Node:
    number: Node = ops.to_float(context.ready_number(value, span))
    return number


def _index(context: Context, name: str, span: Span) -> Index:
    return make(Index, INT, (), name=f"{name}{len(context.loops)}@{span.line}:{span.column}")


def _over(function: Any, *structures: Any) -> Any:
    """A function of the numbers of structures that are alike."""
    columns = zip(*(numbers(one) for one in structures), strict=True)
    return rebuilt(structures[0], iter([function(*column) for column in columns]))
