"""The state of one lowering: what has been traced so far, which plates are open, and the errors' common shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn, cast

import numpy as np

from ..diagnostics import CompileError, Diagnostic, Span
from ..frontend import Program
from ..ir import ops
from ..ir.dims import Dim, Size
from ..ir.nodes import FLOAT, INT, Index, Input, Node, Provenance, make
from ..ir.vectors import SizeMustBeKnown
from ..language.messages import Handler
from ..specialise import Table, is_length
from .bounds import NeedsNumber
from .errors import InvalidOperation, NotSupported
from .found import Found
from .signals import NeedEqual, NeedFixed
from .text import describe, message_of
from .trace import Origin, Trace
from .values import Plate, Scope

MAX_INLINE_DEPTH = 60
# What Python and NumPy raise for operations that fail.
_FAILURES = (TypeError, ValueError, IndexError, KeyError, AttributeError, ZeroDivisionError, OverflowError)
_ADVICE = "write it with elementwise operations, sums and indexing"


@dataclass
class Context:
    """Shared by all the functions of this room while one program is lowered.

    helpers: the Program and the outside values of each function that the program may call.
    effects: the handlers around the statement that is being run, outermost first.
    sizes: what sizes are in the present call; only for choices that are right for every size.
    draws_on_the_way: whether a latent in a loop that carries values is drawn where it stands, as in a guide.
    found: arrays whose length the data decides, those of the other program of the pair included.
    carrying: how many of the open loops hand values from round to round.
    """

    trace: Trace
    provenance: Provenance
    prefix: str
    helpers: Mapping[Any, tuple[Program, Mapping[str, Any]]] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    draws_on_the_way: bool = False
    found: Found = field(default_factory=Found)
    scopes: list[Scope] = field(default_factory=list)
    plates: list[Plate] = field(default_factory=list)
    # How often sites count that stand in loops over subsampled plates.
    loop_weights: list[Node] = field(default_factory=list)
    loops: list[Index] = field(default_factory=list)
    loop_sizes: list[Size] = field(default_factory=list)
    # The loops whose variable must be in the names of sites: all but those of `scan`.
    naming_loops: list[Index] = field(default_factory=list)
    carrying: int = 0
    names: set[str] = field(default_factory=set)
    effects: tuple[Handler, ...] = ()

    @property
    def scope(self) -> Scope:
        """The variables of the function that is being run."""
        return self.scopes[-1]

    def constant(self, array: Any) -> Node:
        """An array from the program itself, as one more data input."""
        array = np.asarray(array)
        if array.ndim == 0:
            return ops.as_node(array.item())
        if array.dtype.kind not in "biuf":
            raise TypeError(f"an array of dtype {array.dtype} cannot be computed with")
        dtype = INT if array.dtype.kind in "iu" else FLOAT
        node: Input = make(
            Input, dtype, array.shape, name=f"{self.prefix}constant.{len(self.trace.constants)}", role="data"
        )
        self.trace.constants[node] = np.array(array, np.int64 if dtype == INT else np.float64, order="F")
        return node

    def node(self, value: Any, span: Span, what: str = "this value") -> Node:
        """A node for any numeric value. Raises CompileError for anything else."""
        if isinstance(value, Table):
            return cast(Node, value.matrix)
        try:
            if isinstance(value, np.ndarray):
                return self.constant(value)
            if isinstance(value, (list, tuple)):
                return self._sequence(value)
            return ops.as_node(value)
        except (TypeError, ValueError):
            fail(InvalidOperation(span, f"{what} must be a number or an array of numbers, not {describe(value)}"))

    def _sequence(self, values: list[Any] | tuple[Any, ...]) -> Node:
        from .arrays import stack
        from .functions import is_symbolic

        if is_symbolic(values):
            node: Node = stack(self.ready(values))
            return node
        return self.constant(np.asarray(values, float))

    def ready(self, value: Any) -> Any:
        """The same value with nodes for the arrays in it."""
        if isinstance(value, Table):
            return value.matrix
        if isinstance(value, np.ndarray) and value.ndim:
            return self.constant(value)
        if isinstance(value, (list, tuple)) and any(isinstance(v, (np.ndarray, list, tuple)) for v in value):
            return [self.ready(v) for v in value]
        return value

    def ready_number(self, value: Any, span: Span) -> Node:
        """A node for a number or array that a loop hands on."""
        return self.node(value, span, "what a loop hands on")

    def unroll(self, span: Span) -> None:
        """Ask for the open loops to be unrolled, if whole numbers that were passed tell their lengths."""
        names = frozenset(name for size in self.loop_sizes if isinstance(size, Dim) for name in size.symbols)
        if names and not any(map(is_length, names)):
            raise NeedFixed(names, span)

    @contextmanager
    def at(self, span: Span) -> Iterator[None]:
        """Nodes made inside come from `span`; operations that fail there are reported there."""
        with self.provenance.at(Origin("", span)):
            try:
                yield
            except ops.ShapeMismatch as mismatch:
                equate(mismatch.left, mismatch.right, span)
            except NeedsNumber as need:
                if any(map(is_length, need.size.symbols)):
                    fail(InvalidOperation(span, message_of(need)))
                raise NeedFixed(need.size.symbols, span) from None
            except SizeMustBeKnown as need:
                raise NeedFixed(need.size.symbols if isinstance(need.size, Dim) else frozenset(), span) from None
            except NotImplementedError as error:
                what = str(error.args[0]) if error.args else "this operation"
                fail(NotSupported(span, what, str(error.args[1]) if len(error.args) > 1 else _ADVICE))
            except _FAILURES as error:
                fail(InvalidOperation(span, message_of(error)))


def fail(diagnostic: Diagnostic) -> NoReturn:
    """Raise one diagnostic."""
    raise CompileError(diagnostic) from None


def equate(left: Size, right: Size, span: Span) -> NoReturn:
    """Ask for two sizes to be treated as equal; impossible if both are numbers."""
    if isinstance(left, int) and isinstance(right, int):
        fail(InvalidOperation(span, f"the sizes {left} and {right} do not agree"))
    raise NeedEqual(left, right, span)


def static_size(value: Any, span: Span) -> Any:
    """The same value, if it is no size; a size whose value the code depends on is asked for."""
    if isinstance(value, Dim):
        raise NeedFixed(value.symbols, span)
    return value
