"""Particles as one more axis.

After it: every node that depends on a draw has the particles as its leading axis; what depends on parameters only is
computed once.
"""

from __future__ import annotations

from ..ir import ops
from ..ir.batch import batch
from ..ir.dims import Dim
from ..ir.nodes import Draw, Node, SharedDraw


def over_particles(loss: Node, particles: Dim) -> Node:
    """The sum of a one-particle loss over independent particles."""
    many = batch([loss], particles, _differs)[loss]
    total: Node = ops.total(ops.broadcast_to(many, (particles,)))
    return total


def _differs(node: Node) -> bool:
    return isinstance(node, Draw) and not isinstance(node, SharedDraw)
