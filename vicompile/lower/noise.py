"""Base noise of one site as nodes of the graph."""

from __future__ import annotations

from ..distributions.noise import noise_shape
from ..ir.dims import Shape
from ..ir.nodes import FLOAT, Draw, Node, make


class GraphNoise:
    """Base noise of one site as Draw nodes. `draws`: where every node is noted, in order, with those of other sites."""

    def __init__(self, site: str, shape: Shape, event_dim: int, draws: list[Draw]) -> None:
        self.site, self.shape, self.event_dim, self.draws = site, shape, event_dim, draws

    def normal(self, event_shape: Shape | None = None) -> Node:
        """Standard normals."""
        return self._draw("normal", event_shape)

    def uniform(self, event_shape: Shape | None = None) -> Node:
        """Uniforms on (0, 1)."""
        return self._draw("uniform", event_shape)

    def of_shape(self, shape: Shape, event_dim: int) -> GraphNoise:
        """The same source for a draw of another shape."""
        return GraphNoise(self.site, shape, event_dim, self.draws)

    def _draw(self, noise: str, event_shape: Shape | None) -> Node:
        slot = sum(draw.site == self.site for draw in self.draws)
        shape = noise_shape(self.shape, self.event_dim, event_shape)
        draw: Draw = make(Draw, FLOAT, shape, noise=noise, site=self.site, slot=slot)
        self.draws.append(draw)
        return draw
