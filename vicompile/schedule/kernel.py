"""The Kernel: a tiny loop language, one step above the emitted text.

Expressions are Literal, Name, Load and Apply; statements are Let, Pointer, Buffer, Loop, Add, Store, Invoke. What it
can NOT express: allocation, calls other than the primitives and the helpers of `ir.calls`, exceptions, early exits,
array expressions, any type but float64, int64, bool and pointers to the first two. Sizes are integer expressions,
written as Apply of add and mul.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from ..diagnostics import Record
from ..ir.dims import Size
from ..ir.nodes import Input


class Literal(Record):
    """A number."""

    value: float | int | bool


class Name(Record):
    """A variable, or a pointer."""

    name: str


class Load(Record):
    """pointer[index]"""

    pointer: str
    index: Expression


class Apply(Record):
    """A primitive applied to expressions."""

    primitive: str
    args: tuple[Expression, ...]


Expression: TypeAlias = Literal | Name | Load | Apply


class Let(Record):
    """name = value"""

    name: str
    value: Expression
    origin: Any = None


class Pointer(Record):
    """name = the array at an address, or at a place in another array."""

    name: str
    how: str  # "float64_at" | "int64_at" | "advance"
    base: Expression
    offset: Expression | None = None
    origin: Any = None


class Buffer(Record):
    """name = a fixed number of doubles on the stack."""

    name: str
    length: int


class Loop(Record):
    """for variable in range(0, stop, step): body"""

    variable: str
    stop: Expression
    body: tuple[Statement, ...]
    step: int = 1


class Add(Record):
    """name += value"""

    name: str
    value: Expression
    origin: Any = None


class Store(Record):
    """pointer[index] = value, or += value"""

    pointer: str
    index: Expression
    value: Expression
    accumulate: bool = False
    origin: Any = None


class Block(Record):
    """A matrix or vector in memory for each of some lanes: element (i, j) of the one with r rows that belongs to lane l
    is pointer[offset + step * l + stride * (i + r * j)]. A step of 0: it is the same for all lanes.
    """

    pointer: str
    offset: Expression
    stride: Expression
    step: Expression


class Invoke(Record):
    """out = helper(operands) for each of `lanes` lanes, by the native helper whose address is at `helper`.

    sizes: n, m and k. variant: which of the helper's functions. scratch: the pointer to its scratch memory.
    """

    helper: str
    variant: int
    out: Block
    operands: tuple[Block, ...]
    scratch: str
    sizes: tuple[Expression, ...]
    lanes: Expression
    origin: Any = None


Statement: TypeAlias = Let | Pointer | Buffer | Loop | Add | Store | Invoke


class Order(Record):
    """The rows 0, ..., rows - 1 by group: `key` is the index array whose elements are their groups."""

    key: Input
    rows: Size


class DataArgument(Record):
    """One entry of the kernel's data table.

    packed: laid out in blocks of rows, [block][...][row]. by_rows: rows one after the other, each contiguous, for an
    array whose rows are taken by value. Otherwise the leading axis is contiguous.
    order: in which the rows along `axis` come, as many as it has, and in which blocks; None for all as they are.
    """

    input: Input
    packed: bool
    by_rows: bool = False
    order: Order | None = None
    axis: int = 0


class GroupsArgument(Record):
    """One entry of the kernel's data table, int64: how rows go by group (see `near`).

    part: "owners", the group of each piece, or "rounds", the table of rounds.
    """

    order: Order
    part: str


class HelperArgument(Record):
    """One entry of the kernel's data table: the address of a native helper, followed by the routines that it may call.

    sizes: n, m and k, and whether it is called for many lanes at once: the helper and its routines are chosen by them.
    """

    helper: str
    sizes: tuple[Size, ...]
    in_lanes: bool


class Kernel(Record):
    """What is emitted. `symbols` are the entries of the sizes table; `work` the doubles of workspace needed."""

    name: str
    symbols: tuple[str, ...]
    data: tuple[DataArgument | GroupsArgument | HelperArgument, ...]
    body: tuple[Statement, ...]
    work: Size
    block: int = 256
