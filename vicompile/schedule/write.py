"""Single operations as statements: how a value is read, computed, stored and accumulated at one point of the loops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..ir.calls import calls, core_sizes
from ..ir.dims import Size, product, symbol
from ..ir.nodes import (
    BOOL,
    FLOAT,
    Axis,
    Call,
    Const,
    Draw,
    Gather,
    History,
    Input,
    Iota,
    Map,
    Node,
    Scan,
    Scatter,
    Slot,
)
from ..ir.nodes import Size as SizeNode
from .ahead import loop_of_steps
from .dependence import Operation, is_operation, iteration_space
from .expressions import ZERO, is_by_value, mentions, plus, split_linear, times
from .fuse import Nest
from .kernel import (
    NARROW,
    WIDEN,
    Add,
    Apply,
    Block,
    Expression,
    Invoke,
    Let,
    Literal,
    Load,
    Loop,
    Name,
    Statement,
    Store,
)
from .lanes import BLOCK, Lanes
from .memory import Memory
from .near import Axes, Near
from .place import Places
from .steps import Place
from .storage import SHORT_START, combined, combined_store, loaded, start_in_memory, starting_value, stored, truth

# Longer expressions get a name in the middle, for the reader and for numba.
LONGEST_EXPRESSION = 6

Accumulator = tuple[Let, Statement]
Point = tuple[Expression, ...]


class Writer:
    """Knows every operation's place and writes its statements."""

    def __init__(self, memory: Memory, places: Places, origins: Mapping[Node, Any]) -> None:
        self.memory, self.places, self.origins = memory, places, origins
        self._inlined: dict[Operation, int] = {}
        self._near: Near | None = None
        self._inner: Axes = ()

    # -- loops -----------------------------------------------------------------------------------------------------

    def loop(self, nest: Nest, body: Sequence[Statement]) -> list[Statement]:
        """A sequential loop over an axis."""
        count, variable = self.memory.count(nest.size), f"i{nest.depth}"
        if nest.steps_of is None:
            return [Loop(variable, count, tuple(body))]
        return loop_of_steps(variable, count, body, backwards=nest.steps_of.backwards)

    def row_loop(self, lanes: Lanes, body: Sequence[Statement]) -> list[Statement]:
        """The loop over all rows, or over blocks of them; a row loop without blocks comes from `lane_loop` already."""
        if self._near is not None:
            return self._near.loop(body)
        if lanes.block is None:
            return list(body)
        size = self.memory.count(lanes.size)
        count = Let(lanes.count, Apply("minimum_int", (Literal(lanes.block), Apply("sub", (size, Name(lanes.start))))))
        return [Loop(lanes.start, size, (count, *body), step=lanes.block)]

    def enter(self, lanes: Lanes) -> None:
        """What is written next is the body of the loop over these rows."""
        self._near = Near(self.memory, lanes) if lanes.groups is not None else None

    def lane_loop(self, run: Sequence[Statement], accumulators: Sequence[Accumulator], lanes: Lanes) -> list[Statement]:
        """One straight stretch of code for every row of the block; sums that do not depend on the row are kept in
        variables.
        """
        stop = Name(lanes.count) if lanes.block else self.memory.count(lanes.size)
        before = [let for let, _ in accumulators]
        after = [store for _, store in accumulators]
        return [*before, Loop(lanes.lane, stop, tuple(run)), *after]

    def zero(self, op: Operation, lanes: Lanes | None) -> list[Statement]:
        """Set an accumulator to what it starts from: zero, for a sum."""
        buffer = self.memory.buffer(op)
        name, zero = self.memory.name(op), starting_value(op)
        if buffer is None:
            return [Let(name, zero, self.origins.get(op))]
        zero = start_in_memory(op)
        axes, in_lanes = buffer
        count = self.memory.count(product(axes))
        if in_lanes:
            assert lanes is not None
            index = plus(Name(lanes.lane), times(Literal(BLOCK), Name("k"))) if axes else Name(lanes.lane)
            inner = self.lane_loop([Store(name, index, zero)], [], lanes)
            return [Loop("k", count, tuple(inner))] if axes else inner
        if count == Literal(1):
            return [Store(name, ZERO, zero)]
        return [Loop("k", count, (Store(name, Name("k"), zero),))]

    # -- operations ------------------------------------------------------------------------------------------------

    def operation(self, op: Operation, depth: int, lanes: Lanes | None) -> tuple[list[Statement], Accumulator | None]:
        """The statements of one operation, and the accumulator that belongs around its lane loop."""
        assert not isinstance(op, Scan)
        point = self._here(op, lanes)
        origin = self.origins.get(op)
        self._inner = tuple(enumerate(iteration_space(op)))[lanes.depth + 1 :] if lanes is not None else ()
        if (place := self.memory.steps.writers.get(op)) is not None:
            return self._write_history(op, place, point, lanes), None
        if isinstance(op, Scatter):
            return self._accumulate(op, point, lanes, origin)
        assert isinstance(op, Map)
        if lanes is not None and lanes.groups is not None and op in lanes.groups.shared:
            assert self._near is not None
            is_single = self.memory.precision.of(op)
            once = stored(self._apply(op, point, lanes.replaced(around=True), is_single), op.dtype)
            value = loaded(self._near.share(op, once, self._inner, is_single), op.dtype)
            if all(use.consumer in lanes.groups.shared for use in self.places.uses[op]):
                return [], None
        elif self._is_inlined(op):
            return [], None
        else:
            value = self._apply(op, point, lanes, self.memory.precision.of(op))
        if self.memory.buffer(op) is None:
            return [Let(self.memory.name(op), value, origin)], None
        index = self._buffer_index(op, point, lanes)
        return [Store(self.memory.name(op), index, stored(value, op.dtype), origin=origin)], None

    def _write_history(self, op: Operation, place: Place, point: Point, lanes: Lanes | None) -> list[Statement]:
        assert isinstance(op, Map)
        value = stored(self._apply(op, point, lanes, False), op.dtype)
        index = self._buffer_index(place.history, self._in_history(place, point), lanes)
        return [Store(self.memory.name(place.history), index, value, origin=self.origins.get(op.operands[0]))]

    def _in_history(self, place: Place, point: Point) -> Point:
        """The element of a history that a point of the loops stands for."""
        rank = place.history.scan.rank
        position = self.memory.size(place.position)
        if place.moves:
            return (*point[:rank], plus(point[rank], position), *point[rank + 1 :])
        return (*point[:rank], position, *point[rank:])

    def _accumulate(
        self, op: Scatter, point: Point, lanes: Lanes | None, origin: Any
    ) -> tuple[list[Statement], Accumulator | None]:
        value = self.value(op.source, point, lanes)
        name = self.memory.name(op)
        is_short = lanes is not None and lanes.block is not None and self.sums_singles(op)
        if self.memory.buffer(op) is None:
            if is_short:
                total = f"sum_{name}"
                return [Add(total, value, origin)], (Let(total, SHORT_START, origin), Add(name, Name(total), origin))
            return [combined(op, name, value, origin)], None
        if lanes is not None and lanes.groups is not None and op in lanes.groups.sums:
            return [self._add_up(op, value, point, lanes, origin)], None
        target = tuple(self._entry(e, point, lanes) for e in op.index)
        index = self._buffer_index(op, target, lanes)
        by_value = any(isinstance(e, Node) for e in op.index)
        if lanes is not None and not by_value and not mentions(index, lanes.lane):
            total = f"sum_{name}"
            return [combined(op, total, value, origin)], (
                Let(total, SHORT_START if is_short else starting_value(op), origin),
                combined_store(op, name, index, Name(total), origin),
            )
        return [combined_store(op, name, index, value, origin)], None

    def _add_up(self, op: Scatter, value: Expression, point: Point, lanes: Lanes, origin: Any) -> Statement:
        """One more element for the sum of a piece."""
        assert self._near is not None
        around = lanes.replaced(around=True)
        target = self._buffer_index(op, tuple(self._entry(e, point, around) for e in op.index), around)
        axes = tuple(axis for axis in self._inner if mentions(target, f"i{axis[0]}"))

        def store(total: Expression) -> Statement:
            return combined_store(op, self.memory.name(op), target, loaded(total, op.dtype), origin)

        buffer, index = self._near.add_up(op, axes, start_in_memory(op), store)
        return combined_store(op, buffer, index, value, origin)

    def invoke(self, op: Call, lanes: Lanes | None) -> Invoke:
        """One call of a helper, for all rows of the block at once."""
        row, sizes = calls()[op.function], tuple(core_sizes(op)[letter] for letter in "nmk")
        point = self._here(op, lanes)
        return Invoke(
            self.memory.helper(row.helper, sizes, lanes is not None),
            row.variant,
            self._block(op, point, lanes),
            tuple(self._block(operand, point, lanes) for operand in op.operands),
            self.memory.scratch(row.scratch(*sizes) + (0 if lanes is None else BLOCK)),
            tuple(map(self.memory.size, sizes)),
            Literal(1) if lanes is None else Name(lanes.count),
            self.origins.get(op),
        )

    def _block(self, node: Node, point: Point, lanes: Lanes | None) -> Block:
        """Where the cores of an operand or result lie."""
        core = node.rank - len(point)
        first = point + (ZERO,) * core
        if isinstance(node, Gather):
            outer = node.index[: node.source.rank - core]
            node, first = node.source, (*(self._entry(e, point, lanes) for e in outer), *(ZERO,) * core)
        if isinstance(node, Input):
            is_param = node.role == "param"
            pointer = self.memory.param(node) if is_param else self.memory.input(node, packed=False, is_wide=True)
            place, stride = self.linear(first, node.shape), self.memory.size(product(node.shape[: node.rank - core]))
        else:
            assert isinstance(node, (Map, Scatter, Call))
            buffer = self.memory.buffer(node)
            assert buffer is not None
            axes, in_lanes = buffer
            pointer, place = self.memory.name(node), self._buffer_index(node, first, lanes)
            stride = times(Literal(BLOCK if in_lanes else 1), self.memory.size(product(axes[: len(axes) - core])))
        if lanes is None:
            return Block(pointer, place, stride, ZERO)
        offset, step = split_linear(place, lanes.lane)
        return Block(pointer, offset, stride, step)

    def _is_inlined(self, op: Operation) -> bool:
        """Written inside its only reader, if that stands in the same stretch of code."""
        if op in self._inlined:
            return True
        uses = self.places.uses[op]
        if self.memory.buffer(op) is not None or len(uses) != 1 or not uses[0].is_pointwise:
            return False
        reader = uses[0].consumer
        if self.places.run[reader] != self.places.run[op]:
            return False
        weight = 1 + sum(self._inlined.get(a, 0) for a in op.args if isinstance(a, (Map, Scatter)))
        if weight > LONGEST_EXPRESSION:
            return False
        self._inlined[op] = weight
        return True

    # -- values ----------------------------------------------------------------------------------------------------

    def value(self, node: Node, point: Point, lanes: Lanes | None, wanted: bool | None = None) -> Expression:
        """The element of `node` at `point`. wanted: a float as float32 (True), as float64 (False), or as it is."""
        if isinstance(node, Gather):
            if lanes is not None and self._near is not None and not lanes.around and self._near.holds(node, point):
                return self._kept_near(node, point, lanes, wanted)
            return self.value(node.source, tuple(self._entry(e, point, lanes) for e in node.index), lanes, wanted)
        value = self._natural(node, point, lanes, wanted)
        if wanted is None or isinstance(value, Literal) or node.dtype != FLOAT:
            return value
        is_single = self._holds_single(node)
        if is_single is None or is_single is wanted:
            return value
        return Apply(NARROW if wanted else WIDEN, (value,))

    def _kept_near(self, node: Gather, point: Point, lanes: Lanes, wanted: bool | None) -> Expression:
        """A gather that is the same for all rows of a piece, from a buffer in which it is as wide as it is wanted."""
        assert self._near is not None
        is_single = node.dtype == FLOAT and bool(self._holds_single(node) if wanted is None else wanted)
        once = stored(self.value(node, point, lanes.replaced(around=True), is_single), node.dtype)
        return loaded(self._near.read(once, self._inner, is_single), node.dtype)

    def sums_singles(self, op: Operation) -> bool:
        """Whether it adds up float32: those of one block of rows in float32, and the blocks in float64.

        A block is a few terms in each lane, so that little is lost; and float64 in a loop would halve its lanes.
        """
        return isinstance(op, Scatter) and op.combine == "add" and bool(self._holds_single(op.source))

    def _holds_single(self, node: Node) -> bool | None:
        """Whether a float is float32 where it stands; None where it is computed in place, as its reader wants it."""
        if isinstance(node, Gather):
            return self._holds_single(node.source)
        if isinstance(node, Input):
            return self.memory.precision.of_data(node)
        if isinstance(node, Map) and not is_operation(node):
            return None
        return self.memory.precision.of(node)

    def _natural(self, node: Node, point: Point, lanes: Lanes | None, wanted: bool | None) -> Expression:
        match node:
            case Const():
                return Literal(node.value)
            case SizeNode():
                return self.memory.size(node.dim)
            case Iota():
                return point[0]
            case Input():
                return self._input(node, point, lanes)
            case Draw():
                pointer, per_particle = self.memory.draw(node)
                if per_particle:
                    row = times(self.memory.size(symbol("@noise_row")), point[0])
                    return Load(pointer, plus(row, self.linear(point[1:], node.shape[1:])))
                return Load(pointer, self.linear(point, node.shape))
            case Slot():
                place = self.memory.steps.leaves[node]
                return self.value(place.history, self._in_history(place, point), lanes)
            case History():
                return loaded(Load(self.memory.name(node), self._buffer_index(node, point, lanes)), node.dtype)
            case Map() if lanes is not None and lanes.around and self._near is not None and self._near.is_shared(node):
                return loaded(self._near.shared(node, point), node.dtype)
            case Map() | Scatter() | Call():
                if isinstance(node, Map) and not is_operation(node):
                    return self._apply(node, point, lanes, wanted)
                if isinstance(node, Map) and node in self._inlined:
                    return self._apply(node, point, lanes, self.memory.precision.of(node))
                if self.memory.buffer(node) is None:
                    return Name(self.memory.name(node))
                return loaded(Load(self.memory.name(node), self._buffer_index(node, point, lanes)), node.dtype)
        raise AssertionError(f"a {type(node).__name__} cannot be scheduled")

    def _apply(self, op: Map, point: Point, lanes: Lanes | None, is_single: bool | None) -> Expression:
        if op.dtype != FLOAT:
            is_single = None
        primitive = NARROW if is_single and op.primitive == "to_float" else op.primitive
        return Apply(primitive, tuple(self.value(a, point, lanes, is_single) for a in op.operands))

    def _input(self, node: Input, point: Point, lanes: Lanes | None) -> Expression:
        if node.role == "param":
            return Load(self.memory.param(node), self.linear(point, node.shape))
        shape, groups = node.shape, lanes.groups if lanes is not None else None
        if lanes is not None and groups is not None and (row := self._row(lanes)) in point:
            if lanes.around:
                assert self._near is not None
                assert node is groups.order.key
                return self._near.group
            order, axis = groups.order, point.index(row)
            shape = (*shape[:axis], lanes.size, *shape[axis + 1 :])
        else:
            order, axis = None, 0
        in_blocks = lanes is not None and lanes.block is not None and node.rank >= 2 and node.dtype == FLOAT
        if lanes is not None and in_blocks and node.shape[0] is lanes.size and point[0] == self._row(lanes):
            pointer = self.memory.input(node, True, False, order)
            block = times(self.memory.size(product(node.shape[1:])), Name(lanes.start))
            inside = times(Name(lanes.count), self.linear(point[1:], node.shape[1:]))
            return Load(pointer, plus(plus(block, inside), Name(lanes.lane)))
        # Where rows are taken by value, those of a row lie together: each line of the cache is fetched once.
        by_rows = node.rank >= 2 and is_by_value(point[0])
        ways = (point[::-1], shape[::-1]) if by_rows else (point, shape)
        value = Load(self.memory.input(node, False, by_rows, order, axis), self.linear(*ways))
        return truth(value) if node.dtype == BOOL else value

    # -- positions -------------------------------------------------------------------------------------------------

    def _row(self, lanes: Lanes) -> Expression:
        return plus(Name(lanes.start), Name(lanes.lane)) if lanes.block else Name(lanes.lane)

    def _here(self, op: Operation, lanes: Lanes | None) -> Point:
        """The current iteration."""
        return tuple(
            self._row(lanes) if lanes is not None and k == lanes.depth else Name(f"i{k}")
            for k in range(len(iteration_space(op)))
        )

    def _entry(self, entry: Any, point: Point, lanes: Lanes | None) -> Expression:
        if isinstance(entry, Axis):
            return plus(point[entry.axis], self.memory.size(entry.start))
        if isinstance(entry, Node):
            return self.value(entry, point, lanes)
        return self.memory.size(entry)

    def linear(self, point: Point, shape: Sequence[Size]) -> Expression:
        """The place of an element where the leading axis is contiguous."""
        index: Expression = ZERO
        for k in reversed(range(len(shape))):
            index = plus(point[k], times(self.memory.size(shape[k]), index)) if index != ZERO else point[k]
        return index

    def _buffer_index(self, op: Operation | History, point: Point, lanes: Lanes | None) -> Expression:
        buffer = self.memory.buffer(op)
        assert buffer is not None
        axes, in_lanes = buffer
        place = self.linear(point[op.rank - len(axes) :], axes)
        if not in_lanes:
            return place
        assert lanes is not None
        return plus(Name(lanes.lane), times(Literal(BLOCK), place))
