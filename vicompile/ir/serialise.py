"""Graphs as plain lists of numbers and texts, as JSON holds them, and back.

A node is `[kind, dtype, shape, *fields]`, and stands behind the nodes that it is made of, to which it refers by their
place. Reading makes interned nodes: what is read back is the very object that was written, where that still lives.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from .calls import calls
from .dims import Dim, Size, inside, made, operation_of, symbol
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
    const,
    make,
)
from .nodes import Size as SizeNode
from .primitives import primitives
from .verify import verify
from .walk import topological

# The fields of each kind, in the order in which they make a node's identity, and how each is written.
FIELDS: dict[type[Node], dict[str, str]] = {
    SizeNode: {"dim": "size"},
    Input: {"name": "plain", "role": "plain"},
    Draw: {"noise": "plain", "site": "plain", "slot": "plain"},
    SharedDraw: {"noise": "plain", "site": "plain", "slot": "plain"},
    Index: {"name": "plain"},
    Iota: {},
    Site: {"name": "plain"},
    Map: {"primitive": "plain", "operands": "nodes"},
    Gather: {"source": "node", "index": "index"},
    Scatter: {"source": "node", "index": "index", "combine": "plain"},
    Call: {"function": "plain", "operands": "nodes"},
    Slot: {"role": "plain", "key": "plain", "number": "plain"},
    Scan: {
        "length": "size", "backwards": "plain", "init": "nodes", "steps": "nodes", "invariants": "nodes",
        "slots": "nodes", "body": "nodes",
    },
    History: {"scan": "node", "number": "plain"},
}  # fmt: skip
_KINDS = {kind.__name__: kind for kind in FIELDS}


class UnknownNode(ValueError):
    """A written node of a kind, or with a function, that this version does not have."""


def write_nodes(roots: Iterable[Node]) -> tuple[list[Any], list[int]]:
    """The list of all nodes that the roots depend on, and the place of each root in it."""
    roots = list(roots)
    places: dict[Node, int] = {}
    written: list[Any] = []
    for node in _with_bodies(roots):
        if node not in places:
            written.append(_written(node, places))
            places[node] = len(places)
    return written, [places[root] for root in roots]


def read_nodes(written: Sequence[Any], roots: Sequence[int]) -> list[Node]:
    """The roots again.

    Raises UnknownNode for what this version does not know; ValueError, KeyError, TypeError or IndexError for what is
    no written graph.
    """
    nodes: list[Node] = []
    for one in written:
        nodes.append(_read(one, nodes))
    found = [nodes[place] for place in roots]
    try:
        verify(found)
    except AssertionError as error:
        raise ValueError(f"a graph that is not well formed: {error}") from None
    return found


def _with_bodies(roots: Iterable[Node]) -> Iterator[Node]:
    """Every node, behind what it is made of; bodies of recurrences too."""
    for node in topological(roots):
        if isinstance(node, Scan):
            yield from _with_bodies([*node.slots, *node.body])
        yield node


def _written(node: Node, places: dict[Node, int]) -> list[Any]:
    if isinstance(node, Const):
        return ["Const", node.dtype, write_number(node.value)]
    fields = [_WRITERS[how](getattr(node, name), places) for name, how in FIELDS[type(node)].items()]
    return [type(node).__name__, node.dtype, [write_size(size) for size in node.shape], *fields]


def _read(written: Sequence[Any], nodes: Sequence[Node]) -> Node:
    name, dtype, *rest = written
    if name == "Const":
        return const(read_number(rest[0]))
    kind = _KINDS.get(name)
    if kind is None:
        raise UnknownNode(f"a node of the unknown kind `{name}`")
    table = FIELDS[kind]
    shape, *values = rest
    if len(values) != len(table):
        raise UnknownNode(f"a node `{name}` with {len(values)} fields in place of {len(table)}")
    fields = {field: _READERS[how](value, nodes) for (field, how), value in zip(table.items(), values)}
    for field, known in (("primitive", primitives), ("function", calls)):
        if field in fields and fields[field] not in known():
            raise UnknownNode(f"the unknown function `{fields[field]}`")
    return make(kind, dtype, tuple(read_size(size) for size in shape), **fields)


# -- fields ----------------------------------------------------------------------------------------------------------


def write_number(value: float | int | bool) -> Any:
    """A number: whole ones, truth values and finite ones as they are; JSON has no others, so these are texts."""
    return repr(value) if isinstance(value, float) and not math.isfinite(value) else value


def read_number(written: Any) -> float | int | bool:
    """The number again, with its type and its bits."""
    if isinstance(written, str):
        return float(written)
    if not isinstance(written, (bool, int, float)):
        raise TypeError(f"{written!r} is not a number")
    return written


def write_size(size: Size) -> Any:
    """A size: a whole number, or the terms of the polynomial, [coefficient, [factors]] each.

    A factor is a name, or [operation, size, size] for what is made of other sizes.
    """
    if isinstance(size, int):
        return size
    return [[coefficient, [_factor(name) for name in monomial]] for monomial, coefficient in size.terms]


def read_size(written: Any) -> Size:
    """The size again, the very object. ValueError or TypeError for what is no size."""
    if isinstance(written, int):
        return written
    total: Size = 0
    for coefficient, factors in written:
        term: Size = coefficient
        for factor in factors:
            term = term * (symbol(factor) if isinstance(factor, str) else _made(*factor))
        total = total + term
    return total


def _factor(name: str) -> Any:
    operation, sizes = operation_of(name), inside(name)
    return name if operation is None or sizes is None else [operation, *(write_size(size) for size in sizes)]


def _made(operation: str, first: Any, second: Any) -> Size:
    if operation not in ("//", "min", "max"):
        raise UnknownNode(f"sizes joined by the unknown operation `{operation}`")
    return made(operation, read_size(first), read_size(second))


def _write_entry(entry: Any, places: dict[Node, int]) -> Any:
    if isinstance(entry, Axis):
        return {"axis": entry.axis, "start": write_size(entry.start)}
    return {"node": places[entry]} if isinstance(entry, Node) else write_size(entry)


def _read_entry(written: Any, nodes: Sequence[Node]) -> Axis | Dim | int | Node:
    if isinstance(written, dict):
        return nodes[written["node"]] if "node" in written else Axis(written["axis"], read_size(written["start"]))
    return read_size(written)


_WRITERS: dict[str, Callable[[Any, dict[Node, int]], Any]] = {
    "plain": lambda value, places: value,
    "size": lambda size, places: write_size(size),
    "node": lambda node, places: places[node],
    "nodes": lambda several, places: [places[node] for node in several],
    "index": lambda index, places: [_write_entry(entry, places) for entry in index],
}
_READERS: dict[str, Callable[[Any, Sequence[Node]], Any]] = {
    "plain": lambda value, nodes: value,
    "size": lambda size, nodes: read_size(size),
    "node": lambda place, nodes: nodes[place],
    "nodes": lambda places, nodes: tuple(nodes[place] for place in places),
    "index": lambda index, nodes: tuple(_read_entry(entry, nodes) for entry in index),
}
