"""What NumPy finds in data alone: the places where a condition holds, distinct values, an order, repetitions.

Each is data like any other, but no argument: its values are found when arguments are bound, before anything else is
computed. Where data decides the length, too, it is a size symbol of its own: another number of places compiles nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from ..diagnostics import Record, Span
from ..ir import ops
from ..ir.dims import Dim, Shape, Size, symbol
from ..ir.nodes import BOOL, FLOAT, Draw, Gather, Index, Input, Node, Site, Slot, make
from ..ir.walk import topological
from ..specialise import is_length
from .errors import NotSupported
from .signals import NeedFixed

if TYPE_CHECKING:
    from .context import Context

_SYMBOL = re.compile(r"@found\.(\d+)")


class Definition(Record, eq=False):
    """What is found in data. `kind` names the function: see `compiler.found`; `options` are its other arguments.

    outputs: the arrays that it gives. symbol: the size that is the number of elements of the first one. constants:
    arrays of the program below the operands.
    """

    kind: str
    operands: tuple[Node, ...]
    options: tuple[Any, ...]
    symbol: str
    outputs: tuple[Input, ...]
    constants: Mapping[Input, npt.NDArray[Any]]
    span: Span

    @property
    def length(self) -> Size:
        """How many there are."""
        return self.outputs[0].shape[0]


class Found:
    """All definitions of a model and its guide, in the order in which the programs come to them.

    replacements: sizes that are no symbols of their own. conditions: the arguments that are arrays of booleans.
    """

    def __init__(
        self, replacements: Mapping[str, Size] | None = None, conditions: frozenset[str] = frozenset()
    ) -> None:
        self.definitions: list[Definition] = []
        self._replacements, self._conditions = replacements or {}, conditions
        self._known: dict[tuple[Any, ...], Definition] = {}
        # Counts what programs ask for, not what is new: the numbers then stay when sizes are found to be equal.
        self._asked = 0

    def define(
        self,
        context: Context,
        kind: str,
        operands: Sequence[Node],
        span: Span,
        outputs: Sequence[tuple[str, Shape | None]],
        options: tuple[Any, ...] = (),
    ) -> Definition:
        """The definition of this kind on these operands, which are data alone; the same one for the same operands.

        outputs: the dtype and shape of each array; None stands for one axis of the length that is found.
        """
        number = self._asked
        self._asked += 1
        key = (kind, *operands, *options)
        known = self._known.get(key)
        if known is not None:
            return known
        name = f"@found.{number}"
        length = self._replacements.get(name, symbol(name))
        arrays = tuple(
            make(Input, dtype, (length,) if shape is None else shape, name=f"{name}.{k}", role="data")
            for k, (dtype, shape) in enumerate(outputs)
        )
        below = topological(operands)
        constants = {
            n: context.trace.constants[n] for n in below if isinstance(n, Input) and n in context.trace.constants
        }
        definition = Definition(kind, tuple(operands), options, name, arrays, constants, span)
        self.definitions.append(definition)
        self._known[key] = definition
        return definition

    def as_condition(self, value: Any) -> Node | None:
        """An array of conditions as such: arguments of booleans are numbers otherwise. None for anything else."""
        if not isinstance(value, Node) or not value.rank:
            return None
        if value.dtype == BOOL:
            return value
        base = value
        while isinstance(base, Gather):
            base = base.source
        is_condition = value.dtype == FLOAT and isinstance(base, Input) and base.name in self._conditions
        return ops.not_equal(value, 0.0) if is_condition else None


def order_of(name: str) -> int | None:
    """The place in the order of the program of a size that is found in data; None for any other size."""
    match = _SYMBOL.fullmatch(name)
    return int(match[1]) if match else None


def is_found(node: Node) -> bool:
    """Whether an array is found in data: its elements are places that exist."""
    return isinstance(node, Input) and node.name.startswith("@found.")


def is_data(node: Node) -> bool:
    """Whether neither a draw, a parameter nor the round of a loop is below a node."""
    return not any(_is_unknown(below) for below in topological([node]))


def _is_unknown(node: Node) -> bool:
    return isinstance(node, (Index, Slot, Draw, Site)) or (isinstance(node, Input) and node.role != "data")


def needs_data(context: Context, node: Node, what: str, advice: str, span: Span) -> None:
    """CompileError for what depends on a draw, a parameter or the round of a loop.

    Raises NeedFixed for a loop that can be unrolled instead: an int argument tells its length.
    """
    from .context import fail

    for below in topological([node]):
        if isinstance(below, (Index, Slot)):
            if isinstance(below, Index) and below in context.loops:
                size = context.loop_sizes[context.loops.index(below)]
                if isinstance(size, Dim) and not any(map(is_length, size.symbols)):
                    raise NeedFixed(size.symbols, span)
            fail(NotSupported(span, f"{what} that differs from round to round of a loop", advice))
        if _is_unknown(below):
            fail(NotSupported(span, f"{what} that depends on a draw or a parameter", advice))
