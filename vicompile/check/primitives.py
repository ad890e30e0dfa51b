"""Calls of the language's primitives and of distributions, turned into declarations."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from ..diagnostics import Report
from ..distributions.kinds import Kind
from ..frontend import Apply, DictExpr, Expression, Literal
from ..language.messages import Message
from .binding import bind, check_alternatives, slots_of_callable, slots_of_distribution
from .composites import made_distribution, not_a_distribution, wrong_kind
from .declarations import Declarations, Observed, ParamDecl, Place, PlateDecl, SiteDecl
from .effects import AbstractRoad, Effects, distribution_value
from .errors import (
    ArgumentOutOfRange,
    DynamicName,
    HandlerGivesValueInGuide,
    HandlerNotApplicable,
    NotADistribution,
    PlateWithoutSize,
    WrongKindOfArgument,
)
from .operations import elements
from .recognise import distribution_name, known_support, said
from .values import (
    RUNTIME,
    UNKNOWN,
    Distribution,
    Known,
    Maybe,
    Open,
    Plate,
    Plates,
    Resolved,
    SiteName,
    Text,
    Unknown,
    Value,
)

Evaluate = Callable[[Expression], Value]
Bound = dict[str, Expression]


class Primitives:
    """Records what primitive calls declare; `plates` are the plates open now."""

    def __init__(self, declarations: Declarations, report: Report, effects: Effects | None = None) -> None:
        self.declarations, self.report = declarations, report
        self.effects = effects or Effects()
        self.plates: tuple[PlateDecl, ...] = ()

    def call(self, word: str, function: Any, call: Apply, evaluate: Evaluate, place: Place) -> Value:
        """The value of a call of the primitive `word`."""
        if word == "plate":
            return self._plate(function, call, evaluate, place)
        if word in ("plate_stack", "subsample"):
            return self._around(word, function, call, evaluate, place)
        bound = bind(call, word, slots_of_callable(function), self.report)
        if bound is None:
            for argument in (*call.args, *(value for _, value in call.keywords)):
                evaluate(argument)
            return UNKNOWN
        name_argument = next(iter(bound.values()))
        place = Place(place.span, name_argument.span, place.path, place.loops, place.via)
        name = self._name(word, evaluate(name_argument), name_argument)
        match word:
            case "sample":
                return self._sample(name, bound, evaluate, place)
            case "param":
                return self._param(name, function, bound, evaluate, place)
            case _:
                for argument in list(bound.values())[1:]:
                    evaluate(argument)
                message = Message(word, "", value=None if word == "factor" else RUNTIME, is_observed=word == "factor")
                return self.declare(message, name, place)

    def distribution(self, kind: Any, call: Apply, evaluate: Evaluate) -> Value:
        """The value of a call of a distribution class, its arguments checked."""
        name = distribution_name(kind)
        bound = bind(call, name, slots_of_distribution(kind), self.report)
        if bound is None:
            return Distribution(kind, known_support(kind, None))
        values = {argument: evaluate(expression) for argument, expression in bound.items()}
        given = {one: expression for one, expression in bound.items() if not _is_none(values[one])}
        check_alternatives(call, name, kind, given, self.report)
        for argument, value in values.items():
            declared, span = kind.arg_constraints.get(argument), bound[argument].span
            if isinstance(declared, Kind):
                wrong = wrong_kind(declared, value)
                if wrong:
                    self.report.add(WrongKindOfArgument(span, name, argument, declared.noun, wrong))
            elif isinstance(value, Known) and declared is not None and not _is_member(value.value, declared):
                self.report.add(ArgumentOutOfRange(span, name, argument, value.value, said(declared)))
        return made_distribution(kind, values)

    def _sample(self, name: SiteName, bound: Bound, evaluate: Evaluate, place: Place) -> Value:
        fn = bound.get("fn")
        value = UNKNOWN if fn is None else evaluate(fn)
        what = not_a_distribution(value)
        if fn is not None and what:
            self.report.add(NotADistribution(fn.span, str(name), *what))
        observed: Observed = "no"
        if "obs" in bound:
            observed = _observed(evaluate(bound["obs"]))
        options = _options(bound.get("infer"))
        if "infer" in bound:
            evaluate(bound["infer"])
        gaps = evaluate(bound["obs_mask"]) if "obs_mask" in bound else Known(None)
        if not _is_none(gaps):
            # Two sites, and the name stands for both; with a mask that may be None it may be one site after all.
            certain = not isinstance(gaps, Maybe)
            parts: list[tuple[str, str, Observed]] = [
                ("_observed", "sample", "yes" if certain else "maybe"),
                ("_unobserved", "sample", "no" if certain else "maybe"),
                ("", "deterministic" if certain else "sample", "no" if certain else "maybe"),
            ]
            for end, word, how in parts:
                part = SiteName((*name.parts, end)) if end else name
                known = UNKNOWN if how == "yes" else None
                message = Message(word, "", fn=value, value=known, is_observed=known is not None)
                self.declare(message, part, place, how, options)
            return RUNTIME
        given = UNKNOWN if observed == "yes" else None
        message = Message("sample", "", fn=value, value=given, is_observed=given is not None)
        return self.declare(message, name, place, observed, options)

    def _param(self, name: SiteName, function: Any, bound: Bound, evaluate: Evaluate, place: Place) -> Value:
        slots = slots_of_callable(function)
        initial_name = slots[1].name if len(slots) > 1 else ""
        values = {key: evaluate(expression) for key, expression in list(bound.items())[1:]}
        initial = values.get(initial_name)
        number = initial.value if isinstance(initial, Known) and isinstance(initial.value, int | float) else None
        constraint = None
        if "constraint" in values:
            given = values["constraint"]
            constraint = given.value if isinstance(given, Resolved) else None
        elif initial is not None:
            constraint = _default(function, "constraint")
        return self.declare(Message("param", "", init=number, constraint=constraint), name, place)

    def declare(
        self,
        message: Message,
        name: SiteName,
        place: Place,
        observed: Observed = "no",
        options: frozenset[str] | None = frozenset(),
    ) -> Value:
        """Record what becomes of a statement under the handlers around it: the value that it has."""
        message.infer = dict.fromkeys(options or ())
        parts = [part for part in name.parts if not isinstance(part, str)]
        try:
            found = self.effects.apply(
                message, name, lambda handlers, _: AbstractRoad(self.effects, handlers, parts, self.declare, place)
            )
        except ValueError as error:
            self.report.add(HandlerNotApplicable(place.span, str(error)))
            found = name
        if message.kind == "value":
            return UNKNOWN
        if message.is_hidden or (message.kind == "param" and message.value is not None):
            return RUNTIME
        if message.kind == "param":
            self.declarations.params.append(ParamDecl(found, message.init, message.constraint, place))
            return RUNTIME
        if message.kind != "sample":
            self.declarations.sites.append(SiteDecl(found, message.kind, None, "no", self.plates, place))
            return RUNTIME
        if message.value is not None:
            observed = "yes"
        elif observed == "yes" or (found.is_open and not name.is_open):
            observed = "maybe" if found.is_open else "no"
        if message.fixed_by and self.declarations.role == "guide":
            self.report.add(HandlerGivesValueInGuide(place.span, message.fixed_by, str(found)))
            observed = "no"
        fn = distribution_value(message.fn)
        kind, support = (fn.kind, fn.support) if isinstance(fn, Distribution) else (None, None)
        options = None if options is None else frozenset(message.infer)
        plates = () if message.is_lifted else self.plates
        self.declarations.sites.append(SiteDecl(found, "sample", kind, observed, plates, place, options, support))
        return UNKNOWN if observed == "yes" else RUNTIME

    def _plate(self, function: Any, call: Apply, evaluate: Evaluate, place: Place) -> Value:
        slots = slots_of_callable(function)
        size_given = len(call.args) > 1 or any(name == "size" for name, _ in call.keywords)
        if call.args and not size_given:
            name_value = evaluate(call.args[0])
            self.report.add(PlateWithoutSize(call.span, str(self._name("plate", name_value, call.args[0]))))
            return Plate(PlateDecl(None, None, None, call.span))
        bound = bind(call, "plate", slots, self.report)
        if bound is None:
            return Plate(PlateDecl(None, None, None, call.span))
        values = {key: evaluate(expression) for key, expression in bound.items()}
        name = self._name("plate", values["name"], bound["name"]) if "name" in bound else SiteName((Open(),))
        if _is_none(values.get("size")):
            self.report.add(PlateWithoutSize(call.span, str(name)))
        name = self._plate_name(name, place)
        known = str(name) if name.is_concrete else None
        dim = values.get("dim")
        free = dim is None or _is_none(dim)
        plate = PlateDecl(known, _whole(values.get("size")), _whole(dim), call.span, free)
        self.declarations.plates.append(plate)
        return Plate(plate)

    def _plate_name(self, name: SiteName, place: Place) -> SiteName:
        """What handlers call a plate."""
        return self.effects.apply(
            Message("plate", ""),
            name,
            lambda handlers, _: AbstractRoad(self.effects, handlers, (), self.declare, place),
        )

    def _around(self, word: str, function: Any, call: Apply, evaluate: Evaluate, place: Place) -> Value:
        """Words that declare no site: what they surround stays what it is."""
        bound = bind(call, word, slots_of_callable(function), self.report)
        values = {key: evaluate(expression) for key, expression in (bound or {}).items()}
        if word == "plate_stack" and bound is not None:
            return self._plate_stack(values, bound, call, place)
        return RUNTIME if word == "subsample" else UNKNOWN

    def _plate_stack(self, values: dict[str, Value], bound: Bound, call: Apply, place: Place) -> Value:
        prefix = self._name("plate", values["prefix"], bound["prefix"])
        sizes = elements(values["sizes"])
        dim = values.get("rightmost_dim", Known(-1))
        rightmost = _whole(dim)
        if sizes is None:
            plates = [PlateDecl(None, None, None, call.span, free=False)]
        else:
            names = [self._plate_name(SiteName((*prefix.parts, f"_{k}")), place) for k in range(len(sizes))]
            plates = [
                PlateDecl(
                    str(names[k]) if names[k].is_concrete else None,
                    _whole(size),
                    None if rightmost is None else rightmost - k,
                    call.span,
                    free=False,
                )
                for k, size in enumerate(reversed(sizes))
            ]
        self.declarations.plates += plates
        return Plates(tuple(plates))

    def _name(self, word: str, value: Value, argument: Expression) -> SiteName:
        match value:
            case Known(str() as name):
                return SiteName((name,))
            case Text(parts):
                return SiteName(parts)
            case Unknown() | Maybe():
                return SiteName((Open(),))
        kind = word if word in ("plate", "factor") else "parameter" if word == "param" else "site"
        self.report.add(DynamicName(argument.span, kind))
        return SiteName((Open(),))


def _observed(value: Value) -> Observed:
    if _is_none(value):
        return "no"
    return "maybe" if isinstance(value, Maybe) else "yes"


def _options(infer: Expression | None) -> frozenset[str] | None:
    if infer is None:
        return frozenset()
    if not isinstance(infer, DictExpr):
        return None
    keys = [key.value for key in infer.keys if isinstance(key, Literal)]
    return frozenset(keys) if len(keys) == len(infer.keys) else None


def _is_member(value: Any, constraint: Any) -> bool:
    check = getattr(constraint, "check", None)
    if value is None or not callable(check):
        return True
    if isinstance(value, int | float) and constraint.event_dim:
        # Whether a number stands for a vector of equal elements is the distribution's business.
        return True
    try:
        result = check(value)
        return bool(result.all() if hasattr(result, "all") else result)
    except (TypeError, ValueError):
        return False


def _is_none(value: Value | None) -> bool:
    return isinstance(value, Known) and value.value is None


def _whole(value: Value | None) -> int | None:
    return value.value if isinstance(value, Known) and isinstance(value.value, int) else None


def _default(function: Any, name: str) -> Any:
    parameter = inspect.signature(function).parameters.get(name)
    return None if parameter is None else parameter.default
