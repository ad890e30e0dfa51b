"""A guide's sampler and the layout of its parameters as JSON and arrays, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..distributions.constraints.serialise import read_constraint, write_constraint
from ..ir.nodes import Input
from ..ir.serialise import read_nodes, write_nodes
from .sampler import Sampler
from .slots import ParamSlot

if TYPE_CHECKING:
    import numpy.typing as npt

Arrays = dict[str, "npt.NDArray[Any]"]


def write_slots(slots: Iterable[ParamSlot]) -> list[Any]:
    """Each parameter's name, constraint and place. TypeError, naming it, for a constraint of the user's own."""
    return [_written_slot(slot) for slot in slots]


def read_slots(written: Sequence[Any]) -> tuple[ParamSlot, ...]:
    """The slots again, equal to what was written."""
    return tuple(
        ParamSlot(name, read_constraint(constraint), start, tuple(shape), tuple(free))
        for name, constraint, start, shape, free in written
    )


def write_sampler(sampler: Sampler) -> tuple[dict[str, Any], Arrays]:
    """The graph of the draws with all that it reads: as JSON, and the arrays that this names. Slots are left out."""
    known = list(sampler.known.items())
    nodes, places = write_nodes([*sampler.sites.values(), *sampler.params, *(node for node, _ in known)])
    first, second = len(sampler.sites), len(sampler.sites) + len(sampler.params)
    arrays = {f"data.{number}": np.asarray(value) for number, (_, value) in enumerate(known)}
    facts = {
        "nodes": nodes,
        "sites": list(zip(sampler.sites, places[:first])),
        "params": places[first:second],
        "known": list(zip(places[second:], arrays)),
        "sizes": dict(sampler.sizes),
    }
    return facts, arrays


def read_sampler(facts: Mapping[str, Any], arrays: Mapping[str, Any], slots: tuple[ParamSlot, ...]) -> Sampler:
    """The sampler again: its draws have the same bits."""
    places = [place for _, place in facts["sites"]]
    places += [*facts["params"], *(place for place, _ in facts["known"])]
    nodes = iter(read_nodes(facts["nodes"], places))
    sites = {name: next(nodes) for name, _ in facts["sites"]}
    params = [next(nodes) for _ in facts["params"]]
    known = {next(nodes): arrays[name] for _, name in facts["known"]}
    inputs = tuple(node for node in params if isinstance(node, Input))
    if len(inputs) != len(slots) or len(params) != len(slots):
        raise ValueError(f"a sampler of {len(inputs)} parameters in place of {len(slots)}")
    return Sampler(sites, slots, inputs, known, {name: int(size) for name, size in facts["sizes"].items()})


def _written_slot(slot: ParamSlot) -> list[Any]:
    try:
        constraint = write_constraint(slot.constraint)
    except TypeError as error:
        raise TypeError(f"parameter `{slot.name}`: {error}") from None
    return [slot.name, constraint, slot.start, list(slot.shape), list(slot.unconstrained_shape)]
