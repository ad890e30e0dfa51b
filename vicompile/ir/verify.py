"""Well-formedness of a Graph: what every pass may rely on. Run between passes in tests."""

from __future__ import annotations

from collections.abc import Iterable

from .calls import calls, shapes_agree
from .nodes import (
    BOOL,
    FLOAT,
    INT,
    Axis,
    Call,
    Draw,
    Gather,
    History,
    Index,
    Input,
    Map,
    Node,
    Scan,
    Scatter,
    Site,
    Slot,
)
from .primitives import primitives
from .walk import topological


def verify(roots: Iterable[Node]) -> None:
    """Raise AssertionError with the broken rule and node."""
    for node in topological(roots):
        for rule, holds in _rules(node):
            assert holds, f"{rule}: {node!r} shape {node.shape}"


def _rules(node: Node) -> Iterable[tuple[str, bool]]:
    yield "the dtype is known", node.dtype in (FLOAT, INT, BOOL)
    match node:
        case Map():
            row = primitives().get(node.primitive)
            yield "the primitive exists", row is not None
            yield "arguments have the shape of the result", all(a.shape == node.shape for a in node.operands)
            if row is not None:
                expected = node.operands[-1].dtype if row.result == "same" else row.result
                yield "the result has the dtype of its primitive", node.dtype == expected
            if row is not None and row.operands == "float":
                yield "arguments are floats", all(a.dtype == FLOAT for a in node.operands)
            if row is not None and row.operands == "number":
                yield "arguments share a dtype", len({a.dtype for a in node.operands}) == 1
                yield "arguments are numbers", all(a.dtype != BOOL for a in node.operands)
            if row is not None and row.operands == "bool":
                yield "arguments are conditions", all(a.dtype == BOOL for a in node.operands)
            if row is not None and row.operands == "select":
                yield "the first argument is a condition", node.operands[0].dtype == BOOL
                yield "the alternatives share a dtype", node.operands[1].dtype == node.operands[2].dtype
        case Call():
            yield "the function exists", node.function in calls()
            if node.function in calls():
                yield "as many operands as the function has", len(node.operands) == len(calls()[node.function].operands)
                yield "operands and result are floats", all(a.dtype == FLOAT for a in (node, *node.operands))
                yield "batch axes and core sizes agree", shapes_agree(node)
        case Gather():
            yield "one index entry for each axis of the source", len(node.index) == node.source.rank
            yield "the result has the source's dtype", node.dtype == node.source.dtype
            yield from _index_rules(node, node.rank, node.shape)
        case Scatter():
            yield "one index entry for each axis of the result", len(node.index) == node.rank
            yield "the result has the source's dtype", node.dtype == node.source.dtype
            yield "what is added is a number", node.dtype != BOOL
            yield from _index_rules(node, node.source.rank, node.source.shape)
        case Scan():
            yield from _scan_rules(node)
        case History():
            init = node.scan.init[node.number]
            rank = node.scan.rank
            shape = (*node.scan.shape, node.scan.length + 1, *init.shape[rank:])
            yield "a history has one value more than there are steps", node.shape == shape
            yield "a history has the dtype of its initial value", node.dtype == init.dtype


def _scan_rules(node: Scan) -> Iterable[tuple[str, bool]]:
    yield "one leaf for each argument", len(node.slots) == len(node.args)
    yield "one body for each carried value", len(node.body) == len(node.init)
    steps = node.slots[len(node.init) : len(node.init) + len(node.steps)]
    for leaf, arg in node.bound.items():
        lead = (*node.shape, node.length) if leaf in steps else node.shape
        yield "an argument is its leaf with leading axes", arg.shape == (*lead, *leaf.shape)
        yield "an argument has the dtype of its leaf", arg.dtype == leaf.dtype
    for leaf, root in zip(node.slots, node.body):
        yield "a carried value keeps its shape and dtype", (root.shape, root.dtype) == (leaf.shape, leaf.dtype)
    inside = topological(node.body)
    leaves = set(node.slots)
    yield "the body is closed", all(one in leaves for one in inside if isinstance(one, Slot))
    yield "the body reads nothing from outside", not any(isinstance(one, (Input, Draw, Site, Index)) for one in inside)
    for one in inside:
        yield from _rules(one)


def _index_rules(node: Gather | Scatter, rank: int, space: tuple[object, ...]) -> Iterable[tuple[str, bool]]:
    for entry in node.index:
        if isinstance(entry, Axis):
            yield "an index axis exists", 0 <= entry.axis < rank
        elif isinstance(entry, Node):
            yield "an index node is integer and spans the iteration space", entry.dtype == INT and entry.shape == space
