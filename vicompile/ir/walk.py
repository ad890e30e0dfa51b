"""Walking and rebuilding graphs, iteratively: graphs may be deeper than Python's stack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from .dims import Size, substitute
from .nodes import Axis, Const, Draw, Gather, Index, Input, Iota, Map, Node, Scatter, Site, inherit_origins, make
from .nodes import Size as SizeNode


def topological(roots: Iterable[Node]) -> list[Node]:
    """Every node the roots depend on, arguments first, in a deterministic order."""
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
                stack.extend((arg, False) for arg in reversed(node.args) if arg not in seen)
    return order


def with_args(node: Node, replaced: Mapping[Node, Node]) -> Node:
    """The same operation on replaced arguments of the same shapes."""
    if isinstance(node, Map):
        return make(Map, node.dtype, node.shape, primitive=node.primitive,
                    operands=tuple(replaced[a] for a in node.operands))  # fmt: skip
    if isinstance(node, (Gather, Scatter)):
        index = tuple(replaced[e] if isinstance(e, Node) else e for e in node.index)
        return make(type(node), node.dtype, node.shape, source=replaced[node.source], index=index)
    return node


def rebuild(roots: Iterable[Node], change: Callable[[Node], Node | None]) -> dict[Node, Node]:
    """Map every node below `roots` to its rebuilt self.

    `change` is asked for each node, already rebuilt from changed arguments; it returns a replacement of the same shape
    and dtype, or None to keep it. A replacement is taken as it is: it is not rebuilt again.
    """
    result: dict[Node, Node] = {}
    with inherit_origins() as follow:
        for node in topological(roots):
            follow(node)
            fresh = with_args(node, result) if node.args else node
            result[node] = change(fresh) or fresh
    return result


def replace(roots: Iterable[Node], mapping: Mapping[Node, Node]) -> dict[Node, Node]:
    """Rebuild with some nodes replaced by others."""
    return rebuild(roots, mapping.get)


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
            case Gather() | Scatter():
                index = tuple(
                    result[e] if isinstance(e, Node)
                    else Axis(e.axis, substitute(e.start, sizes)) if isinstance(e, Axis)
                    else substitute(e, sizes)
                    for e in node.index
                )  # fmt: skip
                fresh = make(type(node), node.dtype, shape, source=result[node.source], index=index)
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
            case Const() | Index():
                fresh = node
            case _:
                raise AssertionError(f"unknown kind {type(node).__name__}")
        result[node] = fresh
    return result
