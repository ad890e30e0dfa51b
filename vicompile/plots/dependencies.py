"""What a traced function says about its statements: which depends on which, in which plates they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ..compiler import BoundFit
from ..diagnostics import Record
from ..ir.dims import Size, evaluate
from ..ir.nodes import Const, Input, Node, Site
from ..lower import SiteRecord, Trace


class Statement(Record, eq=False):
    """One node of the picture.

    kind: "latent", "observed", "factor", "deterministic" or "param". law: its distribution, or the set of a parameter.
    parents: the names of what it is made of. plates: outermost first, each with its size.
    """

    name: str
    kind: str
    law: str
    parents: tuple[str, ...]
    plates: tuple[tuple[str, int], ...]


class Drawing(Record, eq=False):
    """The statements of one function. role: "model" or "guide"."""

    role: str
    statements: tuple[Statement, ...]


def drawing_of(fit: BoundFit, trace: Trace, observed: Collection[str], role: str) -> Drawing:
    """What a trace draws. observed: the names of sites whose observations were taken away."""
    sizes = _plate_sizes(fit, trace)
    sites = [site for site in trace.sites if not site.is_hidden]
    named: dict[Node, str] = {record.unconstrained: record.name for record in trace.params.values()}
    named.update((site.value, site.name) for site in sites if site.distribution is not None)
    for one in trace.deterministics:
        if not isinstance(one.value, (Input, Const, Site)):
            named.setdefault(one.value, one.name)
    statements = [
        Statement(record.name, "param", record.constraint.describe().partition(" (")[0], (), ())
        for record in trace.params.values()
    ]
    for site in sites:
        roots = [site.value] if site.distribution is None else _numbers(site.distribution)
        parents = _parents(roots, named, "" if site.distribution is not None else site.name)
        plates = tuple((plate, sizes(site, plate)) for plate in _outermost_first(site))
        statements.append(Statement(site.name, _kind(site, observed), _law(site), parents, plates))
    for one in trace.deterministics:
        statements.append(Statement(one.name, "deterministic", "", _parents([one.value], named, one.name), ()))
    return Drawing(role, tuple(statements))


def _kind(site: SiteRecord, observed: Collection[str]) -> str:
    if site.distribution is None:
        return "factor"
    return "observed" if site.observed or site.name in observed else "latent"


def _law(site: SiteRecord) -> str:
    return "" if site.distribution is None else type(site.distribution).__name__


def _numbers(distribution: Any) -> list[Node]:
    return [number for number in distribution.numbers().values() if isinstance(number, Node)]


def _outermost_first(site: SiteRecord) -> list[str]:
    """By their axes: the further left, the further out."""
    return [plate for _, plate in sorted(zip(site.dims, site.plates))]


def _plate_sizes(fit: BoundFit, trace: Trace) -> Any:
    def size(site: SiteRecord, plate: str) -> int:
        record = trace.plates.get(plate)
        if record is not None:
            return evaluate(record.length, fit.sizes)
        axes: Mapping[str, int] = dict(zip(site.plates, site.dims))
        rank = len(site.distribution.batch_shape) if site.distribution is not None else site.value.rank
        found: Size = site.value.shape[rank + axes[plate]]
        return evaluate(found, fit.sizes)

    return size


def _parents(roots: Iterable[Node], named: Mapping[Node, str], own: str) -> tuple[str, ...]:
    """The names that are met first on the way down. own: a name that is not to be met."""
    found: dict[str, None] = {}
    seen: set[Node] = set()
    pending = list(roots)
    while pending:
        node = pending.pop()
        if node in seen:
            continue
        seen.add(node)
        name = named.get(node)
        if name is not None and name != own:
            found[name] = None
        else:
            pending += node.args
    return tuple(sorted(found))
