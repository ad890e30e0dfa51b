"""The language's primitives: what sample, param, plate, deterministic and factor leave in the trace."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from ..diagnostics import Span
from ..distributions import Distribution
from ..distributions.constraints import Constraint, real
from ..frontend import program as p
from ..ir import ops
from ..ir.dims import Dim, Shape, Size
from ..ir.nodes import FLOAT, INT, Input, Node, Site, make
from .context import Context, describe, equate, fail
from .errors import (
    DuplicateSite,
    InvalidOperation,
    NotSupported,
    ObservationShape,
    ParameterConflict,
    ParameterWithoutValue,
    PlateDimension,
)
from .evaluate import evaluate
from .trace import Check, Deterministic, ParamRecord, SiteRecord
from .values import FamilyName, Function, Plate

_SIGNATURES = {
    "sample": ("name", "fn", "obs", "infer", "obs_mask"),
    "param": ("name", "init", "constraint", "event_dim"),
    "plate": ("name", "size", "subsample_size", "dim"),
    "deterministic": ("name", "value"),
    "factor": ("name", "log_factor"),
}
_ALIASES = {"init_value": "init", "init_tensor": "init", "init_constrained_value": "init"}


def primitive(context: Context, word: str, e: p.Apply) -> Any:
    """Carry out one primitive."""
    names = _SIGNATURES.get(word)
    if names is None:
        fail(NotSupported(e.span, f"`{word}`", "use sample, param, plate, deterministic or factor"))
    given: dict[str, p.Expression] = dict(zip(names, e.args))
    for name, value in e.keywords:
        given[_ALIASES.get(name, name)] = value
    unknown = [n for n in given if n not in names]
    if unknown or len(e.args) > len(names):
        fail(InvalidOperation(e.span, f"`{word}` takes ({', '.join(names)})"))
    values = {name: evaluate(context, value) for name, value in given.items()}
    spans = {name: value.span for name, value in given.items()}
    return {"sample": _sample, "param": _param, "plate": _plate, "deterministic": _deterministic, "factor": _factor}[
        word
    ](context, values, spans, e.span)


# -- sample ------------------------------------------------------------------------------------------------------------


def _sample(context: Context, values: dict[str, Any], spans: dict[str, Span], span: Span) -> Any:
    name = site_name(context, values.get("name"), span)
    distribution = values.get("fn")
    if values.get("obs_mask") is not None:
        fail(
            NotSupported(
                spans["obs_mask"], "`obs_mask`", "use distribution.mask(condition) and an observation for every element"
            )
        )
    if not isinstance(distribution, Distribution):
        fail(
            InvalidOperation(
                spans.get("fn", span),
                f"the second argument of sample must be a distribution, not {describe(distribution)}",
            )
        )
    _claim(context, name, span)
    distribution = distribution.expand(in_plates(context, distribution.batch_shape, span))
    observation = values.get("obs")
    if observation is None:
        dtype = INT if distribution.is_discrete else FLOAT
        value: Node = make(Site, dtype, distribution.shape(), name=name)
        context.trace.sites.append(SiteRecord(name, distribution, value, False, _plate_names(context), span))
        return value
    observed = context.node(observation, spans["obs"], "an observation")
    expected = distribution.shape()
    _check_observed_shape(name, observed, expected, spans["obs"])
    context.trace.sites.append(SiteRecord(name, distribution, observed, True, _plate_names(context), span))
    support = distribution.support
    if support is not None and not any(isinstance(b, Node) for b in (support.low, support.high)):
        context.trace.checks.append(Check("support", name, spans["obs"], value=observed, constraint=support))
    return observation


def _check_observed_shape(name: str, observed: Node, expected: Shape, span: Span) -> None:
    """Observations may be one number for all, or have exactly the shape that the distribution has or expands to."""
    shape = ops.broadcast_shapes(observed.shape, expected)
    if observed.rank and shape != observed.shape:
        fail(ObservationShape(span, name, _text(observed.shape), _text(expected)))


def _text(shape: Shape) -> str:
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


def site_name(context: Context, name: Any, span: Span) -> str:
    """The name of a site, or the template of a family of sites."""
    if isinstance(name, FamilyName):
        missing = [i for i in context.loops if i not in name.indices]
        if missing:
            fail(DuplicateSite(span, name.template.replace("{}", "")))
        return name.template
    if not isinstance(name, str):
        fail(InvalidOperation(span, f"the name of a site must be a text, not {describe(name)}"))
    if context.loops:
        fail(DuplicateSite(span, name))
    return name


def _claim(context: Context, name: str, span: Span) -> None:
    if name in context.names:
        fail(DuplicateSite(span, name))
    context.names.add(name)


def in_plates(context: Context, shape: Shape, span: Span) -> Shape:
    """A batch shape made to fill the open plates."""
    rank = max([len(shape), *(-(q.dim or 0) for q in context.plates)])
    result: list[Size] = [1] * (rank - len(shape)) + list(shape)
    for plate in context.plates:
        assert plate.dim is not None
        own = result[plate.dim]
        if own != plate.size and own != 1:
            equate(own, plate.size, span)
        result[plate.dim] = plate.size
    return tuple(result)


def _plate_names(context: Context) -> tuple[str, ...]:
    return tuple(q.name for q in context.plates)


# -- param -------------------------------------------------------------------------------------------------------------


def _param(context: Context, values: dict[str, Any], spans: dict[str, Span], span: Span) -> Any:
    name, constraint = values.get("name"), values.get("constraint", real)
    if not isinstance(name, str) or context.loops:
        fail(
            NotSupported(
                span, "a parameter whose name depends on a loop variable", "use one array parameter and index it"
            )
        )
    if not isinstance(constraint, Constraint) or constraint.is_discrete:
        fail(
            InvalidOperation(
                spans.get("constraint", span), "the constraint must be one of vicompile.constraints over real numbers"
            )
        )
    known = context.trace.params.get(name)
    if values.get("init") is None:
        if known is None:
            fail(ParameterWithoutValue(span, name))
        return known.constraint.transform(known.unconstrained)
    initial = ops.to_float(
        context.node(_initial(context, values["init"], spans["init"]), spans["init"], f"the initial value of `{name}`")
    )
    if known is not None:
        if known.unconstrained.shape != initial.shape:
            fail(ParameterConflict(span, name, "shapes"))
        if known.constraint != constraint:
            fail(ParameterConflict(span, name, "constraints"))
    else:
        unconstrained: Input = make(Input, FLOAT, initial.shape, name=name, role="param")
        known = ParamRecord(name, unconstrained, initial, constraint, span)
        context.trace.params[name] = known
    return known.constraint.transform(known.unconstrained)


def _initial(context: Context, value: Any, span: Span) -> Any:
    """The initial value, which may come as a function of nothing or of a random key."""
    from .calls import _inline_local, apply

    if isinstance(value, Function):
        return _inline_local(context, value, [0] * len(value.parameters), {})
    if callable(value) and not isinstance(value, Node):
        required = [q for q in inspect.signature(value).parameters.values() if q.default is q.empty]
        call = p.Apply(p.Static(value, "init", span=span), (), (), span=span)
        return apply(context, value, [0] * len(required), {}, call)
    return value


# -- plate, deterministic, factor --------------------------------------------------------------------------------------


def _plate(context: Context, values: dict[str, Any], spans: dict[str, Span], span: Span) -> Plate:
    name, size, dim = values.get("name"), values.get("size"), values.get("dim")
    if not isinstance(name, str):
        fail(InvalidOperation(span, f"the name of a plate must be a text, not {describe(name)}"))
    if values.get("subsample_size") is not None:
        fail(NotSupported(spans["subsample_size"], "`subsample_size`", "pass a batch of the data as the argument"))
    if isinstance(size, (bool, np.bool_)) or not isinstance(size, (int, np.integer, Dim)):
        fail(
            InvalidOperation(
                spans.get("size", span), f"the size of plate `{name}` must be a whole number, not {describe(size)}"
            )
        )
    if dim is not None and (not isinstance(dim, int) or dim >= 0):
        fail(InvalidOperation(spans["dim"], f"the dim of plate `{name}` counts from the right and must be negative"))
    return Plate(name, size if isinstance(size, Dim) else int(size), dim)


def open_plate(context: Context, plate: Plate, span: Span) -> Plate:
    """Give the plate its axis and open it."""
    taken = {q.dim: q.name for q in context.plates}
    dim = plate.dim
    if dim is None:
        dim = -1
        while dim in taken:
            dim -= 1
    if dim in taken:
        fail(PlateDimension(span, plate.name, dim, taken[dim]))
    opened = Plate(plate.name, plate.size, dim)
    context.plates.append(opened)
    return opened


def _deterministic(context: Context, values: dict[str, Any], spans: dict[str, Span], span: Span) -> Any:
    name = site_name(context, values.get("name"), span)
    _claim(context, name, span)
    context.trace.deterministics.append(Deterministic(name, context.node(values.get("value"), span), span))
    return values.get("value")


def _factor(context: Context, values: dict[str, Any], spans: dict[str, Span], span: Span) -> None:
    name = site_name(context, values.get("name"), span)
    _claim(context, name, span)
    value = ops.to_float(context.node(values.get("log_factor"), span, "the log factor"))
    value = ops.broadcast_to(value, in_plates(context, value.shape, span))
    context.trace.sites.append(SiteRecord(name, None, value, True, _plate_names(context), span))
