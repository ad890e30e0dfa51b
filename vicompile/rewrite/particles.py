"""Particles as one more axis.

After it: every node that depends on a draw has the particles as its leading axis; what depends on parameters only is
computed once.
"""

from __future__ import annotations

from ..ir import ops
from ..ir.batch import batch
from ..ir.dims import Dim
from ..ir.nodes import Draw, Node, SharedDraw


def each_particle(loss: Node, particles: Dim) -> Node:
    """The loss of each of many independent particles, from that of one: a vector."""
    many: Node = ops.broadcast_to(batch([loss], particles, _differs)[loss], (particles,))
    return many


def over_particles(loss: Node, particles: Dim) -> Node:
    """The sum of a one-particle loss over independent particles."""
    total: Node = ops.total(each_particle(loss, particles))
    return total


def _differs(node: Node) -> bool:
    return isinstance(node, Draw) and not isinstance(node, SharedDraw)
