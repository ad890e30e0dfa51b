"""Which values of a kernel are float32, where a fit asks for it: those that come from rows of data.

Float data is stored as float32, and what is computed from it for each row in vector code is float32 as well. All else
stays float64: parameters, noise, sums over rows, recurrences, whole matrices, and arithmetic that no row of data
enters. A float64 value that meets a row is rounded first. Sums run in float64; only the rows
of one block are added up in float32, and their total is widened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ..ir.nodes import FLOAT, INT, Call, Const, Gather, Input, Map, Node, Scatter
from ..ir.walk import topological
from .dependence import Operation, is_operation
from .fuse import Nest
from .place import Places

DTYPES = ("float64", "float32")
# A number outside of these becomes zero or infinite in float32, and is there to mean neither.
_TINY, _HUGE = 1.2e-38, 3.4e38


class Precision:
    """The answers for one kernel.

    definitions: what stands behind the inputs that are computed when data is bound. tallied: inputs that have one
    element for many rows, so that what is rounded there would not average out.
    """

    def __init__(
        self, dtype: str, definitions: Mapping[Input, Node] | None = None, tallied: Iterable[Input] = ()
    ) -> None:
        self._is_on = dtype == "float32"
        self._rows: dict[Node, bool] = dict.fromkeys(tallied, False)
        self._single: set[Operation] = set()
        # Results that may lie outside of float32's range.
        self._extreme: set[Operation] = set()
        if self._is_on and definitions:
            for node in topological(list(definitions.values())):
                self._is_row(node)
            # A sum that is kept belongs to no row.
            for kept, definition in definitions.items():
                self._rows[kept] = kept.rank > 0 and self._rows[definition]

    def assign(self, places: Places, lane_axis: Callable[[tuple[Nest, ...]], int | None]) -> None:
        """Decide for every operation, once it has its place."""
        if not self._is_on:
            return
        for op, path in places.path.items():
            axis = lane_axis(path)
            in_lanes = axis is not None and places.home[op] > axis
            if self._may_be_extreme(op):
                self._extreme.add(op)
            self._rows[op] = (isinstance(op, Map) or in_lanes) and self._comes_from_rows(op, places)
            if (
                self._rows[op]
                and op.dtype == FLOAT
                and not _adds_up(op)
                and axis is not None
                and not any(nest.steps_of is not None for nest in path)
                and not any(isinstance(read.consumer, Call) for read in places.uses[op])
                and op not in self._extreme
            ):
                self._single.add(op)

    def of_data(self, node: Input) -> bool:
        """Whether an array of data is stored as float32."""
        return self._is_on and node.dtype != INT and self._is_row(node)

    def of(self, node: object) -> bool:
        """Whether the result of an operation is float32."""
        return node in self._single

    def _is_row(self, node: Node) -> bool:
        if node not in self._rows:
            self._rows[node] = self._comes_from_rows(node)
        return self._rows[node]

    def _comes_from_rows(self, node: Node, places: Places | None = None) -> bool:
        match node:
            case Input():
                return node.role == "data" and node.rank > 0
            case Map() | Gather():
                return any(self._is_row(a) for a in node.args)
            case Scatter():
                return places is not None and self._is_row(node.source)
        return False

    def _may_be_extreme(self, op: Operation) -> bool:
        """A number of the program that float32 cannot hold is among its operands, or among theirs."""
        pending: list[Node] = list(op.args)
        while pending:
            node = pending.pop()
            if node in self._extreme or (isinstance(node, Const) and not _is_ordinary(node)):
                return True
            if isinstance(node, Gather) or (isinstance(node, Map) and not is_operation(node)):
                pending.extend(node.args)
        return False


def _adds_up(op: Operation) -> bool:
    """Many numbers become one, and each would leave its rounding; the largest of them is one of them."""
    return isinstance(op, Scatter) and op.combine in ("add", "mul")


def _is_ordinary(number: Const) -> bool:
    size = abs(number.value)
    return number.dtype != FLOAT or not (0.0 < size < _TINY or _HUGE < size < float("inf"))
