"""Rules that hold between a model and its guide: the same sites, supports and plates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..diagnostics import Label, Report, nearest
from .declarations import Declarations, PlateDecl, SiteDecl
from .errors import (
    PlateMismatch,
    PlateNotInModel,
    SiteNotInGuide,
    SiteNotInModel,
    SiteObservedInModel,
    SupportMismatch,
)
from .recognise import distribution_name, said


def check_sites(model: Declarations, guide: Declarations, report: Report) -> None:
    """Report latent sites of the model without counterpart, and sites of the guide without one."""
    unmatched = [site for site in model.sites if _is_required(site) and not _counterparts(site, guide.sites)]
    foreign = [
        site for site in guide.sites if site.kind == "sample" and _is_foreign(site, _counterparts(site, model.sites))
    ]
    renamed: set[int] = set()
    for site in unmatched:
        by_name = {str(other.name): other for other in foreign if id(other) not in renamed}
        near = nearest(str(site.name), by_name)
        labels: tuple[Label, ...] = ()
        if near is not None:
            renamed.add(id(by_name[near]))
            labels = (Label(by_name[near].place.name_span, "the guide has this site, which the model does not"),)
        report.add(SiteNotInGuide(site.place.span, str(site.name), near or "", secondary=labels))
    for site in foreign:
        if id(site) not in renamed:
            report.add(SiteNotInModel(site.place.span, str(site.name)))
    for site in guide.sites:
        others = _counterparts(site, model.sites)
        if site.kind == "sample" and site.observed == "no" and others and all(o.observed == "yes" for o in others):
            label = Label(others[0].place.span, "observed here")
            report.add(SiteObservedInModel(site.place.span, str(site.name), secondary=(label,)))


def check_supports(model: Declarations, guide: Declarations, report: Report) -> None:
    """Report sites whose distributions have supports that are known and differ."""
    for site, other in _matched(model, guide):
        if site.distribution is None or other.distribution is None:
            continue
        wanted, found = site.support, other.support
        if wanted is None or found is None or found.covers(wanted):
            continue
        label = Label(site.place.span, f"`{distribution_name(site.distribution)}` has support {said(wanted)}")
        report.add(
            SupportMismatch(
                other.place.span,
                str(site.name),
                distribution_name(site.distribution),
                said(wanted),
                distribution_name(other.distribution),
                said(found),
                _advice(wanted, distribution_name(site.distribution)),
                secondary=(label,),
            )
        )


def check_plates(model: Declarations, guide: Declarations, report: Report) -> None:
    """Report plates that only the guide has, and sites under different plates."""
    known = {plate.name for plate in model.plates}
    foreign: set[str] = set()
    if None not in known:
        names = {name for name in known if name is not None}
        for plate in guide.plates:
            if plate.name is None or plate.name in known:
                continue
            foreign.add(plate.name)
            near = nearest(plate.name, names)
            advice = f"the model has plate `{near}`" if near else "remove it, or add it to the model"
            report.add(PlateNotInModel(plate.span, plate.name, advice))
    for site, other in _matched(model, guide):
        wanted, found = _names(site.plates), _names(other.plates)
        if wanted is None or found is None or wanted == found or found & foreign:
            continue
        label = Label(site.place.span, f"the model's site is under {_said(wanted)}")
        span = other.place.span
        report.add(PlateMismatch(span, str(site.name), _said(wanted), _said(found), secondary=(label,)))


def _advice(wanted: Any, family: str) -> str:
    """How to write a guide with this support. No family with parameters fills an interval other than (0, 1)."""
    if wanted.name != "interval" or not (isinstance(wanted.low, int | float) and isinstance(wanted.high, int | float)):
        return f"use a guide distribution with support {said(wanted)}, such as `{family}`"
    low, width = f"{wanted.low:g}", f"{wanted.high - wanted.low:g}"
    return f"sample `unit` from a `Beta` in both, and compute `{low} + {width} * unit` in the model"


def _counterparts(site: SiteDecl, others: Sequence[SiteDecl]) -> list[SiteDecl]:
    return [other for other in others if other.kind == "sample" and site.name.may_equal(other.name)]


def _is_required(site: SiteDecl) -> bool:
    """Whether the guide must have it: an arm of an `if` may never be reached, and an enumerated site is summed over."""
    enumerated = site.options is None or "enumerate" in site.options
    return site.is_latent and not site.place.path and not enumerated


def _is_foreign(site: SiteDecl, counterparts: Sequence[SiteDecl]) -> bool:
    if site.options is None or site.options & {"is_auxiliary"}:
        return False
    return site.observed == "no" and not counterparts and not site.place.path


def _matched(model: Declarations, guide: Declarations) -> list[tuple[SiteDecl, SiteDecl]]:
    """Latent sites with the one site of the guide that has their name."""
    pairs = []
    for site in model.sites:
        if site.kind != "sample" or site.observed == "yes" or site.name.is_open:
            continue
        others = [other for other in _counterparts(site, guide.sites) if not other.name.is_open]
        if len(others) == 1 and len(_counterparts(others[0], model.sites)) == 1:
            pairs.append((site, others[0]))
    return pairs


def _names(plates: Sequence[PlateDecl]) -> frozenset[str] | None:
    names = [plate.name for plate in plates]
    return None if None in names else frozenset(name for name in names if name is not None)


def _said(plates: frozenset[str]) -> str:
    if not plates:
        return "no plate"
    quoted = [f"`{name}`" for name in sorted(plates)]
    return ("plate " if len(quoted) == 1 else "plates ") + " and ".join(quoted)
