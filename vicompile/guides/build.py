"""Declares the sites and parameters of an automatic guide, as lowering does those of a written one."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ..diagnostics import CompileError, Span
from ..distributions import Distribution
from ..distributions.constraints import Constraint, real, real_vector
from ..ir import ops
from ..ir.dims import Shape
from ..ir.nodes import FLOAT, Input, Node, Provenance, Site, const, make
from ..lower import NeedEqual, ParamRecord, SiteRecord, Trace
from .errors import NameTaken
from .image import Image
from .latents import Latent

# From the unconstrained numbers of each latent site to the gradient of the model's log density by each.
Slopes = Callable[[Mapping[str, Node]], dict[str, Node]]


class Builder:
    """The trace of a guide in the making. Parameters of the model are its parameters too.

    written: the traces of parts that were written.
    """

    def __init__(
        self,
        model: Trace,
        prefix: str,
        provenance: Provenance,
        written: Sequence[Trace] = (),
        slopes: Slopes | None = None,
    ) -> None:
        self.trace = Trace(params=dict(model.params), plates=dict(model.plates))
        self.prefix = prefix
        self.written, self._slopes = written, slopes
        self._provenance = provenance
        self._taken = {*model.params, *(site.name for site in model.sites)}

    def with_prefix(self, prefix: str) -> Builder:
        """Another builder of the same trace."""
        other = copy.copy(self)
        other.prefix = prefix
        return other

    @contextmanager
    def at(self, latent: Latent) -> Iterator[None]:
        """Nodes made inside belong to this site of the model, and what fails there is told of it."""
        with self._provenance.at(latent.site.origin):
            try:
                yield
            except ops.ShapeMismatch as mismatch:
                raise NeedEqual(mismatch.left, mismatch.right, latent.site.span) from None

    def slopes(self, values: Mapping[str, Node]) -> dict[str, Node]:
        """The gradient of the model's log density at unconstrained values, by site."""
        assert self._slopes is not None, "this road has no density of the model"
        return self._slopes(values)

    def take_over(self, part: Trace) -> None:
        """Make the trace of a part that was written part of this one."""
        ours = self.trace
        for name, record in part.params.items():
            if name not in ours.params:
                self._claim(name, record.span)
                ours.params[name] = record
        ours.sites += part.sites
        ours.draws += part.draws
        ours.deterministics += part.deterministics
        ours.checks += part.checks
        ours.constants.update(part.constants)
        for name, plate in part.plates.items():
            # Where it differs from the model's, that is found when the two are compared.
            ours.plates[name] = plate

    # -- parameters ------------------------------------------------------------------------------------------------

    def param(self, name: str, initial: Node, constraint: Constraint, span: Span) -> Node:
        """The constrained value of a new parameter."""
        return _constrained(constraint, self._unconstrained(name, initial, constraint, span))

    def param_of(self, latent: Latent, name: str, start: float, constraint: Constraint) -> Node:
        """One number for each unconstrained number of a site: of the plates around it those that are in.

        start: the initial value. constraint: of single numbers.
        """
        initial = filled(start, latent.whole(latent.shape))
        whole = self._unconstrained(f"{latent.name}_{self.prefix}_{name}", initial, constraint, latent.site.span)
        # Only those that are in are transformed.
        return _constrained(constraint, latent.chosen(whole))

    def point_of(self, latent: Latent) -> Node:
        """The parameter that is a site's value: inside the support, where that is the same for every call."""
        support, free = latent.support, latent.whole(latent.shape)
        initial = _constrained(support, filled(0.0, free)) if not latent.has_computed_bounds else filled(0.0, free)
        constraint = real if latent.has_computed_bounds else support
        name = f"{latent.name}_{self.prefix}_loc"
        whole = self._unconstrained(name, initial, constraint, latent.site.span)
        return _constrained(support, latent.chosen(whole))

    def _unconstrained(self, name: str, initial: Node, constraint: Constraint, span: Span) -> Node:
        self._claim(name, span)
        shape = constraint.unconstrained_shape(initial.shape)
        unconstrained: Input = make(Input, FLOAT, shape, name=name, role="param")
        self.trace.params[name] = ParamRecord(name, unconstrained, initial, constraint, span)
        return unconstrained

    # -- sites -----------------------------------------------------------------------------------------------------

    def draw(self, name: str, distribution: Distribution, latent: Latent, scale: Node | None = None) -> Node:
        """A draw outside of plates that the model does not have. latent: the site it is made for, or the first one."""
        self._claim(name, latent.site.span)
        value: Node = make(Site, FLOAT, distribution.shape(), name=name)
        record = SiteRecord(name, distribution, value, False, (), latent.site.span, auxiliary=True, scale=scale)
        self.trace.sites.append(record)
        return value

    def draw_of(self, latent: Latent, distribution: Distribution) -> Node:
        """A draw of the unconstrained numbers of one site, in its plates; it counts where the site does."""
        name = f"{latent.name}_{self.prefix}_latent"
        value = self.draw(name, self.counted(latent, distribution), latent, latent.scale)
        sites, site = self.trace.sites, latent.site
        sites[-1] = sites[-1].replaced(plates=site.plates, dims=site.dims)
        return value

    def derived(self, name: str, value: Node, log_volume: Node, latent: Latent, scale: Node | None) -> Node:
        """A vector that the model does not have, as the image of draws. latent: as in `draw`."""
        return self.draw(name, Image(value, log_volume, real_vector), latent, scale)

    def site(self, latent: Latent, distribution: Distribution, *, is_masked: bool = True) -> None:
        """The site itself. distribution: its event is that of the site or has fewer axes."""
        self.trace.sites.append(
            SiteRecord(
                latent.name,
                self.counted(latent, distribution) if is_masked else distribution,
                latent.value,
                False,
                latent.site.plates,
                latent.site.span,
                scale=latent.scale,
                dims=latent.site.dims,
            )
        )

    def image(self, latent: Latent, free: Node) -> None:
        """The site as the image of unconstrained draws."""
        support = latent.support
        self.point(latent, support.transform(free), -ops.as_node(support.log_abs_det(free)))

    def point(self, latent: Latent, value: Any, log_volume: Any) -> None:
        """The site at one point."""
        shape = latent.value.shape
        point = ops.broadcast_to(ops.as_node(value), shape)
        volume = ops.broadcast_to(ops.as_node(log_volume), shape[: len(shape) - latent.support.event_dim])
        self.site(latent, Image(point, volume, latent.support))

    def counted(self, latent: Latent, distribution: Distribution) -> Distribution:
        """With the batch of the site: further axes are the event's. It counts where the site does."""
        distribution = distribution.to_event(len(distribution.batch_shape) - latent.batch)
        return distribution if latent.mask is None else distribution.mask(latent.mask)

    def _claim(self, name: str, span: Span) -> None:
        if name in self._taken:
            raise CompileError(NameTaken(span, name))
        self._taken.add(name)


def filled(value: float, shape: Shape) -> Node:
    """An array of equal numbers."""
    node: Node = ops.broadcast_to(const(value), shape)
    return node


def _constrained(constraint: Constraint, free: Node) -> Node:
    node: Node = ops.as_node(constraint.transform(free))
    return node
