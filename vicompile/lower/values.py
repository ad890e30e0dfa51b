"""What a variable can hold while a program is lowered, besides plain Python values, containers, Dims, nodes and distributions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..frontend.program import Expression, Parameter, Program
from ..ir.dims import Size
from ..ir.nodes import Index


@dataclass(frozen=True, eq=False)
class FamilyName:
    """A site name that depends on loop indices: `obs_{}`, with one {} for each index."""

    template: str
    indices: tuple[Index, ...]


@dataclass(frozen=True, eq=False)
class Plate:
    """A plate, before or while it is open. `dim` counts from the right."""

    name: str
    size: Size
    dim: int | None


@dataclass(frozen=True, eq=False)
class SymbolicRange:
    """range(start, stop) whose length is known only at run time."""

    start: int
    stop: Size


@dataclass(frozen=True, eq=False)
class Enumerated:
    """enumerate(items) or zip(*items) over sequences whose length is known only at run time."""

    items: tuple[Any, ...]
    counted: bool


@dataclass(frozen=True, eq=False)
class Function:
    """A local function or lambda with the variables around it."""

    parameters: tuple[Parameter, ...]
    body: Program | Expression
    scope: Mapping[str, Any]
    name: str = "lambda"


@dataclass(frozen=True, eq=False)
class LoopResult:
    """Marks a variable that was set inside a data-sized loop: it has no single value afterwards."""

    name: str


@dataclass
class Scope:
    """The variables of one function call."""

    variables: dict[str, Any] = field(default_factory=dict)
    captures: Mapping[str, Any] = field(default_factory=dict)
    returned: Any = None
    has_returned: bool = False
