"""Fitting the arguments of a call to parameters, as Python does, but with a diagnostic."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..diagnostics import Record, Report, Span, nearest
from ..frontend import Apply, Expression, Parameter
from .errors import WrongArguments


class Slot(Record):
    """One parameter; kind as in `frontend.Parameter`, or "more" and "more_keywords" for star parameters."""

    name: str
    kind: str = "positional_or_keyword"
    required: bool = True


def bind(call: Apply, function: str, slots: Iterable[Slot], report: Report) -> dict[str, Expression] | None:
    """The arguments of `call` by parameter name; None, after a diagnostic, if they do not fit."""
    slots = tuple(slots)
    open_kinds = {slot.kind for slot in slots}
    plain = [slot for slot in slots if not slot.kind.startswith("more")]
    shown = [slot for slot in plain if slot.name != "validate_args"]
    takes = ", ".join(slot.name if slot.required else f"{slot.name}=..." for slot in shown)
    bound: dict[str, Expression] = {}

    def wrong(problem: str, span: Span, advice: str = "") -> None:
        report.add(WrongArguments(span, function, problem, takes, advice))

    positional = [slot for slot in plain if slot.kind != "keyword_only"]
    for slot, argument in zip(positional, call.args, strict=False):
        bound[slot.name] = argument
    if len(call.args) > len(positional) and "more" not in open_kinds:
        extra = call.args[len(positional)]
        count = len(positional)
        wrong(f"takes {count} positional argument{'s' * (count != 1)}, and {len(call.args)} are given", extra.span)
        return None
    by_name = {slot.name: slot for slot in plain if slot.kind != "positional_only"}
    for (name, argument), span in zip(call.keywords, call.keyword_spans, strict=True):
        if name in bound:
            wrong(f"is given `{name}` twice", span)
            return None
        if name not in by_name and "more_keywords" not in open_kinds:
            near = nearest(name, by_name)
            wrong(f"has no argument `{name}`", span, f"write `{near}=`" if near else "")
            return None
        bound[name] = argument
    missing = [slot.name for slot in plain if slot.required and slot.name not in bound]
    if missing:
        wrong("lacks " + _listed(missing), call.span)
        return None
    return bound


def slots_of_parameters(parameters: Iterable[Parameter]) -> list[Slot]:
    """The slots of a Program or lambda."""
    return [Slot(one.name, one.kind, not one.has_default) for one in parameters]


def slots_of_callable(function: Callable[..., Any]) -> list[Slot]:
    """The slots of a Python function or class."""
    kinds = {
        inspect.Parameter.POSITIONAL_ONLY: "positional_only",
        inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional_or_keyword",
        inspect.Parameter.KEYWORD_ONLY: "keyword_only",
        inspect.Parameter.VAR_POSITIONAL: "more",
        inspect.Parameter.VAR_KEYWORD: "more_keywords",
    }
    return [
        Slot(
            one.name, kinds[one.kind], one.default is inspect.Parameter.empty and not kinds[one.kind].startswith("more")
        )
        for one in inspect.signature(function).parameters.values()
    ]


def slots_of_distribution(kind: Any) -> list[Slot]:
    """The slots of a distribution class; of alternative arguments none is required by itself."""
    optional: set[str] = set(getattr(kind, "defaults", None) or {})
    optional.update(name for group in alternatives(kind) for name in group)
    slots = [Slot(name, required=name not in optional) for name in kind.arg_constraints]
    return [*slots, Slot("validate_args", "keyword_only", required=False)]


def check_alternatives(call: Apply, name: str, kind: Any, bound: Mapping[str, Expression], report: Report) -> None:
    """Report alternative arguments of which not exactly one is given."""
    takes = ", ".join(kind.arg_constraints)
    defaults = getattr(kind, "defaults", None) or {}
    for group in alternatives(kind):
        given = [one for one in group if one in bound]
        choice = " or ".join(f"`{one}`" for one in group)
        if len(given) > 1:
            advice = f"give either {choice}"
            report.add(WrongArguments(bound[given[1]].span, name, "is given " + _listed(given), takes, advice))
        elif not given and not any(one in defaults for one in group):
            report.add(WrongArguments(call.span, name, f"needs one of {choice}", takes))


def alternatives(kind: Any) -> tuple[tuple[str, ...], ...]:
    """Groups of arguments of which exactly one is given."""
    return tuple(getattr(kind, "one_of", None) or ())


def _listed(names: list[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " and " + quoted[-1]
