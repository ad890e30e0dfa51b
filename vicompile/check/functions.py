"""Rules that hold for one function: its sites have different names, and no observation stands in a guide."""

from __future__ import annotations

from ..diagnostics import Label, Report
from .declarations import Declarations, SiteDecl
from .errors import DuplicateSite, ObservedInGuide, ParamConflict, PlateSizeMismatch
from .recognise import said


def check_names(found: Declarations, report: Report) -> None:
    """Report names that are used twice in one run, and names that a loop repeats."""
    seen: dict[str, list[SiteDecl]] = {}
    for site in found.sites:
        if site.name.is_open:
            continue
        name = str(site.name)
        missing = [loop for loop in site.place.loops if loop not in site.name.loops]
        if missing:
            advice = f'put the loop variable into the name, as in f"{name}_{{i}}"'
            report.add(DuplicateSite(site.place.name_span, name, found.role, advice))
        for other in seen.get(name, []):
            if _clash(site, other):
                _duplicate(site, other, found.role, report)
                break
        seen.setdefault(name, []).append(site)


def _clash(site: SiteDecl, other: SiteDecl) -> bool:
    if site.place.excludes(other.place):
        return False
    # Two loops may run over different indices, so families of two loops can be disjoint.
    return site.name.is_concrete or site.name.loops == other.name.loops


def _duplicate(site: SiteDecl, other: SiteDecl, role: str, report: Report) -> None:
    name = str(site.name)
    advice = "rename one of them"
    if site.place.span == other.place.span and site.place.via:
        # The same statement of a helper, reached by two calls: point at the calls.
        depth = next((k for k, (a, b) in enumerate(zip(site.place.via, other.place.via)) if a != b), None)
        if depth is not None:
            advice = "give the helper function the name as an argument"
            first = Label(other.place.via[depth], "and so does this call")
            named = Label(site.place.name_span, "the name is fixed here")
            report.add(DuplicateSite(site.place.via[depth], name, role, advice, secondary=(first, named)))
            return
    if site.place.span == other.place.span:
        report.add(DuplicateSite(site.place.name_span, name, role, "put the loop variable into the name"))
        return
    first = Label(other.place.name_span, "first used here")
    report.add(DuplicateSite(site.place.name_span, name, role, advice, secondary=(first,)))


def check_guide_sites(guide: Declarations, report: Report) -> None:
    """Report observed sites of the guide."""
    for site in guide.sites:
        if site.kind == "sample" and site.observed == "yes":
            report.add(ObservedInGuide(site.place.span, str(site.name)))


def check_params(functions: list[Declarations], report: Report) -> None:
    """Report one parameter declared in two ways, within a function or across model and guide."""
    params = [param for found in functions for param in found.params if param.name.is_concrete]
    for position, param in enumerate(params):
        for other in params[:position]:
            if str(other.name) != str(param.name) or other.place.excludes(param.place):
                continue
            what = ""
            if None not in (param.constraint, other.constraint) and param.constraint != other.constraint:
                what = "constraints"
                text = f"{said(other.constraint)} here, {said(param.constraint)} there"
            elif None not in (param.initial, other.initial) and param.initial != other.initial:
                what = "initial values"
                text = f"{other.initial!r} here, {param.initial!r} there"
            if what:
                first = Label(other.place.span, text)
                report.add(ParamConflict(param.place.span, str(param.name), what, secondary=(first,)))
                break


def check_plate_sizes(functions: list[Declarations], report: Report) -> None:
    """Report a plate name with two different literal sizes."""
    first: dict[str, tuple[int, Label]] = {}
    for plate in (plate for found in functions for plate in found.plates):
        if plate.name is None or plate.size is None:
            continue
        size, label = first.setdefault(plate.name, (plate.size, Label(plate.span, f"size {plate.size} here")))
        if size != plate.size:
            report.add(PlateSizeMismatch(plate.span, plate.name, plate.size, size, secondary=(label,)))
