"""Guides in which all sites are pieces of one vector."""

from __future__ import annotations

from ..diagnostics import CompileError
from ..distributions import Distribution
from ..ir import ops, vectors
from ..ir.dims import Shape, Size, product
from ..ir.nodes import Axis, Node
from ..ir.vectors import positions
from ..lower import SiteRecord
from .build import Builder
from .errors import NotJoint
from .latents import Latent


class Pieces:
    """Where the unconstrained numbers of each site lie in the vector: site after site, each row after row.

    Raises CompileError for a site that is not always the same or does not count as the others do.
    """

    def __init__(self, build: Builder, latents: list[Latent], guide: str) -> None:
        self._build, self._latents = build, latents
        self.first = latents[0]
        self.size: Size = 0
        self._starts: list[Size] = []
        for latent in latents:
            why = _why_not(latent, self.first)
            if why:
                raise CompileError(NotJoint(latent.site.span, latent.name, guide, why))
            self._starts.append(self.size)
            self.size = self.size + product(latent.shape)

    def draw(self, name: str, distribution: Distribution) -> Node:
        """The vector, or what it is made of."""
        return self._build.draw(name, distribution, self.first, self.first.scale)

    def derived(self, name: str, value: Node, log_volume: Node) -> Node:
        """The vector as the image of what it is made of."""
        return self._build.derived(name, value, log_volume, self.first, self.first.scale)

    def factor(self, name: str, value: Node) -> None:
        """One more part of the guide's log density."""
        scale, span = self.first.scale, self.first.site.span
        self._build.trace.sites.append(SiteRecord(name, None, value, True, (), span, auxiliary=True, scale=scale))

    def slope(self, vector: Node) -> Node:
        """The gradient of the model's log density, of the vector's numbers, at this vector."""
        values = {one.name: piece(vector, start, one.shape) for one, start in zip(self._latents, self._starts)}
        found = self._build.slopes(values)
        together: Node = vectors.concatenate_last([flat(found[one.name]) for one in self._latents])
        return together

    def images(self, vector: Node) -> None:
        """Every site as the image of its piece of the vector."""
        for latent, start in zip(self._latents, self._starts):
            with self._build.at(latent):
                self._build.image(latent, piece(vector, start, latent.shape))


def piece(vector: Node, start: Size, shape: Shape) -> Node:
    """An array of this shape from consecutive elements of a vector, row after row."""
    if len(shape) < 2:
        index = (Axis(0, start),) if shape else (start,)
        found: Node = ops.gather(vector, index, shape)
        return found
    place: Node = ops.size_node(start)
    stride: Size = 1
    for axis in reversed(range(len(shape))):
        along = ops.gather(positions(shape[axis], vector), (Axis(axis),), shape)
        place = place + along * ops.size_node(stride)
        stride = stride * shape[axis]
    taken: Node = ops.gather(vector, (place,), shape)
    return taken


def flat(values: Node) -> Node:
    """The elements as one vector, row after row."""
    shape: Shape = values.shape
    found: Node = values if len(shape) == 1 else vectors.reshape_event(values, shape, (product(shape),))
    return found


def _why_not(latent: Latent, first: Latent) -> str:
    if latent.rows:
        return f"is drawn anew for each batch of the plate `{latent.rows[0].plate}`"
    if latent.mask is not None:
        return "has a mask"
    if latent.scale is not first.scale:
        return "is scaled in another way than the others"
    return ""
