"""Several guides as one: which part has which site, and an order in which every site finds what it needs."""

from __future__ import annotations

from ..diagnostics import collect
from ..ir.nodes import Node, Site
from ..ir.walk import topological
from ..lower import SiteRecord
from .errors import TwoParts
from .latents import Latent


def one_part_each(shares: list[list[Latent]], names: list[str]) -> None:
    """Raise CompileError with every site that more than one part takes."""
    owners: dict[str, str] = {}
    with collect() as report:
        for share, name in zip(shares, names):
            for latent in share:
                if latent.name in owners:
                    report.add(TwoParts(latent.site.span, latent.name, owners[latent.name], name))
                owners.setdefault(latent.name, name)


def in_order(sites: list[SiteRecord]) -> list[SiteRecord]:
    """The sites, each behind those that its distribution reads; otherwise as they are."""
    by_name = {site.name: site for site in sites}
    found: dict[str, SiteRecord] = {}
    pending = list(reversed(sites))
    while pending:
        site = pending[-1]
        missing = [by_name[name] for name in _read(site) if name in by_name and name not in found]
        if site.name in found or not missing:
            found.setdefault(site.name, site)
            pending.pop()
        else:
            pending += missing
    return list(found.values())


def _read(site: SiteRecord) -> list[str]:
    numbers = [] if site.distribution is None else list(site.distribution.numbers().values())
    read = topological([node for node in (site.value, *numbers) if isinstance(node, Node)])
    return [node.name for node in read if isinstance(node, Site) and node is not site.value]
