"""The Graph as text: one line a node, in order of computation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .nodes import (
    Axis,
    Call,
    Const,
    Draw,
    Gather,
    History,
    Index,
    Input,
    Iota,
    Map,
    Node,
    Scan,
    Scatter,
    SharedDraw,
    Site,
    Slot,
)
from .nodes import Size as SizeNode
from .walk import topological


def show(outputs: Mapping[str, Node]) -> str:
    """All nodes below the named outputs. Constants and sizes stand where they are used; what a recurrence does in each
    step stands below it.
    """
    lines, names = _computation(outputs.values(), "%")
    return "\n".join([*lines, *(f"{name} = {names[node]}" for name, node in outputs.items())])


def _computation(roots: Iterable[Node], mark: str) -> tuple[list[str], dict[Node, str]]:
    """A line for each node, and what it is called: `mark` and a number."""
    names: dict[Node, str] = {}
    lines: list[str] = []
    count = 0
    for node in topological(roots):
        if isinstance(node, Const):
            names[node] = repr(node.value)
        elif isinstance(node, SizeNode):
            names[node] = f"|{node.dim}|"
        else:
            names[node] = f"{mark}{count}"
            lines.append(f"{names[node]:>5} : {_type(node):<18} = {_right_side(node, names)}")
            count += 1
        if isinstance(node, Scan):
            inside, inner = _computation(node.body, f"{names[node]}.")
            lines += [f"        {line}" for line in inside]
            lines.append(f"        next: {', '.join(inner[one] for one in node.body)}")
    return lines, names


def _type(node: Node) -> str:
    short = {"float64": "f", "int64": "i", "bool": "b"}[node.dtype]
    return short + ("[" + ", ".join(map(str, node.shape)) + "]" if node.shape else "")


def _right_side(node: Node, names: Mapping[Node, str]) -> str:
    match node:
        case Input():
            return f"{node.role} {node.name}"
        case Draw():
            word = "shared draw" if isinstance(node, SharedDraw) else "draw"
            return f"{word} {node.noise} for {node.site}" + (f" #{node.slot}" if node.slot else "")
        case Index():
            return f"index {node.name}"
        case Iota():
            return "iota"
        case Site():
            return f"site {node.name}"
        case Map():
            return f"{node.primitive}({', '.join(names[a] for a in node.operands)})"
        case Call():
            return f"{node.function}({', '.join(names[a] for a in node.operands)})"
        case Scan():
            way = "back from" if node.backwards else "to"
            parts = (("from", node.init), ("over", node.steps), ("with", node.invariants))
            shown = (f"{word} ({', '.join(names[a] for a in args)})" for word, args in parts if args)
            return f"recurrence {way} {node.length} {' '.join(shown)}"
        case History():
            return f"values {node.number} of {names[node.scan]}"
        case Slot():
            return f"{node.role} {node.number}"
        case Gather() | Scatter():
            entries = ", ".join(
                names[e] if isinstance(e, Node) else repr(e) if isinstance(e, Axis) else str(e) for e in node.index
            )
            word = "gather" if isinstance(node, Gather) else "scatter"
            if isinstance(node, Scatter) and node.combine != "add":
                word += f" {node.combine}"
            return f"{word} {names[node.source]}[{entries}]"
    raise AssertionError(f"unknown kind {type(node).__name__}")
