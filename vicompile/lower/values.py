"""What a variable can hold while a program is lowered, besides Python values, containers, sizes and nodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..diagnostics import Record
from ..frontend.program import Expression, Parameter, Program
from ..ir.dims import Size
from ..ir.nodes import INT, Index, Iota, Node, make
from ..language.messages import Handler


class FamilyName(Record, eq=False):
    """A site name that depends on loop indices: `obs_{}`, with one {} for each index."""

    template: str
    indices: tuple[Index, ...]


class Plate(Record, eq=False):
    """A plate, before or while it is open. `dim` counts from the right.

    chosen: the indices of its elements that are in, int64 with one axis; None where all are.
    """

    name: str
    size: Size
    dim: int | None
    chosen: Node | None = None

    @property
    def length(self) -> Size:
        """How many of its elements are in."""
        return self.size if self.chosen is None else self.chosen.shape[0]

    @property
    def indices(self) -> Node:
        """The indices of the elements that are in."""
        return make(Iota, INT, (self.size,)) if self.chosen is None else self.chosen


class PlateStack(Record, eq=False):
    """Plates that are opened together, the one on the rightmost dim first."""

    plates: tuple[Plate, ...]


class SymbolicRange(Record, eq=False):
    """range(start, stop) whose length is known only at run time."""

    start: Size
    stop: Size

    @property
    def length(self) -> Size:
        """The number of rounds."""
        return self.stop - self.start


class Enumerated(Record, eq=False):
    """enumerate(items) or zip(*items) over sequences whose length is known only at run time.

    first: where enumerate starts to count; None for zip.
    """

    items: tuple[Any, ...]
    first: int | None


class Function(Record, eq=False):
    """A local function or lambda with the variables around it, looked up when it is called."""

    parameters: tuple[Parameter, ...]
    body: Program | Expression
    scope: Mapping[str, Any]
    captures: Mapping[str, Any]
    name: str = "lambda"


class Method(Record, eq=False):
    """A method of an array, before it is called."""

    name: str
    function: Callable[..., Any]
    owner: Any


class Handled(Record, eq=False):
    """A function under handlers, outermost first, before it is called; the function is None in a `with` statement."""

    handlers: tuple[Handler, ...]
    function: Any

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.handlers[0].word


@dataclass(eq=False)
class Growing:
    """A list to which every round of a data-sized loop appends one number or array.

    last: what it ends with at this point of the round; None where it has no element yet.
    appended: what this round has appended.
    """

    name: str
    last: Any
    appended: list[Any] = field(default_factory=list)


class LoopResult(Record, eq=False):
    """Marks a variable that was set inside a data-sized loop: it has no single value afterwards."""

    name: str


@dataclass
class Scope:
    """The variables of one function call.

    loops: how many data-sized loops were open when the function was entered.
    """

    variables: dict[str, Any] = field(default_factory=dict)
    captures: Mapping[str, Any] = field(default_factory=dict)
    returned: Any = None
    has_returned: bool = False
    loops: int = 0
