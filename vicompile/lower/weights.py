"""`scale` and `mask`: blocks and functions inside of which log densities are multiplied, or count only in part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from typing import Any, TypeVar

import numpy as np

from ..diagnostics import Span
from ..distributions import Distribution
from ..frontend.program import Expression
from ..ir import ops
from ..ir.dims import Shape
from ..ir.nodes import BOOL, Node, Site
from ..ir.walk import topological
from ..language.messages import Handler
from .arrays import astype
from .context import Context, equate, fail
from .effects import as_handled
from .errors import InvalidOperation, MaskShape, NotSupported
from .plates import open_plate
from .subsampling import weight
from .text import describe, shape_text
from .values import Affected, Function, Handled, Mask, Plate, PlateStack, Scale

E = TypeVar("E", Scale, Mask)
Values = dict[str, Any]
Spans = dict[str, Span]


def new_scale(context: Context, values: Values, spans: Spans, span: Span) -> Scale | Affected:
    """The primitive `scale`."""
    given = values.get("scale")
    if given is None:
        fail(InvalidOperation(span, "`scale` needs a number: write scale(scale=...)"))
    if isinstance(given, (int, float)) and not given > 0:
        fail(InvalidOperation(spans["scale"], f"a scale must be positive, and this one is {given}"))
    factor: Node = ops.to_float(context.node(given, spans["scale"], "the scale"))
    return _of_function(values, Scale(factor), spans, span)


def new_mask(context: Context, values: Values, spans: Spans, span: Span) -> Mask | Affected:
    """The primitive `mask`."""
    given = values.get("mask")
    if given is None:
        fail(InvalidOperation(span, "`mask` needs a condition: write mask(mask=...)"))
    return _of_function(values, Mask(condition(context, given, spans["mask"], "the mask")), spans, span)


def _of_function(values: Values, effect: E, spans: Spans, span: Span) -> E | Affected:
    function = values.get("fn")
    if function is None:
        return effect
    if not (callable(function) or isinstance(function, (Function, Affected))):
        what = f"the first argument must be a function, not {describe(function)}"
        fail(InvalidOperation(spans.get("fn", span), what))
    return Affected(function, effect)


def condition(context: Context, value: Any, span: Span, what: str) -> Node:
    """A condition as a node of truth values. Data of booleans arrives as floats."""
    if isinstance(value, (bool, np.bool_)):
        return ops.as_node(bool(value))
    node = context.node(value, span, what)
    truth: Node = node if node.dtype == BOOL else astype(node, bool)
    return truth


def needs_data(node: Node, span: Span, what: str) -> None:
    """Refuse what depends on a draw or a parameter."""
    if any(isinstance(n, Site) or getattr(n, "role", "") == "param" for n in topological([node])):
        fail(InvalidOperation(span, f"{what} depends on a draw or a parameter: it must be data"))


def enter(context: Context, value: Any, e: Expression) -> Any:
    """Open what a `with` statement names; what it gives to the name after `as`."""
    match value:
        case Plate():
            return open_plate(context, value, e.span).indices
        case PlateStack():
            for plate in value.plates:
                open_plate(context, plate, e.span)
        case Scale() | Mask():
            context.weights.append(value)
        case Handled() | Handler():
            context.effects = (*context.effects, *as_handled(context, value, e).handlers)
        case _:
            fail(NotSupported(e.span, f"`with` on {describe(value)}", "use `with plate(name, size):`"))
    return None


@contextmanager
def block(context: Context) -> Iterator[None]:
    """What is opened inside is closed at the end."""
    plates, weights, handlers = len(context.plates), len(context.weights), context.effects
    try:
        yield
    finally:
        del context.plates[plates:], context.weights[weights:]
        context.effects = handlers


@contextmanager
def in_loop(context: Context, items: Any) -> Iterator[None]:
    """Within a loop over a plate, whose elements count for those that are not in."""
    with block(context):
        factor = weight(items) if isinstance(items, Plate) else None
        if factor is not None:
            context.weights.append(Scale(factor))
        yield


def scale_of(context: Context, site: str, batch: Shape, span: Span) -> Node | None:
    """What the log density of a site here is multiplied with."""
    factors = [w for w in map(weight, context.plates) if w is not None]
    for effect in context.weights:
        if isinstance(effect, Scale):
            check_fits("scale", site, effect.factor, batch, span)
            factors.append(effect.factor)
    return reduce(ops.multiply, factors) if factors else None


def mask_of(context: Context, site: str, batch: Shape, span: Span) -> Node | None:
    """Where the log density of a site here counts; None for everywhere."""
    found = [effect.condition for effect in context.weights if isinstance(effect, Mask)]
    for one in found:
        check_fits("mask", site, one, batch, span)
    return reduce(ops.logical_and, found) if found else None


def masked(context: Context, site: str, distribution: Distribution, span: Span) -> Distribution:
    """The distribution with the masks of the blocks around."""
    mask = mask_of(context, site, distribution.batch_shape, span)
    return distribution if mask is None else distribution.mask(mask)


def check_fits(what: str, site: str, node: Node, batch: Shape, span: Span) -> None:
    """Refuse a mask or scale that does not broadcast to the batch of its site."""
    if node.rank > len(batch):
        fail(MaskShape(span, what, site, shape_text(node.shape), shape_text(batch)))
    for own, size in zip(node.shape, batch[len(batch) - node.rank :]):
        if own not in (1, size):
            if isinstance(own, int) and isinstance(size, int):
                fail(MaskShape(span, what, site, shape_text(node.shape), shape_text(batch)))
            equate(own, size, span)
