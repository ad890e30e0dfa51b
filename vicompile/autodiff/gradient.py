"""Compiler stage: the gradient of one scalar node as new nodes of the same Graph.

After it: the adjoints are ordinary nodes, so that the scheduler sees forward and reverse as one computation.
The rules: that of a primitive or a whole-array function; Gather's adjoint is Scatter, Scatter's is Gather; a
recurrence's is another one that runs backwards.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..ir import ops
from ..ir.calls import calls
from ..ir.nodes import FLOAT, Call, Gather, History, Map, Node, Provenance, Scan, Scatter, const
from ..ir.primitives import primitives
from ..ir.scan import histories
from ..ir.walk import topological
from .recurrence import scan_adjoints


def gradient(output: Node, wrt: Sequence[Node], provenance: Provenance | None = None) -> list[Node]:
    """d output / d node for each node of `wrt`, each of that node's shape.

    output: a float scalar. Raises NotImplementedError where a primitive on the way has no gradient.
    Nodes made for the adjoint of a node are recorded in `provenance` as coming from where that node came from.
    """
    assert output.shape == ()
    assert output.dtype == FLOAT
    order = topological([output])
    active = _depends_on(order, wrt)
    adjoints: dict[Node, Node] = {output: const(1.0)}
    for node in reversed(order):
        reached = node in adjoints or (isinstance(node, Scan) and any(h in adjoints for h in histories(node)))
        if node not in active or not reached:
            continue
        if provenance is None:
            _propagate(node, adjoints, active)
        else:
            with provenance.at(provenance.origins.get(node)):
                _propagate(node, adjoints, active)
    return [adjoints[n] if n in adjoints else ops.broadcast_to(const(0.0), n.shape) for n in wrt]


def _depends_on(order: Sequence[Node], wrt: Sequence[Node]) -> set[Node]:
    active = set(wrt)
    for node in order:
        if node.dtype == FLOAT and any(a in active for a in node.args):
            active.add(node)
    return active


def _propagate(node: Node, adjoints: dict[Node, Node], active: set[Node]) -> None:
    match node:
        case Scan():
            arriving = [adjoints.get(h) for h in histories(node)]
            for argument, arrived in scan_adjoints(node, arriving, {a for a in node.args if a in active}, gradient):
                _add(adjoints, argument, arrived)
            return
        case History():
            return
    g = adjoints[node]
    match node:
        case Map() | Call():
            name, table = (node.primitive, primitives()) if isinstance(node, Map) else (node.function, calls())
            rule = table[name].gradient
            if rule is None:
                raise NotImplementedError(f"the primitive {name} has no gradient")
            for arg, adjoint in zip(node.operands, rule(g, node, *node.operands), strict=True):
                if adjoint is not None and arg in active:
                    _add(adjoints, arg, adjoint)
        case Gather() if node.source in active:
            _add(adjoints, node.source, ops.scatter(g, node.index, node.source.shape))
        case Scatter() if node.source in active:
            _add(adjoints, node.source, ops.gather(g, node.index, node.source.shape))


def _add(adjoints: dict[Node, Node], node: Node, adjoint: Node) -> None:
    adjoint = ops.broadcast_to(adjoint, node.shape)
    adjoints[node] = adjoints[node] + adjoint if node in adjoints else adjoint
