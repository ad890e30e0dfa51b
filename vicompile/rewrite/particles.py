"""Particles as one more axis.

After it: every node that depends on a draw has the particles as its leading axis; what depends on parameters only is
computed once.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..ir import ops
from ..ir.batch import batch
from ..ir.dims import Dim
from ..ir.nodes import Draw, Node, SharedDraw


def over_particles(roots: Sequence[Node], particles: Dim) -> list[Node]:
    """Each number or array of one particle as the array of all, (particles, *its shape)."""
    many = batch(roots, particles, _differs)
    return [ops.broadcast_to(many[root], (particles, *root.shape)) for root in roots]


def _differs(node: Node) -> bool:
    return isinstance(node, Draw) and not isinstance(node, SharedDraw)
