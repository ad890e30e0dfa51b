"""The Kernel: a tiny loop language, one step above the emitted text.

Expressions are Literal, Name, Load and Apply; statements are Let, Pointer, Buffer, Loop, Add, Store. What it can NOT
express:
allocation, calls other than the primitives, exceptions, early exits, array expressions, any type but float64, int64,
bool and
pointers to the first two. Sizes are integer expressions, written as Apply of add and mul.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..ir.dims import Size
from ..ir.nodes import Input


@dataclass(frozen=True)
class Literal:
    """A number."""

    value: float | int | bool


@dataclass(frozen=True)
class Name:
    """A variable, or a pointer."""

    name: str


@dataclass(frozen=True)
class Load:
    """pointer[index]"""

    pointer: str
    index: Expression


@dataclass(frozen=True)
class Apply:
    """A primitive applied to expressions."""

    primitive: str
    args: tuple[Expression, ...]


Expression: TypeAlias = Literal | Name | Load | Apply


@dataclass(frozen=True)
class Let:
    """name = value"""

    name: str
    value: Expression
    origin: Any = None


@dataclass(frozen=True)
class Pointer:
    """name = the array at an address, or at a place in another array."""

    name: str
    how: str  # "float64_at" | "int64_at" | "advance"
    base: Expression
    offset: Expression | None = None
    origin: Any = None


@dataclass(frozen=True)
class Buffer:
    """name = a fixed number of doubles on the stack."""

    name: str
    length: int


@dataclass(frozen=True)
class Loop:
    """for variable in range(0, stop, step): body"""

    variable: str
    stop: Expression
    body: tuple[Statement, ...]
    step: int = 1


@dataclass(frozen=True)
class Add:
    """name += value"""

    name: str
    value: Expression
    origin: Any = None


@dataclass(frozen=True)
class Store:
    """pointer[index] = value, or += value"""

    pointer: str
    index: Expression
    value: Expression
    accumulate: bool = False
    origin: Any = None


Statement: TypeAlias = Let | Pointer | Buffer | Loop | Add | Store


@dataclass(frozen=True)
class DataArgument:
    """One entry of the kernel's data table. A packed array is laid out in blocks of rows: [block][...][row]."""

    input: Input
    packed: bool


@dataclass(frozen=True)
class Kernel:
    """What is emitted. `symbols` are the entries of the sizes table; `work` the doubles of workspace needed."""

    name: str
    symbols: tuple[str, ...]
    data: tuple[DataArgument, ...]
    body: tuple[Statement, ...]
    work: Size
    block: int = field(default=256)
