"""Walking and rebuilding graphs, iteratively: graphs may be deeper than Python's stack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from .dims import Shape, Size, substitute
from .nodes import (
    Axis,
    Call,
    Const,
    Draw,
    Gather,
    History,
    Index,
    IndexTuple,
    Input,
    Iota,
    Map,
    Node,
    Scan,
    Scatter,
    Site,
    Slot,
    inherit_origins,
    make,
)
from .nodes import Size as SizeNode


def topological(roots: Iterable[Node], operands: Callable[[Node], Sequence[Node]] | None = None) -> list[Node]:
    """Every node the roots depend on, arguments first, in a deterministic order.

    operands: what a node is computed from, by default its arguments.
    """
    order: list[Node] = []
    seen: set[Node] = set()
    for root in roots:
        stack: list[tuple[Node, bool]] = [(root, False)]
        while stack:
            node, expanded = stack.pop()
            if expanded:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                args = node.args if operands is None else operands(node)
                stack.extend((arg, False) for arg in reversed(args) if arg not in seen)
    return order


def with_args(node: Node, replaced: Mapping[Node, Node]) -> Node:
    """The same operation on replaced arguments of the same shapes."""
    if isinstance(node, Map):
        return make(Map, node.dtype, node.shape, primitive=node.primitive,
                    operands=tuple(replaced[a] for a in node.operands))  # fmt: skip
    if isinstance(node, Call):
        return make(Call, node.dtype, node.shape, function=node.function,
                    operands=tuple(replaced[a] for a in node.operands))  # fmt: skip
    if isinstance(node, (Gather, Scatter)):
        index = tuple(replaced[e] if isinstance(e, Node) else e for e in node.index)
        return _indexed(node, replaced[node.source], index, node.shape)
    if isinstance(node, Scan):
        return with_parts(node, tuple(replaced[a] for a in node.args), node.body)
    if isinstance(node, History):
        return make(History, node.dtype, node.shape, scan=replaced[node.scan], number=node.number)
    return node


def _indexed(node: Gather | Scatter, source: Node, index: IndexTuple, shape: Shape) -> Node:
    if isinstance(node, Scatter):
        return make(Scatter, node.dtype, shape, source=source, index=index, combine=node.combine)
    return make(Gather, node.dtype, shape, source=source, index=index)


def with_parts(scan: Scan, args: tuple[Node, ...], body: tuple[Node, ...], shape: Shape | None = None) -> Scan:
    """The same recurrence with other arguments and another body, and with other batch axes if `shape` gives them."""
    first, second = len(scan.init), len(scan.init) + len(scan.steps)
    return make(Scan, scan.dtype, scan.shape if shape is None else shape, length=scan.length, backwards=scan.backwards,
                init=args[:first], steps=args[first:second], invariants=args[second:], slots=scan.slots,
                body=body)  # fmt: skip


def rebuild(roots: Iterable[Node], change: Callable[[Node], Node | None]) -> dict[Node, Node]:
    """Map every node below `roots` to its rebuilt self.

    `change` is asked for each node, already rebuilt from changed arguments; it returns a replacement of the same shape
    and dtype, or None to keep it. A replacement is taken as it is: it is not rebuilt again. The bodies of recurrences
    are rebuilt too.
    """
    result: dict[Node, Node] = {}
    with inherit_origins() as follow:
        for node in topological(roots):
            follow(node)
            fresh = with_args(node, result) if node.args else node
            if isinstance(fresh, Scan):
                inside = rebuild(fresh.body, change)
                fresh = with_parts(fresh, fresh.args, tuple(inside[root] for root in fresh.body))
            result[node] = change(fresh) or fresh
    return result


def replace(roots: Iterable[Node], mapping: Mapping[Node, Node]) -> dict[Node, Node]:
    """Rebuild with some nodes replaced by others. What is replaced is found as it was, not as it is rebuilt."""
    result: dict[Node, Node] = {}
    with inherit_origins() as follow:
        for node in topological(roots):
            follow(node)
            result[node] = mapping.get(node) or (with_args(node, result) if node.args else node)
    return result


def resize(roots: Iterable[Node], sizes: Mapping[str, Size]) -> dict[Node, Node]:
    """Rebuild with some size symbols replaced."""
    result: dict[Node, Node] = {}
    for node in topological(roots):
        shape = tuple(substitute(s, sizes) for s in node.shape)
        fresh: Node
        match node:
            case Map():
                fresh = make(Map, node.dtype, shape, primitive=node.primitive,
                             operands=tuple(result[a] for a in node.operands))  # fmt: skip
            case Call():
                fresh = make(Call, node.dtype, shape, function=node.function,
                             operands=tuple(result[a] for a in node.operands))  # fmt: skip
            case Gather() | Scatter():
                index = tuple(
                    result[e] if isinstance(e, Node)
                    else Axis(e.axis, substitute(e.start, sizes)) if isinstance(e, Axis)
                    else substitute(e, sizes)
                    for e in node.index
                )  # fmt: skip
                fresh = _indexed(node, result[node.source], index, shape)
            case SizeNode():
                from .ops import size_node

                fresh = size_node(substitute(node.dim, sizes))
            case Input():
                fresh = make(Input, node.dtype, shape, name=node.name, role=node.role)
            case Draw():
                fresh = make(type(node), node.dtype, shape, noise=node.noise, site=node.site, slot=node.slot)
            case Site():
                fresh = make(Site, node.dtype, shape, name=node.name)
            case Iota():
                fresh = make(Iota, node.dtype, shape)
            case Slot():
                fresh = make(Slot, node.dtype, shape, role=node.role, key=node.key, number=node.number)
            case Scan():
                fresh = _resized_scan(node, shape, result, sizes)
            case History():
                fresh = make(History, node.dtype, shape, scan=result[node.scan], number=node.number)
            case Const() | Index():
                fresh = node
            case _:
                raise AssertionError(f"unknown kind {type(node).__name__}")
        result[node] = fresh
    return result


def _resized_scan(scan: Scan, shape: Shape, result: Mapping[Node, Node], sizes: Mapping[str, Size]) -> Scan:
    inside = resize([*scan.body, *scan.slots], sizes)
    init, steps, invariants = (tuple(result[a] for a in group) for group in (scan.init, scan.steps, scan.invariants))
    return make(Scan, scan.dtype, shape, length=substitute(scan.length, sizes), backwards=scan.backwards, init=init,
                steps=steps, invariants=invariants, slots=tuple(inside[s] for s in scan.slots),
                body=tuple(inside[b] for b in scan.body))  # fmt: skip
