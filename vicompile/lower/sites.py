"""The language's primitives: what sample, param, plate, deterministic and factor leave in the trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..diagnostics import Span
from ..distributions import Distribution
from ..distributions.constraints import Constraint, real
from ..frontend import program as p
from ..ir import ops
from ..ir.dims import Dim, Shape
from ..ir.dims import evaluate as evaluate_size
from ..ir.nodes import FLOAT, INT, Node, Site, make
from . import weights
from .all_rows import asked_of_data
from .arrays import expand_dims
from .context import Context, fail
from .effects import carry_out
from .errors import DuplicateSite, InvalidOperation, NotSupported, ObservationShape
from .evaluate import evaluate
from .noise import GraphNoise
from .ode import odeint_rk4
from .params import param
from .plates import in_plates, new_plate, stacked, subsample
from .steps import markov, scan
from .text import describe, shape_text
from .trace import Check, Deterministic, SiteRecord
from .values import FamilyName, PlateStack

_SIGNATURES = {
    "sample": ("name", "fn", "obs", "infer", "obs_mask", "rng_key"),
    "param": ("name", "init", "constraint", "event_dim"),
    "plate": ("name", "size", "subsample_size", "subsample", "dim", "use_cuda", "device"),
    "plate_stack": ("prefix", "sizes", "rightmost_dim"),
    "subsample": ("data", "event_dim"),
    "deterministic": ("name", "value"),
    "factor": ("name", "log_factor"),
    "scan": ("f", "init", "xs", "length", "reverse", "history"),
    "markov": ("iterable", "history", "keep"),
    "odeint_rk4": ("f", "y0", "ts", "*args", "steps"),
}
_ALIASES = {"init_value": "init", "init_tensor": "init", "init_constrained_value": "init"}

Values = dict[str, Any]
Spans = dict[str, Span]


def primitive(context: Context, word: str, e: p.Apply) -> Any:
    """Carry out one primitive."""
    names = _SIGNATURES.get(word)
    if names is None:
        fail(NotSupported(e.span, f"`{word}`", "use sample, param, plate, deterministic or factor"))
    given: dict[str, p.Expression] = dict(zip(names, e.args))
    rest: tuple[p.Expression, ...] = ()
    if "*args" in names:
        positional = names.index("*args")
        given, rest = dict(zip(names, e.args[:positional])), e.args[positional:]
    for name, value in e.keywords:
        given[_ALIASES.get(name, name)] = value
    unknown = [n for n in given if n not in names]
    if unknown or len(e.args) - len(rest) > len(names):
        fail(InvalidOperation(e.span, f"`{word}` takes ({', '.join(names)})"))
    values = {name: evaluate(context, value) for name, value in given.items()}
    if rest:
        values["*args"] = [evaluate(context, value) for value in rest]
    spans = {name: value.span for name, value in given.items()}
    if word == "sample" and values.get("obs_mask") is not None and isinstance(values.get("fn"), Distribution):
        return _partly_observed(context, values, spans, e.span)
    return carry_out(context, word, values, spans, e.span, _ACTIONS)


def _sample(context: Context, values: Values, spans: Spans, span: Span) -> Any:
    name = site_name(context, values.get("name"), span)
    distribution = values.get("fn")
    if not isinstance(distribution, Distribution):
        what = f"the second argument of sample must be a distribution, not {describe(distribution)}"
        fail(InvalidOperation(spans.get("fn", span), what))
    if values.get("rng_key") is not None:
        fail(NotSupported(spans["rng_key"], "`rng_key` in a function of the language", "pass `seed=` to `SVI.run`"))
    _claim(context, name, span)
    distribution = distribution.expand(in_plates(context, distribution.batch_shape, span))
    mask, scale = values.get("mask"), values.get("scale")
    if mask is not None:
        weights.check_fits("mask", name, mask, distribution.batch_shape, span)
        distribution = distribution.mask(mask)
    scale = weights.scale_of(context, scale, name, distribution.batch_shape, span)
    observation = values.get("obs")
    _check_arguments(context, distribution, spans.get("fn", span))
    if observation is None:
        return _latent(context, name, distribution, values, scale, span)
    return _observed(context, name, distribution, observation, scale, spans["obs"], span)


def _check_arguments(context: Context, distribution: Distribution, place: Span) -> None:
    """Ask of the data that arguments which it alone decides are what they must be; not where a mask may hide them."""
    if distribution.mask_condition is not None:
        return
    for name, value in distribution.params.items():
        if isinstance(value, Distribution):
            _check_arguments(context, value, place)
        constraint = distribution.arg_constraints[name]
        if isinstance(value, Node) and isinstance(constraint, Constraint) and constraint != real:
            argument = f"`{name}` of `{type(distribution).__name__}`"
            context.trace.checks.append(Check("argument", argument, place, value=value, constraint=constraint))


def _is_auxiliary(infer: Any) -> bool:
    return isinstance(infer, dict) and infer.get("is_auxiliary") is True


def _latent(
    context: Context, name: str, distribution: Distribution, values: Values, scale: Node | None, span: Span
) -> Node:
    dtype = INT if distribution.is_discrete else FLOAT
    value: Node
    if context.draws_on_the_way and context.carrying and distribution.has_rsample:
        # The next round may depend on it, so it cannot wait until all is traced.
        shape = distribution.shape()
        noise = GraphNoise(name, shape, len(distribution.own_event_shape), context.trace.draws)
        value = ops.broadcast_to(distribution.draw_from(noise), shape)
    else:
        value = make(Site, dtype, distribution.shape(), name=name)
    auxiliary, where = _is_auxiliary(values.get("infer")), values.get("where")
    names, dims = _plates(context)
    record = SiteRecord(name, distribution, value, False, names, span, auxiliary, scale, where, dims=dims)
    context.trace.sites.append(record)
    return value


def _partly_observed(context: Context, values: Values, spans: Spans, span: Span) -> Any:
    """An observed site where the mask holds, a latent one elsewhere, and the name for both together."""
    name, place = site_name(context, values.get("name"), span), spans["obs_mask"]
    if values.get("obs") is None:
        fail(InvalidOperation(place, f"`obs_mask` of site `{name}` needs observations: pass `obs=` as well"))
    distribution = values["fn"].expand(in_plates(context, values["fn"].batch_shape, span))
    known = weights.condition(context, values["obs_mask"], place, f"the observation mask of site `{name}`")
    weights.check_fits("observation mask", name, known, distribution.batch_shape, place)
    weights.needs_data(known, place, f"the observation mask of site `{name}`")
    missing = ops.logical_not(known)
    given = context.node(values["obs"], spans["obs"], f"the observation of site `{name}`")

    def part(word: str, ending: str, **of_part: Any) -> Any:
        named = FamilyName(name + ending, values["name"].indices) if isinstance(values["name"], FamilyName) else None
        return carry_out(context, word, {"name": named or name + ending, **of_part}, spans, span, _ACTIONS)

    shared = {key: values[key] for key in ("infer", "rng_key") if key in values}
    observed = part("sample", "_observed", fn=distribution.mask(known), obs=given, **shared)
    latent = part("sample", "_unobserved", fn=distribution.mask(missing), where=missing, **shared)
    for _ in range(distribution.event_dim if known.rank else 0):
        known = expand_dims(known, known.rank)
    return part("deterministic", "", value=ops.where(known, observed, latent))


def _observed(
    context: Context,
    name: str,
    distribution: Distribution,
    observation: Any,
    scale: Node | None,
    place: Span,
    span: Span,
) -> Any:
    observed = context.node(observation, place, f"the observation of site `{name}`")
    _check_observed_shape(context, name, observed, distribution.shape(), place)
    if context.loops:
        # The axis of the rounds comes in front of all the others, so one number needs them too.
        observed = ops.broadcast_to(observed, distribution.shape())
    names, dims = _plates(context)
    record = SiteRecord(name, distribution, observed, True, names, span, scale=scale, dims=dims)
    context.trace.sites.append(record)
    support = distribution.support
    if support is not None:
        checked = asked_of_data(distribution, observed)
        context.trace.checks.append(Check("support", name, place, value=checked, constraint=support))
    return observation


def _check_observed_shape(context: Context, name: str, observed: Node, expected: Shape, span: Span) -> None:
    """Observations may be one number for all, or have exactly the shape that the distribution has or expands to."""
    try:
        shape: Shape | None = ops.broadcast_shapes(observed.shape, expected)
    except ops.ShapeMismatch as mismatch:
        if not (isinstance(mismatch.left, int) and isinstance(mismatch.right, int)):
            raise
        shape = None
    if observed.rank and shape != observed.shape:
        for found, wanted in zip(reversed(observed.shape), reversed(expected)):
            if found == 1 and isinstance(wanted, Dim) and evaluate_size(wanted, context.sizes) == 1:
                raise ops.ShapeMismatch(found, wanted)
        fail(ObservationShape(span, name, shape_text(observed.shape), shape_text(expected)))


def site_name(context: Context, name: Any, span: Span) -> str:
    """The name of a site, or the template of a family of sites."""
    if isinstance(name, FamilyName):
        missing = [i for i in context.naming_loops if i not in name.indices]
        if missing:
            fail(DuplicateSite(span, name.template.replace("{}", "")))
        return name.template
    if not isinstance(name, str):
        fail(InvalidOperation(span, f"the name of a site must be a text, not {describe(name)}"))
    if context.naming_loops:
        fail(DuplicateSite(span, name))
    return name


def _claim(context: Context, name: str, span: Span) -> None:
    if name in context.names:
        fail(DuplicateSite(span, name))
    context.names.add(name)


def _plates(context: Context) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The names of the open plates, and their axes."""
    return tuple(q.name for q in context.plates), tuple(q.dim for q in context.plates if q.dim is not None)


