"""That model and guide describe the same latent sites in the run that these arguments cause.

The check stage has seen the sources; here the arguments have decided every `if` and every optional observation.
"""

from __future__ import annotations

from ..check.errors import ObservedInGuide, SiteNotInGuide, SiteNotInModel, SiteObservedInModel
from ..diagnostics import CompileError, Label, Report, collect, nearest
from ..lower import NeedEqual, SiteRecord, Trace
from .errors import PlatesDisagree, SupportsDisagree


def check_agreement(model: Trace, guide: Trace) -> None:
    """Raise CompileError with every disagreement."""
    wanted = {s.name: s for s in model.sites if not (s.observed or s.is_hidden)}
    observed = {s.name for s in model.sites if s.observed}
    given = {s.name: s for s in guide.sites if not (s.observed or s.is_hidden)}
    with collect() as report:
        for site in guide.sites:
            if site.observed and site.distribution is not None:
                report.add(ObservedInGuide(site.span, site.name))
        for name, site in wanted.items():
            if name not in given:
                rename = nearest(name, [n for n in given if n not in wanted]) or ""
                report.add(SiteNotInGuide(site.span, name, rename))
        for name, site in given.items():
            if name in wanted:
                _check_supports(name, site, wanted[name], report)
            elif name in observed:
                report.add(SiteObservedInModel(site.span, name))
            elif not site.auxiliary:
                report.add(SiteNotInModel(site.span, name))


def check_plates(model: Trace, guide: Trace) -> None:
    """A plate has one size in both, and the same elements of it are in. CompileError, or NeedEqual for sizes."""
    for name, record in guide.plates.items():
        found = name in model.plates and model.plates[name].disagreement(record)
        if found:
            what, ours, theirs = found
            if what == "size" and not (isinstance(ours, int) and isinstance(theirs, int)):
                raise NeedEqual(theirs, ours, record.span)
            first = Label(model.plates[name].span, "the model's plate")
            raise CompileError(PlatesDisagree(record.span, name, what, secondary=(first,)))


def _check_supports(name: str, ours: SiteRecord, theirs: SiteRecord, report: Report) -> None:
    """The guide draws exactly where the model can be."""
    assert ours.distribution is not None
    assert theirs.distribution is not None
    own, other = ours.distribution.support, theirs.distribution.support
    assert own is not None
    assert other is not None
    if own.is_discrete != other.is_discrete or not other.covers(own):
        first = Label(theirs.span, "the model's site")
        report.add(SupportsDisagree(ours.span, name, own.describe(), other.describe(), secondary=(first,)))
