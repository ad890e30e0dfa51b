"""What depends on the data alone is computed once, when the data is bound.

After it: no transcendental function, no sum and no whole-array function of data alone is left in the kernel. A cheap
elementwise expression stays: reading another array costs more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..diagnostics import Record
from ..ir.nodes import Call, Gather, Input, Map, Node, Scatter, make
from ..ir.primitives import primitives
from ..ir.walk import replace, topological
from .data_only import data_only

_CHEAP = {name for name, row in primitives().items() if row.operands in ("number", "bool", "select", "any")} | {
    "div",
    "sqrt",
    "abs",
}


class Hoisted(Record):
    """The rewritten roots, and for each new input the expression that gives its value."""

    roots: tuple[Node, ...]
    definitions: dict[Input, Node]


def hoist(roots: Sequence[Node]) -> Hoisted:
    """Replace maximal expensive expressions of data by inputs."""
    order = topological(roots)
    fixed = data_only(order)
    expensive: set[Node] = set()
    readers: dict[Node, list[Node]] = {}
    for node in order:
        for arg in node.args:
            readers.setdefault(arg, []).append(node)
        # Broadcasting is free where it is read: what is kept is what was broadcast.
        if node in fixed and (is_expensive(node) or (not _broadcasts(node) and any(a in expensive for a in node.args))):
            expensive.add(node)
    tops = [n for n in order if n in expensive and (n in roots or _is_read_outside(n, readers, fixed))]
    definitions: dict[Input, Node] = {}
    mapping: dict[Node, Node] = {}
    for node in tops:
        value = make(Input, node.dtype, node.shape, name=f"hoisted.{len(definitions)}", role="data")
        definitions[value] = node
        mapping[node] = value
    rebuilt = replace(roots, mapping)
    return Hoisted(tuple(rebuilt[r] for r in roots), definitions)


def is_expensive(node: Node) -> bool:
    """Worth computing once: a sum, a whole-array function or an elementary function."""
    return isinstance(node, (Scatter, Call)) or (isinstance(node, Map) and node.primitive not in _CHEAP)


def _broadcasts(node: Node) -> bool:
    return isinstance(node, Gather) and not any(isinstance(e, Node) for e in node.index)


def _is_read_outside(node: Node, readers: Mapping[Node, Sequence[Node]], fixed: set[Node]) -> bool:
    return any(
        r not in fixed or (_broadcasts(r) and _is_read_outside(r, readers, fixed)) for r in readers.get(node, [])
    )
