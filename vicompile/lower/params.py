"""The primitive `param`: an unconstrained input of the kernel behind its constraint."""

from __future__ import annotations

import inspect
from typing import Any

from ..diagnostics import Span
from ..distributions.constraints import Constraint, real
from ..frontend import program as p
from ..ir import ops
from ..ir.dims import Dim, Shape
from ..ir.nodes import FLOAT, Input, Node, Site, make
from ..ir.vectors import SizeMustBeKnown
from ..ir.walk import topological
from .context import Context, fail
from .errors import InvalidOperation, NotSupported, ParameterConflict, ParameterWithoutValue
from .plates import event_dim_of, rows_in_plates
from .signals import NeedFixed
from .text import describe, shape_text
from .trace import ParamRecord
from .values import Function


def param(context: Context, values: dict[str, Any], spans: dict[str, Span], span: Span) -> Any:
    """The parameter's value inside its constraint; with `event_dim` its rows that are in the plates around."""
    value = _whole_param(context, values, spans, span)
    if values.get("event_dim") is None:
        return value
    place = spans["event_dim"]
    return rows_in_plates(context, value, event_dim_of(value, values["event_dim"], place), place)


def _whole_param(context: Context, values: dict[str, Any], spans: dict[str, Span], span: Span) -> Any:
    name, constraint = values.get("name"), values.get("constraint", real)
    if context.loops:
        context.unroll(span)
        what = "a parameter inside a data-sized loop"
        fail(NotSupported(span, what, "make one array parameter before the loop and index it with the loop variable"))
    if not isinstance(name, str):
        fail(InvalidOperation(span, f"the name of a parameter must be a text, not {describe(name)}"))
    if not isinstance(constraint, Constraint) or constraint.is_discrete:
        what = "the constraint must be one of vicompile.constraints over real numbers"
        fail(InvalidOperation(spans.get("constraint", span), what))
    if any(isinstance(bound, Node) for bound in (constraint.low, constraint.high)):
        what = f"the bounds of the constraint of `{name}` are computed: a parameter needs plain numbers there"
        fail(InvalidOperation(spans.get("constraint", span), what))
    _check_event_dim(name, constraint, values.get("event_dim"), spans, span)
    known = context.trace.params.get(name)
    if values.get("init") is None:
        if known is None:
            fail(ParameterWithoutValue(span, name))
        return known.constraint.transform(known.unconstrained)
    start = initial(context, name, values["init"], spans["init"])
    if known is None:
        shape = _unconstrained_shape(name, constraint, start.shape, spans["init"])
        unconstrained: Input = make(Input, FLOAT, shape, name=name, role="param")
        known = ParamRecord(name, unconstrained, start, constraint, span)
        context.trace.params[name] = known
    elif known.constraint != constraint:
        fail(ParameterConflict(span, name, "constraints"))
    elif known.initial.rank != start.rank:
        fail(ParameterConflict(span, name, "shapes"))
    else:
        for ours, theirs in zip(start.shape, known.initial.shape):
            if ours != theirs:
                if isinstance(ours, int) and isinstance(theirs, int):
                    fail(ParameterConflict(span, name, "shapes"))
                raise ops.ShapeMismatch(ours, theirs)
    return known.constraint.transform(known.unconstrained)


def _check_event_dim(name: str, constraint: Constraint, event_dim: Any, spans: dict[str, Span], span: Span) -> None:
    """Pyro's `event_dim` may say that more axes belong to one event than the constraint needs, not fewer."""
    if event_dim is None:
        return
    if not isinstance(event_dim, int) or event_dim < constraint.event_dim:
        what = f"`event_dim` of `{name}` must be a whole number, from {constraint.event_dim} for {constraint!r}"
        fail(InvalidOperation(spans.get("event_dim", span), what))


def _unconstrained_shape(name: str, constraint: Constraint, shape: Shape, span: Span) -> Shape:
    """The shape of what is learned. Where it needs a size that is a symbol, NeedFixed asks for it."""
    try:
        return constraint.unconstrained_shape(shape)
    except SizeMustBeKnown as need:
        raise NeedFixed(need.size.symbols if isinstance(need.size, Dim) else frozenset(), span) from None
    except TypeError as error:
        fail(InvalidOperation(span, f"`{name}` cannot be learned: {error}"))
    except ValueError:
        what = f"the initial value of `{name}` has the shape {shape_text(shape)}, which is not {constraint.describe()}"
        fail(InvalidOperation(span, what))


def initial(context: Context, name: str, value: Any, span: Span) -> Node:
    """The initial value as a node of data and sizes alone."""
    value = _called(context, value, span)
    node: Node = ops.to_float(context.node(value, span, f"the initial value of `{name}`"))
    for below in topological([node]):
        if isinstance(below, Site) or (isinstance(below, Input) and below.role == "param"):
            what = f"the initial value of `{name}` depends on a draw or on another parameter"
            fail(InvalidOperation(span, f"{what}: it must be known before the fit"))
    return node


def _called(context: Context, value: Any, span: Span) -> Any:
    """An initial value may come as a function of nothing, or of a random key."""
    from .calls import apply
    from .inline import inline_local

    if isinstance(value, Function):
        return inline_local(context, value, [0] * sum(not q.has_default for q in value.parameters), {})
    if callable(value) and not isinstance(value, Node):
        required = [q for q in inspect.signature(value).parameters.values() if q.default is q.empty]
        call = p.Apply(p.Static(value, "init", span=span), (), (), span=span)
        return apply(context, value, [0] * len(required), {}, call)
    return value