def _deterministic(context: Context, values: Values, spans: Spans, span: Span) -> Any:
    name = site_name(context, values.get("name"), span)
    _claim(context, name, span)
    value = context.node(values.get("value"), span, f"the value of `{name}`")
    context.trace.deterministics.append(Deterministic(name, value, span))
    return values.get("value")


def _factor(context: Context, values: Values, spans: Spans, span: Span) -> None:
    name = site_name(context, values.get("name"), span)
    _claim(context, name, span)
    value = ops.to_float(context.node(values.get("log_factor"), span, f"the log factor of `{name}`"))
    value = ops.broadcast_to(value, in_plates(context, value.shape, span))
    mask = values.get("mask")
    if mask is not None:
        weights.check_fits("mask", name, mask, value.shape, span)
        value = ops.where(mask, value, 0.0)
    scale = weights.scale_of(context, values.get("scale"), name, value.shape, span)
    names, dims = _plates(context)
    context.trace.sites.append(SiteRecord(name, None, value, True, names, span, scale=scale, dims=dims))


def _plate_stack(context: Context, values: Values, spans: Spans, span: Span) -> PlateStack:
    plates = [carry_out(context, "plate", one, places, span, _ACTIONS) for one, places in stacked(values, spans, span)]
    return PlateStack(tuple(plates))


_ACTIONS: dict[str, Callable[[Context, Values, Spans, Span], Any]] = {
    "sample": _sample,
    "param": param,
    "plate": new_plate,
    "plate_stack": _plate_stack,
    "subsample": subsample,
    "deterministic": _deterministic,
    "factor": _factor,
    "scan": scan,
    "markov": markov,
    "odeint_rk4": odeint_rk4,
}
