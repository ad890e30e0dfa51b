"""Graphs of draws and sites with all that they read, as JSON and arrays, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from ..ir.serialise import read_nodes, write_nodes
from .sampler import Sampler
from .sites import Sites
from .slots import ParamSlot

if TYPE_CHECKING:
    import numpy.typing as npt

Graph: TypeAlias = "Sampler | Sites"
GRAPHS: dict[str, type[Graph]] = {kind.__name__: kind for kind in (Sampler, Sites)}


def write_graph(graph: Graph) -> tuple[dict[str, Any], list[npt.NDArray[Any]]]:
    """All but the slots: as JSON, and the values of the data that it reads."""
    named, _, inputs, known, sizes = (getattr(graph, field) for field in graph._fields)
    nodes, places = write_nodes([*named.values(), *inputs, *known])
    first, second = len(named), len(named) + len(inputs)
    facts = {
        "kind": type(graph).__name__,
        "nodes": nodes,
        "named": list(zip(named, places[:first])),
        "inputs": places[first:second],
        "known": places[second:],
        "sizes": dict(sizes),
    }
    return facts, [np.asarray(value) for value in known.values()]


def read_graph(facts: Mapping[str, Any], values: Sequence[Any], slots: tuple[ParamSlot, ...]) -> Graph:
    """The graph again: what it computes has the same bits.

    Raises UnknownNode for a graph of another version; ValueError, KeyError, TypeError or IndexError for none at all.
    """
    inputs, known = facts["inputs"], facts["known"]
    if len(inputs) != len(slots) or len(known) != len(values):
        raise ValueError(f"a graph of {len(inputs)} inputs and {len(known)} arrays for {len(slots)} and {len(values)}")
    names = [name for name, _ in facts["named"]]
    nodes = read_nodes(facts["nodes"], [*(place for _, place in facts["named"]), *inputs, *known])
    first, second = len(names), len(names) + len(inputs)
    named = dict(zip(names, nodes[:first]))
    read: Any = GRAPHS[facts["kind"]]
    found: Graph = read(
        named, slots, tuple(nodes[first:second]), dict(zip(nodes[second:], values)), dict(facts["sizes"])
    )
    return found
