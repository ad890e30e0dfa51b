"""The gradient of a function of what each particle has: that of each particle first, and then their weighted sum.

The adjoint of a particle's number would otherwise be a factor of all of its adjoints, and could be taken only when the
numbers of all particles are known: everything that a particle computes would be kept, or computed twice. The weight is
taken where what is common to all particles is handed to each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from ..ir import ops
from ..ir.dims import Size
from ..ir.nodes import FLOAT, Axis, Gather, Node, Provenance
from ..ir.walk import topological
from .gradient import gradient


def gradient_over(
    output: Node, columns: Sequence[Node], wrt: Sequence[Node], particles: Size, provenance: Provenance | None = None
) -> list[Node]:
    """d output / d node for each node of `wrt`, where `output` depends on them through `columns` alone, arrays of shape
    (particles,) each of whose elements depends on one particle's draws.

    Errors and provenance: as in `gradient`.
    """
    weights = gradient(output, columns, provenance)
    places = _handed_out(columns, wrt, particles)
    found: dict[Node, Node] = {}
    for column, weight in zip(columns, weights):
        if not _is_zero(weight):
            for place, own in zip(places, gradient(ops.total(column), places, provenance)):
                part = ops.gather(weight, (Axis(0),), place.shape) * own
                found[place] = found[place] + part if place in found else part
    # The gradient of this sum is what has been found, handed on to what is below.
    products = [ops.total(ops.detach(one) * place) for place, one in found.items()]
    if not products:
        return gradient(ops.as_node(0.0), wrt, provenance)
    return gradient(reduce(ops.add, products), wrt, provenance)


def _handed_out(columns: Sequence[Node], wrt: Sequence[Node], particles: Size) -> list[Node]:
    """Where what depends on `wrt` and on no particle is read by each particle: it then has their axis in front."""
    active, differs = set(wrt), set[Node]()
    found: list[Node] = []
    for node in topological(columns):
        if any(a in active for a in node.args):
            active.add(node)
        if node.shape and node.shape[0] is particles:
            if isinstance(node, Gather) and node.dtype == FLOAT and node in active and node.source not in differs:
                found.append(node)
            differs.add(node)
    return found


def _is_zero(node: Node) -> bool:
    while isinstance(node, Gather):
        node = node.source
    return getattr(node, "value", None) == 0.0
