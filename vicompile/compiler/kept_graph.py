"""Named values as functions of the unconstrained parameters, without the model, guide and kernel they come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

from ..diagnostics import Record
from ..ir.nodes import Node
from ..ir.walk import topological
from .slots import ParamSlot

if TYPE_CHECKING:
    from .binding import BoundFit


class KeptGraph(Record, eq=False):
    """It holds no data but what the values depend on, and can be pickled and kept in files.

    values: what is computed, by name. slots, inputs: place and node of each parameter. known: the values of data.
    sizes: those of size symbols.
    """

    values: Mapping[str, Node]
    slots: tuple[ParamSlot, ...]
    inputs: tuple[Node, ...]
    known: Mapping[Node, Any]
    sizes: Mapping[str, int]

    def __reduce__(self) -> tuple[Any, ...]:
        from .serialise import read_graph, write_graph

        return read_graph, (*write_graph(self), self.slots)

    @classmethod
    def holding(cls, values: Mapping[str, Node], fit: BoundFit) -> Self:
        """These values of a bound fit, with copies of the data below them."""
        inputs = tuple(record.unconstrained for record in fit.compiled.unit.params)
        known = fit.copies_for(topological(values.values()))
        return cls(values, tuple(fit.slots), inputs, known, dict(fit.sizes))

    def nodes(self) -> Iterable[Node]:
        """What the values are made of, themselves included; each before its readers."""
        return topological(self.values.values())
