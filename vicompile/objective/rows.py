"""Whether the sites of a model and its guide fall apart into independent rows: those of the one plate around them all.

A bound that is no mean over particles is then taken row by row: the sum is nearer to the evidence, and the batch of a
subsampled plate estimates it without bias.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

from ..diagnostics import CompileError, Record
from ..ir import ops
from ..ir.nodes import Node
from ..lower import Trace
from .densities import total_of
from .errors import SubsampleNotCommon
from .terms import Term


class Rows(Record):
    """plate: the name of the plate whose rows are independent; None where all is one. scale: how often each counts."""

    plate: str | None = None
    scale: Node | None = None

    def sum_of(self, terms: Iterable[Term]) -> Node:
        """The sum of log densities: of each row without its scale, or of all."""
        if self.plate is None:
            return total_of(terms)
        return reduce(ops.add, (term.elements for term in terms if term.elements is not None), ops.as_node(0.0))

    def total(self, of_rows: Node) -> Node:
        """The sum over the rows, each as often as it counts."""
        whole: Node = ops.total(of_rows)
        return whole if self.scale is None else self.scale * whole


def rows_of(model: Trace, guide: Trace, terms: Sequence[Term]) -> Rows:
    """The rows of the plate that is around all sites, and alone.

    Raises CompileError for another plate of which only some elements are in: the bound of a part says nothing about
    that of the whole.
    """
    around = {site.plates for trace in (model, guide) for site in trace.sites}
    scales = {term.scale for term in terms}
    if len(around) == 1 and len(scales) == 1:
        plates, scale = around.pop(), scales.pop()
        record = model.plates.get(plates[0]) if len(plates) == 1 else None
        has_rows = record is not None and all(
            term.elements is not None and term.elements.shape == (record.length,) for term in terms
        )
        if record is not None and has_rows and (scale is None or not scale.rank):
            return Rows(record.name, scale)
    for record in model.plates.values():
        if record.chosen is not None:
            raise CompileError(SubsampleNotCommon(record.span, record.name))
    return Rows()
