"""That model and guide describe the same latent sites in the run that these arguments cause.

The check stage has seen the sources; here the arguments have decided every `if` and every optional observation.
"""

from __future__ import annotations

from ..check.errors import ObservedInGuide, SiteNotInGuide, SiteNotInModel
from ..diagnostics import collect, nearest
from ..lower import Trace
from .errors import SupportsDisagree


def check_agreement(model: Trace, guide: Trace) -> None:
    """Raise CompileError with every disagreement."""
    wanted = {s.name: s for s in model.sites if not s.observed}
    given = {s.name: s for s in guide.sites if not s.observed}
    with collect() as report:
        for site in guide.sites:
            if site.observed and site.distribution is not None:
                report.add(ObservedInGuide(site.span, site.name))
        for name, site in wanted.items():
            if name not in given:
                rename = nearest(name, [n for n in given if n not in wanted]) or ""
                report.add(SiteNotInGuide(site.span, name, rename))
        for name, site in given.items():
            if name not in wanted:
                report.add(SiteNotInModel(site.span, name))
                continue
            ours, theirs = site.distribution, wanted[name].distribution
            assert ours is not None
            assert theirs is not None
            if ours.is_discrete != theirs.is_discrete or not theirs.support.covers(ours.support):  # type: ignore[union-attr, arg-type]
                report.add(SupportsDisagree(site.span, name, ours.support.describe(), theirs.support.describe()))  # type: ignore[union-attr]
