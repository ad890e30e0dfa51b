"""Graphs of draws and sites with all that they read, as JSON and arrays, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..ir.serialise import read_nodes, write_nodes
from .kept_graph import KeptGraph
from .sampler import Sampler
from .sites import Sites
from .slots import ParamSlot

if TYPE_CHECKING:
    import numpy.typing as npt

GRAPHS: dict[str, type[KeptGraph]] = {kind.__name__: kind for kind in (Sampler, Sites)}


def write_graph(graph: KeptGraph) -> tuple[dict[str, Any], list[npt.NDArray[Any]]]:
    """All but the slots: as JSON, and the values of the data that it reads."""
    values, inputs, known = graph.values, graph.inputs, graph.known
    nodes, places = write_nodes([*values.values(), *inputs, *known])
    first, second = len(values), len(values) + len(inputs)
    facts = {
        "kind": type(graph).__name__,
        "nodes": nodes,
        "named": list(zip(values, places[:first])),
        "inputs": places[first:second],
        "known": places[second:],
        "sizes": dict(graph.sizes),
    }
    return facts, [np.asarray(value) for value in known.values()]


def read_graph(facts: Mapping[str, Any], values: Sequence[Any], slots: tuple[ParamSlot, ...]) -> KeptGraph:
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
    inside, data = tuple(nodes[first:second]), dict(zip(nodes[second:], values))
    return GRAPHS[facts["kind"]](named, slots, inside, data, dict(facts["sizes"]))
