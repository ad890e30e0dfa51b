"""The latent sites of a model as a guide sees them: what shape they have, where they can be, which plates are open.

Sites of model and guide with one name and shape are one node. So the bounds of a support that depend on other latent
sites are, as they stand in the model, those in the guide.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..diagnostics import Record
from ..distributions.constraints import Constraint, real
from ..ir.dims import Shape, Size
from ..ir.nodes import FLOAT, Node, Site, make
from ..ir.walk import topological
from ..lower import SiteRecord, Trace
from ..lower.all_rows import in_every_step
from ..lower.latents import check_seen, latent_support, unconstrained_shape
from ..lower.plates import rows_at


class Rows(Record, eq=False):
    """A subsampled plate around a site: its axis from the left, its size, the indices of the elements that are in."""

    plate: str
    axis: int
    size: Size
    chosen: Node


class Latent(Record, eq=False):
    """A latent site of the model.

    site: its record there. support: where it can be. value: the site's node. shape: of the unconstrained numbers behind
    it. batch: how many of its axes are not the event's. rows: the subsampled plates around it.
    scale, mask: how often and where its density counts.
    """

    site: SiteRecord
    support: Constraint
    value: Node
    shape: Shape
    batch: int
    rows: tuple[Rows, ...]
    scale: Node | None
    mask: Any

    @property
    def name(self) -> str:
        """The site's name."""
        return self.site.name

    @property
    def is_real(self) -> bool:
        """Whether the unconstrained numbers are the value itself."""
        return self.shape == self.value.shape and real.covers(self.support)

    @property
    def has_computed_bounds(self) -> bool:
        """Whether the support depends on data or on other sites."""
        return any(isinstance(bound, Node) for bound in (self.support.low, self.support.high))

    def whole(self, shape: Shape) -> Shape:
        """A shape for the elements that are in as one for all elements of the plates."""
        sizes = {rows.axis: rows.size for rows in self.rows}
        return tuple(sizes.get(axis, size) for axis, size in enumerate(shape))

    def chosen(self, value: Node) -> Node:
        """Of what belongs to all elements of the plates that of those which are in."""
        for rows in self.rows:
            value = rows_at(value, rows.axis, rows.chosen)
        return value


def latents_of(model: Trace, takes: Callable[[str], bool], whole: bool = False) -> list[Latent]:
    """The latent sites that a guide takes, in the order of the model. whole: with all elements of plates in, each
    counting once.

    Raises CompileError for one without an unconstrained form, NeedFixed where that depends on a size.
    """
    seen = [site for site in model.sites if not (site.observed or site.is_hidden)]
    latents = [_latent(site, model) for site in seen if takes(site.name)]
    if not whole:
        return latents
    grown = [_with_all_rows(latent) for latent in latents]
    # Where bounds depend on which elements are in, questions are about these.
    return latents if any(one is None for one in grown) else [one for one in grown if one is not None]


def _latent(site: SiteRecord, model: Trace) -> Latent:
    distribution = site.distribution
    assert distribution is not None
    support = latent_support(site, distribution)
    _check_bounds(support, model)
    batch = len(distribution.batch_shape)
    opened = ((name, model.plates.get(name), batch + dim) for name, dim in zip(site.plates, site.dims))
    rows = tuple(
        Rows(name, axis, plate.size, plate.chosen)
        for name, plate, axis in opened
        if plate is not None and plate.chosen is not None
    )
    shape = unconstrained_shape(site, support, site.value.shape)
    return Latent(site, support, site.value, shape, batch, rows, site.scale, distribution.mask_condition)


def _check_bounds(support: Constraint, model: Trace) -> None:
    """The guide cannot know what the model draws for itself."""
    seen = {one.name for one in model.sites if not one.is_hidden}
    bounds = [bound for bound in (support.low, support.high) if isinstance(bound, Node)]
    for node in topological(bounds):
        if isinstance(node, Site) and node.name not in seen:
            check_seen(next(one for one in model.sites if one.name == node.name))


def _with_all_rows(latent: Latent) -> Latent | None:
    """None where a bound cannot be told for elements that are not in."""
    counted = latent.replaced(scale=None, mask=None)
    support = latent.support

    def grown(_: str, bound: Any) -> Any:
        found = in_every_step(bound) if isinstance(bound, Node) else bound
        if found is None or any(isinstance(node, Site) for node in topological([bound])):
            raise _NotTold
        return found

    if not latent.rows:
        return counted
    try:
        support = support.with_params(grown)
    except _NotTold:
        return None
    value = make(Site, FLOAT, latent.whole(latent.value.shape), name=latent.name)
    return counted.replaced(support=support, value=value, shape=latent.whole(latent.shape), rows=())


class _NotTold(Exception):
    pass
