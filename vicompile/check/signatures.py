"""Model and guide are called with the same arguments, so their parameters must agree, apart from bound ones."""

from __future__ import annotations

from typing import Any

from ..diagnostics import Label, Report
from ..frontend import Parameter, Program
from .errors import SignatureMismatch


def check_signatures(model: Program, guide: Program, report: Report) -> None:
    """Report the first parameter in which the two differ."""
    wanted, found = model.open_parameters, guide.open_parameters
    differing = next((k for k, (a, b) in enumerate(zip(wanted, found, strict=False)) if not _agree(a, b)), None)
    if differing is None:
        if len(wanted) == len(found):
            return
        differing = min(len(wanted), len(found))
    span = found[differing].span if differing < len(found) else guide.span
    there = wanted[differing].span if differing < len(wanted) else model.span
    label = Label(there, f"the model is `{_written(model)}`")
    report.add(SignatureMismatch(span, _written(model), _written(guide), secondary=(label,)))


def _agree(first: Parameter, second: Parameter) -> bool:
    if (first.name, first.kind, first.has_default) != (second.name, second.kind, second.has_default):
        return False
    return not first.has_default or _equal(first.default, second.default)


def _equal(first: Any, second: Any) -> bool:
    if first is second:
        return True
    if type(first) is not type(second):
        return False
    try:
        return bool(first == second)
    except (TypeError, ValueError):
        # Arrays have no single answer; the printed values do.
        return repr(first) == repr(second)


def _written(program: Program) -> str:
    parts: list[str] = []
    previous = ""
    for one in program.open_parameters:
        if previous == "positional_only" and one.kind != "positional_only":
            parts.append("/")
        if one.kind == "keyword_only" and previous != "keyword_only":
            parts.append("*")
        parts.append(f"{one.name}={one.default!r}" if one.has_default else one.name)
        previous = one.kind
    if previous == "positional_only":
        parts.append("/")
    return f"{program.name}({', '.join(parts)})"
