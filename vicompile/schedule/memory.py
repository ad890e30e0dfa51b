"""Where everything is in memory: parameters, noise, data, outputs, variables, lane buffers, workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..ir.dims import Dim, Shape, Size, product, symbol
from ..ir.nodes import FLOAT, INT, Call, Draw, History, Input, Map, Node, Scan, Scatter, SharedDraw, make
from ..ir.scan import histories
from .dependence import Operation, is_operation
from .expressions import size_expression
from .fuse import Nest
from .kernel import (
    Buffer,
    DataArgument,
    Expression,
    GroupsArgument,
    HelperArgument,
    Let,
    Literal,
    Load,
    Name,
    Order,
    Pointer,
    Statement,
)
from .lanes import BLOCK
from .place import Places
from .steps import Steps

# A thread's stack may be as small as half a megabyte.
MOST_STACK_BUFFERS = 100
# Rounds of a loop that are better as scalar code, one after the other.
LONGEST_SCALAR_LOOP = 4


class Memory:
    """Names and layouts. Arrays have their leading axis contiguous, except packed data and data taken by rows."""

    def __init__(
        self, params: Mapping[Input, Size], draws: Mapping[Draw, str], particles: Dim | None, steps: Steps
    ) -> None:
        self.params, self.draws, self.particles, self.steps = params, draws, particles, steps
        self.data: list[DataArgument | GroupsArgument | HelperArgument] = []
        self.work: Size = 0
        self.needs_zero: set[Operation] = set()
        self._symbols: dict[str, None] = {}
        self._identifiers = Names()
        self._prologue: dict[str, list[Statement]] = {}
        self._outputs: dict[Operation, Size] = {}
        self._names: dict[Operation | History, str] = {}
        self._buffers: dict[Operation | History, tuple[Shape, bool]] = {}
        self._places = Places()
        self._stack_buffers = 0
        self._near = 0
        self._zero_points: dict[Nest, list[Operation]] = {}

    # -- outputs ---------------------------------------------------------------------------------------------------

    def claim_outputs(self, outputs: Sequence[tuple[Node, Size, Shape]]) -> list[Operation]:
        """Give each output its own operation, so that it can be computed in place."""
        for node, offset, shape in outputs:
            if not is_operation(node) or node in self._outputs:
                node = make(Map, FLOAT, shape, primitive="copy", operands=(node,))
            assert isinstance(node, (Map, Scatter, Call))
            self._outputs[node] = offset
        return list(self._outputs)

    # -- assignment ------------------------------------------------------------------------------------------------

    def assign(self, places: Places) -> None:
        """Decide for every operation: a variable, a lane buffer, an array in the workspace, or an output."""
        self._places = places
        for number, (op, path) in enumerate(places.path.items()):
            self._names[op] = f"v{number}"
            home = places.home[op]
            lane_axis = self._lane_axis(path)
            in_lanes = lane_axis is not None and home > lane_axis
            if isinstance(op, Scan):
                self._keep_histories(op, home, in_lanes)
            elif op in self.steps.writers:
                continue
            elif op in self._outputs:
                self._buffers[op] = (op.shape, False)
                self.pointer(self._names[op], Name("out"), self._outputs[op])
            elif home < op.rank or isinstance(op, Call) or (in_lanes and self._leaves_run(op)):
                axes = op.shape[home:]
                self._buffers[op] = (axes, in_lanes)
                self._make_buffer(self._names[op], axes, in_lanes)
            if isinstance(op, Scatter):
                self.needs_zero.add(op)
                if home < len(path):
                    self._zero_points.setdefault(path[home], []).append(op)

    def _keep_histories(self, scan: Scan, home: int, in_lanes: bool) -> None:
        for number, history in enumerate(histories(scan)):
            assert isinstance(history, History)
            self._names[history] = f"{self._names[scan]}_{number}"
            self._buffers[history] = (history.shape[home:], in_lanes)
            self._make_buffer(self._names[history], history.shape[home:], in_lanes)

    def _leaves_run(self, op: Operation) -> bool:
        if isinstance(op, Scatter):
            return True
        return any(self._places.run[r.consumer] != self._places.run[op] for r in self._places.uses[op])

    def _lane_axis(self, path: tuple[Nest, ...]) -> int | None:
        for nest in path:
            if nest.size is not self.particles and nest.steps_of is None:
                return nest.depth
        return None

    def _make_buffer(self, name: str, axes: Shape, in_lanes: bool) -> None:
        if in_lanes and not axes and self._stack_buffers < MOST_STACK_BUFFERS:
            # On the stack the compiler knows that nothing else points there, and can use vectors without asking.
            self._stack_buffers += 1
            self._prologue[name] = [Buffer(name, BLOCK)]
            return
        self.pointer(name, Name("work"), self.work)
        self.work = self.work + product(axes) * (BLOCK if in_lanes else 1)

    # -- questions -------------------------------------------------------------------------------------------------

    def name(self, op: Operation | History) -> str:
        """The variable or pointer of a result."""
        return self._names[op]

    def home(self, op: Operation) -> int:
        """The number of loops that a result shares with all its readers."""
        return self._places.home[op]

    def buffer(self, op: Operation | History) -> tuple[Shape, bool] | None:
        """The axes of the array that holds the result and whether it has lanes in front; None for a variable."""
        return self._buffers.get(op)

    def zeroed_before(self, nest: Nest) -> list[Operation]:
        """Accumulators that live just outside this nest and are filled inside it."""
        return self._zero_points.get(nest, [])

    def is_size(self, name: str) -> bool:
        """Whether this variable of the kernel holds a size."""
        return any(self.variable(symbol_name) == name for symbol_name in self._symbols)

    def symbols(self) -> tuple[str, ...]:
        """The sizes that the kernel reads, in the order of its sizes table."""
        return tuple(self._symbols)

    def prologue(self) -> list[Statement]:
        """Sizes first, then pointers and buffers."""
        sizes: list[Statement] = [
            Let(self.variable(name), Load("sizes", Literal(k))) for k, name in enumerate(self._symbols)
        ]
        return sizes + [s for group in self._prologue.values() for s in group]

    # -- sizes and pointers -------------------------------------------------------------------------------------------

    def size(self, size: Size) -> Expression:
        """A size as an expression over the kernel's size variables."""
        if isinstance(size, Dim):
            for name in sorted(size.names):
                self._symbols.setdefault(name)
        return size_expression(size, self.variable)

    def count(self, size: Size) -> Expression:
        """The rounds of a loop. A number of the program is read from the sizes table like any other size: loops with
        short constant counts are unrolled into scalar code instead of being vectorised. That is right only for the
        shortest.
        """
        if isinstance(size, int) and size > LONGEST_SCALAR_LOOP:
            return self.size(symbol(f"@{size}"))
        return self.size(size)

    def variable(self, symbol_name: str) -> str:
        """The kernel's variable for a size symbol."""
        return self._identifiers.of("n", symbol_name)

    def pointer(self, name: str, base: Expression, offset: Size) -> str:
        """Declare `name` as a place in another array, once."""
        self._prologue.setdefault(name, [Pointer(name, "advance", base, self.size(offset))])
        return name

    def param(self, node: Input) -> str:
        """The pointer to a parameter."""
        return self.pointer(self._identifiers.of("param", node.name), Name("params"), self.params[node])

    def draw(self, node: Draw) -> tuple[str, bool]:
        """The pointer to one particle's row of this draw, and whether its first axis is the particles."""
        per_particle = self.particles is not None and bool(node.shape) and node.shape[0] is self.particles
        name = self._identifiers.of("shared" if isinstance(node, SharedDraw) else "noise", node.site, node.slot)
        return self.pointer(name, Name("noise"), symbol(self.draws[node])), per_particle

    def input(self, node: Input, packed: bool, by_rows: bool = False, order: Order | None = None, axis: int = 0) -> str:
        """The pointer to a data array in one of its three layouts, and with its rows in one of their orders."""
        by = () if order is None else ("by", *_parts(order), axis)
        name = self._identifiers.of("packed" if packed else "rows" if by_rows else "data", node.name, *by)
        return self._argument(name, node.dtype, DataArgument(node, packed, by_rows, order, axis))

    def owners(self, order: Order) -> str:
        """The pointer to the groups of the pieces of rows."""
        return self._argument(self._identifiers.of("owners", *_parts(order)), INT, GroupsArgument(order, "owners"))

    def rounds(self, order: Order) -> str:
        """The pointer to the table of rounds through the rows by group."""
        return self._argument(self._identifiers.of("rounds", *_parts(order)), INT, GroupsArgument(order, "rounds"))

    def near(self, axes: Shape) -> str:
        """The pointer to a new buffer of lanes with these axes."""
        self._near += 1
        name = f"near{self._near}"
        self._make_buffer(name, axes, True)
        return name

    def _argument(self, name: str, dtype: str, argument: DataArgument | GroupsArgument) -> str:
        if name not in self._prologue:
            how = "int64_at" if dtype == INT else "float64_at"
            self._prologue[name] = [Pointer(name, how, Load("data", Literal(len(self.data))))]
            self.data.append(argument)
        return name

    def helper(self, name: str, sizes: tuple[Size, ...], in_lanes: bool) -> str:
        """The pointer to the address of a native helper."""
        pointer = self._identifiers.of("helper", name, *sizes, "lanes" if in_lanes else "")
        if pointer not in self._prologue:
            self._prologue[pointer] = [Pointer(pointer, "int64_at", Load("data", Literal(len(self.data))))]
            self.data.append(HelperArgument(name, sizes, in_lanes))
        return pointer

    def scratch(self, size: Size) -> str:
        """The pointer to scratch memory; one place serves all helpers that need so much."""
        pointer = self._identifiers.of("scratch", size)
        if pointer not in self._prologue:
            self.pointer(pointer, Name("work"), self.work)
            self.work = self.work + size
        return pointer


def _parts(order: Order) -> tuple[object, ...]:
    """What tells an order from others; the rows only where they are not all that there are."""
    return (order.key.name, "" if order.key.shape[0] == order.rows else order.rows)


class Names:
    """Identifiers for names of any kind: what stands for different things never gets the same one."""

    def __init__(self) -> None:
        self._given: dict[tuple[object, ...], str] = {}
        self._taken: set[str] = set()

    def of(self, *parts: object) -> str:
        """The identifier of what these parts name, the same at every call; readable where the parts are."""
        known = self._given.get(parts)
        if known is None:
            words = "_".join(str(part) for part in parts if part not in ("", 0, False))
            plain = "".join(c if c.isascii() and (c.isalnum() or c == "_") else "_" for c in words)
            known, number = plain, 1
            while known in self._taken:
                number += 1
                known = f"{plain}__{number}"
            self._given[parts] = known
            self._taken.add(known)
        return known
