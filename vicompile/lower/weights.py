"""How often log densities count and where, in plates and under handlers."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from ..diagnostics import Span
from ..distributions import constraints
from ..ir import ops
from ..ir.dims import Shape
from ..ir.nodes import BOOL, Node, Site
from ..ir.walk import topological
from .arrays import astype
from .context import Context, equate, fail
from .errors import InvalidOperation, MaskShape
from .subsampling import weight
from .text import shape_text
from .trace import Check


def positive(context: Context, value: Any, span: Span) -> Node:
    """A scale as a node of floats. What data holds is checked when it is bound."""
    if isinstance(value, (int, float)) and not value > 0:
        fail(InvalidOperation(span, f"a scale must be positive, and this one is {value}"))
    factor: Node = ops.to_float(context.node(value, span, "the scale"))
    context.trace.checks.append(Check("scale", "", span, value=factor, constraint=constraints.positive))
    return factor


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


def scale_of(context: Context, scale: Node | None, site: str, batch: Shape, span: Span) -> Node | None:
    """What the log density of a site here is multiplied with. scale: what the handlers around make of it."""
    factors = [*(w for w in map(weight, context.plates) if w is not None), *context.loop_weights]
    if scale is not None:
        check_fits("scale", site, scale, batch, span)
        factors.append(scale)
    return reduce(ops.multiply, factors) if factors else None


def check_fits(what: str, site: str, node: Node, batch: Shape, span: Span) -> None:
    """Refuse a mask or scale that does not broadcast to the batch of its site."""
    if node.rank > len(batch):
        fail(MaskShape(span, what, site, shape_text(node.shape), shape_text(batch)))
    for own, size in zip(node.shape, batch[len(batch) - node.rank :]):
        if own not in (1, size):
            if isinstance(own, int) and isinstance(size, int):
                fail(MaskShape(span, what, site, shape_text(node.shape), shape_text(batch)))
            equate(own, size, span)
