"""The state of one lowering: what has been traced so far, which plates are open, and the errors' common shape."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np

from ..diagnostics import CompileError, Diagnostic, Span
from ..ir import ops
from ..ir.dims import Dim, Shape, Size
from ..ir.nodes import FLOAT, INT, Index, Input, Node, Provenance, make
from .errors import InvalidOperation, NotSupported
from .signals import NeedEqual, NeedFixed
from .trace import Origin, Trace
from .values import Plate, Scope

MAX_INLINE_DEPTH = 60


@dataclass
class Context:
    """Shared by all the functions of this room while one program is lowered."""

    trace: Trace
    provenance: Provenance
    prefix: str
    scopes: list[Scope] = field(default_factory=list)
    plates: list[Plate] = field(default_factory=list)
    loops: list[Index] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    @property
    def scope(self) -> Scope:
        return self.scopes[-1]

    def constant(self, array: Any) -> Node:
        """An array from the program itself, as one more data input."""
        array = np.asarray(array)
        if array.ndim == 0:
            return ops.as_node(array.item())
        dtype = INT if array.dtype.kind in "iu" else FLOAT
        node: Input = make(
            Input, dtype, array.shape, name=f"{self.prefix}constant.{len(self.trace.constants)}", role="data"
        )
        self.trace.constants[node] = np.asfortranarray(array, np.int64 if dtype == INT else np.float64)
        return node

    def node(self, value: Any, span: Span, what: str = "this value") -> Node:
        """A node for any numeric value. Raises CompileError for anything else."""
        if isinstance(value, np.ndarray):
            return self.constant(value)
        if isinstance(value, (list, tuple)):
            from .arrays import stack

            try:
                return (
                    stack(value)
                    if any(isinstance(v, (Node, Dim)) for v in value)
                    else self.constant(np.asarray(value, float))
                )
            except (TypeError, ValueError):
                fail(NotSupported(span, f"{what} as a list of things that are no numbers", "use an array of numbers"))
        try:
            return ops.as_node(value)
        except TypeError:
            fail(InvalidOperation(span, f"{what} must be a number or an array, not {describe(value)}"))

    @contextmanager
    def at(self, span: Span) -> Iterator[None]:
        """Nodes made inside come from `span`; operations that fail there are reported there."""
        with self.provenance.at(Origin("", span)):
            try:
                yield
            except ops.ShapeMismatch as mismatch:
                equate(mismatch.left, mismatch.right, span)
            except NotImplementedError as error:
                fail(
                    NotSupported(
                        span, str(error) or "this operation", "write it with elementwise operations, sums and indexing"
                    )
                )
            except (
                TypeError,
                ValueError,
                IndexError,
                KeyError,
                AttributeError,
                ZeroDivisionError,
                OverflowError,
            ) as error:
                fail(InvalidOperation(span, _message(error)))


def _message(error: Exception) -> str:
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    return text[:1].lower() + text[1:] if text else type(error).__name__


def fail(diagnostic: Diagnostic) -> NoReturn:
    """Raise one diagnostic."""
    raise CompileError(diagnostic) from None


def equate(left: Size, right: Size, span: Span) -> NoReturn:
    """Ask for two sizes to be treated as equal; impossible if both are numbers."""
    if isinstance(left, int) and isinstance(right, int):
        fail(InvalidOperation(span, f"the sizes {left} and {right} do not broadcast"))
    raise NeedEqual(left, right, span)


def static_size(value: Size, span: Span) -> int:
    """A size whose value the code depends on."""
    if isinstance(value, Dim):
        raise NeedFixed(value.symbols, span)
    return value


def describe(value: Any) -> str:
    """A value in an error message."""
    if isinstance(value, Node):
        shape: Shape = value.shape
        return f"an array of shape ({', '.join(map(str, shape))})" if shape else "a number"
    if value is None:
        return "None"
    return f"a {type(value).__name__}"
